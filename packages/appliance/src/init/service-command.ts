import { existsSync, mkdirSync } from 'node:fs';
import { SERVICE_VARIABLE, SUPERVISOR_VARIABLE } from '../runtime/supervised.ts';
import { type Command, confine, isConfinementOn } from './confinement.ts';
import { commandOf } from './programs.ts';
import type { Service } from './services.ts';

/** What a service is started with. */
export interface StartSituation {
  /** It has not been started before since the machine's start. */
  readonly isFirst: boolean;
  /** The supervisor's socket; '' when there is none. */
  readonly socket: string;
}

/**
 * The command that starts a service, with gokrazy's environment (IN-02): `GOKRAZY_FIRST_START=1` the first time,
 * `HOME=/perm/home/<name>` (`/perm/<name>` where that exists), `PATH` with the router's own programs first, `USER=root`.
 *
 * @throws Error when it cannot be confined
 */
export function serviceCommand(service: Service, situation: StartSituation): Command {
  const [file, ...args] = commandOf(service);
  const command = { file, args, env: { ...process.env, ...environmentOf(service.name, situation) } };
  return isConfinementOn() ? confine(service, command) : command;
}

/** What each service finds in its environment, whatever its program is. */
export function environmentOf(name: string, { isFirst, socket }: StartSituation): Record<string, string> {
  const own = `/perm/${name}`;
  const home = existsSync(own) ? own : `/perm/home/${name}`;
  try {
    mkdirSync(home, { recursive: true });
  } catch {
    // A full or read-only /perm must not keep a service from starting.
  }
  return {
    HOME: home,
    PATH: `/user:/gokrazy:${process.env.PATH ?? '/usr/sbin:/usr/bin:/sbin:/bin'}`,
    USER: 'root',
    [SERVICE_VARIABLE]: name,
    ...(socket === '' ? {} : { [SUPERVISOR_VARIABLE]: socket }),
    ...(isFirst ? { GOKRAZY_FIRST_START: '1' } : {}),
  };
}

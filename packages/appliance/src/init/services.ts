import { fileURLToPath } from 'node:url';

/** One service that the supervisor keeps running. */
export interface Service {
  /** Base name of the daemon; the process's title is `/user/<name>`. */
  readonly name: string;
  readonly args: readonly string[];
  /** Options of Node itself. */
  readonly nodeOptions?: readonly string[];
}

/**
 * A daemon that has little to do most of the time: what it allocates at once, a whole rule set say, is collected sooner
 * and does not stay with it. Mebibytes of one half of V8's young generation, which grows to 16 without it.
 */
export const SMALL_YOUNG_GENERATION = '--max-semi-space-size=4';

/** The services of a router, in the order they are started. */
export const services: readonly Service[] = [
  { name: 'netconfigd', args: [], nodeOptions: [SMALL_YOUNG_GENERATION] },
  { name: 'dhcp4', args: ['-interface=uplink0'] },
  { name: 'dhcp4d', args: ['-interface=lan0'] },
];

/** The command that runs a service. */
export function commandOf(service: Service): readonly [file: string, ...args: string[]] {
  const program = fileURLToPath(new URL(`../daemons/${service.name}.ts`, import.meta.url));
  const nodeOptions = ['--conditions=@router7/source', ...(service.nodeOptions ?? [])];
  return [process.execPath, ...nodeOptions, program, ...service.args];
}

import { fileURLToPath } from 'node:url';

/** One service that the supervisor keeps running. */
export interface Service {
  /** Base name of the daemon; the process's title is `/user/<name>`. */
  readonly name: string;
  readonly args: readonly string[];
}

/** The services of a router, in the order they are started. */
export const services: readonly Service[] = [
  { name: 'netconfigd', args: [] },
  { name: 'dhcp4', args: ['-interface=uplink0'] },
  { name: 'dhcp4d', args: ['-interface=lan0'] },
];

/** The command that runs a service. */
export function commandOf(service: Service): readonly [file: string, ...args: string[]] {
  const program = fileURLToPath(new URL(`../daemons/${service.name}.ts`, import.meta.url));
  return [process.execPath, '--conditions=@router7/source', program, ...service.args];
}

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
 * For a daemon that has little to do most of the time: V8 sizes its heap, and what it leaves uncollected, by these limits
 * in mebibytes. Without them a large rule set, applied a few times, leaves three times as much behind.
 */
export const SMALL_HEAP: readonly string[] = ['--max-semi-space-size=8', '--max-old-space-size=256'];

/** The services of a router, in the order they are started. */
export const services: readonly Service[] = [
  { name: 'netconfigd', args: [], nodeOptions: SMALL_HEAP },
  { name: 'dhcp4', args: ['-interface=uplink0'] },
  { name: 'dhcp6', args: ['-interface=uplink0'] },
  { name: 'dhcp4d', args: ['-interface=lan0'] },
  { name: 'radvd', args: [], nodeOptions: SMALL_HEAP },
  { name: 'dhcp6d', args: [] },
  { name: 'dnsd', args: [], nodeOptions: SMALL_HEAP },
];

/** The command that runs a service. */
export function commandOf(service: Service): readonly [file: string, ...args: string[]] {
  const program = fileURLToPath(new URL(`../daemons/${service.name}.ts`, import.meta.url));
  const nodeOptions = ['--conditions=@router7/source', ...(service.nodeOptions ?? [])];
  return [process.execPath, ...nodeOptions, program, ...service.args];
}

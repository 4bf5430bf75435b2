/** A capability of Linux (capabilities(7)), without `CAP_` and in small letters. */
export type Capability = 'net_admin' | 'net_bind_service' | 'net_raw' | 'sys_time';

/** One service that the supervisor keeps running. */
export interface Service {
  /** Base name of the daemon; the process's title is `/user/<name>`. */
  readonly name: string;
  readonly args: readonly string[];
  /** Options of Node itself. */
  readonly nodeOptions?: readonly string[];
  /** Account that it runs as in the image. */
  readonly user: string;
  /** What it may do besides what any program may (ambient capabilities). */
  readonly capabilities: readonly Capability[];
  /** Folders that it may write: below /perm, and /tmp. */
  readonly writable: readonly string[];
  /** Limit of its memory, mebibytes; whoever goes beyond is ended by the kernel and starts again. */
  readonly memoryMiB: number;
  /** Whom the kernel ends last when memory runs out altogether: -1000 (never) to 1000 (first). */
  readonly oomScoreAdjust?: number;
  /** Its share of a processor that others want, too; 100 by default, as root's own programs have. */
  readonly cpuWeight?: number;
  /** Devices that it may open to read. */
  readonly devices?: readonly string[];
  /** Names of services that have to be ready first. */
  readonly waitsFor: readonly string[];
  /** After so long it counts as ready, and the log says so: a wait never lasts for ever. */
  readonly readyWithinMs?: number;
}

/**
 * One thread beside the main one does for compiling and collecting; Node would start four. Of queryObjects, which
 * runtime/memory-tidier.ts uses, Node would say in each log that it is an experiment.
 */
const EVERYWHERE: readonly string[] = ['--v8-pool-size=1', '--disable-warning=ExperimentalWarning'];

/**
 * For a daemon that has little to do most of the time: V8 sizes its heap, and what it leaves uncollected, by these limits
 * in mebibytes. Without them a large rule set, applied a few times, leaves three times as much behind.
 */
export const SMALL_HEAP: readonly string[] = ['--max-semi-space-size=1', '--max-old-space-size=256', ...EVERYWHERE];

/** For one that may have hundreds of clients. */
export const SERVER_HEAP: readonly string[] = ['--max-semi-space-size=2', '--max-old-space-size=256', ...EVERYWHERE];

/** What the home needs to be online at all: it starts before everything else, on a processor that has one core for it. */
export const FIRST: readonly string[] = ['netconfigd', 'dhcp4d', 'dhcp4'];

/** And without which it is of little use. What can do without for a second waits: on one core each costs the others half a one. */
export const THEN: readonly string[] = [...FIRST, 'dnsd'];

/**
 * The services of a router, in the order they are started; they are ended in the opposite one. Nothing serves anybody
 * before netconfigd has put up the firewall, or has had its time for it.
 */
export const services: readonly Service[] = [
  {
    name: 'netconfigd',
    args: [],
    nodeOptions: SMALL_HEAP,
    user: 'netconfigd',
    capabilities: ['net_admin'],
    writable: ['/perm/netconfigd', '/perm/netconfig', '/tmp'],
    memoryMiB: 320,
    oomScoreAdjust: -900,
    cpuWeight: 200,
    waitsFor: [],
    readyWithinMs: 10_000,
  },
  {
    name: 'dhcp4d',
    args: ['-interface=lan0'],
    nodeOptions: SERVER_HEAP,
    user: 'dhcp4d',
    capabilities: ['net_bind_service', 'net_raw'],
    writable: ['/perm/dhcp4d'],
    memoryMiB: 320,
    oomScoreAdjust: -800,
    cpuWeight: 200,
    waitsFor: ['netconfigd'],
  },
  {
    name: 'dhcp4',
    args: ['-interface=uplink0'],
    nodeOptions: SMALL_HEAP,
    user: 'dhcp4',
    capabilities: ['net_bind_service', 'net_raw'],
    writable: ['/perm/dhcp4'],
    memoryMiB: 192,
    oomScoreAdjust: -800,
    cpuWeight: 200,
    waitsFor: ['netconfigd'],
    // It is ready when the line has its address. Where nobody gives it one, IPv6 is not to wait for that.
    readyWithinMs: 3000,
  },
  {
    name: 'dnsd',
    args: [],
    // Two threads with a heap each. What an answer leaves behind is little: smaller ones cost it no processor time.
    nodeOptions: SERVER_HEAP,
    user: 'dnsd',
    capabilities: ['net_bind_service'],
    writable: ['/perm/dnsd'],
    memoryMiB: 448,
    waitsFor: FIRST,
  },
  {
    name: 'radvd',
    args: [],
    nodeOptions: SMALL_HEAP,
    user: 'radvd',
    capabilities: ['net_raw'],
    writable: ['/perm/radvd'],
    memoryMiB: 192,
    waitsFor: FIRST,
  },
  {
    name: 'dhcp6',
    args: ['-interface=uplink0'],
    nodeOptions: SMALL_HEAP,
    user: 'dhcp6',
    capabilities: ['net_bind_service', 'net_raw'],
    writable: ['/perm/dhcp6'],
    memoryMiB: 192,
    waitsFor: FIRST,
  },
  {
    name: 'dhcp6d',
    args: [],
    nodeOptions: SERVER_HEAP,
    user: 'dhcp6d',
    capabilities: ['net_admin', 'net_bind_service'],
    writable: ['/perm/dhcp6d'],
    memoryMiB: 320,
    waitsFor: THEN,
  },
  {
    name: 'ntpd',
    args: [],
    nodeOptions: SMALL_HEAP,
    user: 'ntpd',
    capabilities: ['sys_time'],
    // To be read; whoever may set the clock sets it, too.
    devices: ['/dev/rtc0'],
    writable: ['/perm/home/ntp'],
    memoryMiB: 128,
    // Not for a network: it asks again until there is an answer.
    waitsFor: THEN,
  },
];

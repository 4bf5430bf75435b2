export { type Applied, applyRuleset, checkRuleset, type Planned, planRuleset } from './apply-ruleset.ts';
export { NftConnection, type NftConnectionOptions } from './connection.ts';
export type { KernelSocketOptions } from './kernel-socket.ts';
export { Monitor, type MonitorEvent, type MonitorOptions } from './monitor.ts';
export type { RulesetFilter } from './ruleset.ts';
export type { SetSocketOption } from './socket-options.ts';

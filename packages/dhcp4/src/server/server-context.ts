import type { ServerConfig } from './config.ts';
import type { HostNames } from './host-name.ts';
import type { LeaseBook } from './lease-book.ts';
import type { Outbox } from './outbox.ts';
import type { Probes } from './probes.ts';
import type { Subnets } from './subnet.ts';

/** What the engine's parts share: one of each per engine. */
export interface ServerContext {
  readonly config: ServerConfig;
  readonly subnets: Subnets;
  readonly leases: LeaseBook;
  readonly names: HostNames;
  readonly probes: Probes;
  readonly outbox: Outbox;
  /** A number from 0 up to but not including 1. */
  readonly random: () => number;
}

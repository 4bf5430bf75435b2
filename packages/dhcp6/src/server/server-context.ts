import type { Option } from '../option.ts';
import type { ServerConfig } from './config.ts';
import type { ServerEnvironment } from './environment.ts';
import type { LeaseBook } from './lease-book.ts';
import type { Links } from './link.ts';
import type { Outbox } from './outbox.ts';
import type { PlaceHash } from './place-hash.ts';
import type { Reconfigures } from './reconfigure.ts';

/** What the engine's parts share: one of each per engine. */
export interface ServerContext {
  readonly config: ServerConfig;
  readonly links: Links;
  readonly leases: LeaseBook;
  readonly outbox: Outbox;
  readonly reconfigures: Reconfigures;
  readonly places: PlaceHash;
  readonly environment: ServerEnvironment;
  /** The option that names this server, in its octets. */
  readonly serverIdentifier: Option;
}

import type {
  BlockPolicy,
  BlockTable,
  CacheLimits,
  CacheStatistics,
  FailureReason,
  ForwarderEvent,
  ForwarderSettings,
  ForwarderStatistics,
  LocalData,
} from '@router7/dns';
import type { ClientSettings } from './clients.ts';
import type { DatagramCounters } from './datagram-service.ts';
import type { UpstreamEndpoint } from './upstream-endpoint.ts';

/*
 * What the main thread and the one that answers say to each other; all of it can be posted. What is said crosses what the
 * other one says, so numbers in it (`client`, `ticket`) are never used again.
 */

/** What the one that answers goes by. */
export interface AnswererSettings {
  readonly forwarder: ForwarderSettings;
  /** By the numbers of the forwarder's upstreams; undefined for one that is asked from the main thread only. */
  readonly endpoints: readonly (UpstreamEndpoint | undefined)[];
  readonly clients: ClientSettings;
  /** Octets that the cache may take. Another number makes a new one. */
  readonly cacheBytes: number;
  readonly cacheLimits: Partial<CacheLimits>;
}

/** What is answered from, and what is not answered. */
export type KnowledgeOrder =
  | { readonly kind: 'local'; readonly data: LocalData }
  | { readonly kind: 'block'; readonly table: BlockTable | undefined; readonly policies: readonly BlockPolicy[] }
  /** The same names as before. */
  | { readonly kind: 'policies'; readonly policies: readonly BlockPolicy[] };

/** From the main thread. */
export type Order =
  | KnowledgeOrder
  | { readonly kind: 'settings'; readonly settings: AnswererSettings }
  /** Take in what a cache of before has written. */
  | { readonly kind: 'restore'; readonly bytes: Uint8Array }
  /** Serve a socket, and close it when it is not wanted any more. */
  | { readonly kind: 'listen'; readonly listener: number; readonly fd: number }
  | { readonly kind: 'unlisten'; readonly listener: number }
  /** A query that came by a connection. */
  | {
      readonly kind: 'query';
      readonly client: number;
      readonly payload: Uint8Array;
      readonly source: number;
      readonly group: number;
    }
  /** Its client has gone. */
  | { readonly kind: 'gone'; readonly client: number }
  /** What became of an `ask`. */
  | { readonly kind: 'answer'; readonly ticket: number; readonly payload: Uint8Array }
  | { readonly kind: 'failed'; readonly ticket: number; readonly reason: FailureReason }
  /** The uplink may be another one. */
  | { readonly kind: 'uplink-changed' }
  | { readonly kind: 'statistics' }
  /** End, and say what is in the cache if that is to be kept. */
  | { readonly kind: 'stop'; readonly keep: boolean };

/** To the main thread. */
export type Report =
  /** The answer to a `query`; without a payload there is none. */
  | { readonly kind: 'reply'; readonly client: number; readonly payload: Uint8Array | undefined }
  /** Ask an upstream; as `ForwarderAsk`. */
  | {
      readonly kind: 'ask';
      readonly ticket: number;
      readonly upstream: number;
      readonly stream: boolean;
      readonly payload: Uint8Array;
    }
  | { readonly kind: 'forget'; readonly ticket: number }
  | { readonly kind: 'event'; readonly event: ForwarderEvent }
  /** A mistake of ours, which was survived. */
  | { readonly kind: 'fault'; readonly message: string; readonly stack: string }
  | { readonly kind: 'statistics'; readonly statistics: AnswererStatistics }
  /** What is in the cache after `restore`. */
  | { readonly kind: 'restored'; readonly answers: number }
  /** The last one, after `stop`. */
  | { readonly kind: 'stopped'; readonly cache: readonly Uint8Array[] };

/** What an answerer has done. */
export interface EngineStatistics {
  /** How many queries had 0 to 9 questions, and more. */
  readonly questions: readonly number[];
  readonly forwarder: ForwarderStatistics;
  readonly cache: CacheStatistics;
}

/** What the one that answers has done. */
export interface AnswererStatistics extends EngineStatistics {
  readonly datagrams: DatagramCounters;
}

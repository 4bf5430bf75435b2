import type { Ipv4Address } from '@router7/wire';

/** Who sent a message, in all the ways in which the server may know it. */
export interface Client {
  /** What its leases are under: {@link ownKey}, or the key of its reservation or static lease. */
  readonly key: string;
  /** `clientKey` of its message. */
  readonly ownKey: string;
  /** The key that its hardware address alone would give. */
  readonly hardwareKey: string;
}

/** For whom an address is kept. */
export type Holder = Pick<Client, 'key' | 'hardwareKey'>;

/** An address that is kept for a client: offered, or about to be. Never on disk. */
export interface Hold {
  readonly address: Ipv4Address;
  readonly clientKey: string;
  /** The key of its hardware address; empty for an address that is kept from everyone. */
  readonly hardwareKey: string;
  readonly expiresAt: number;
  /** It has been offered to several clients, and is for the first one that takes it. */
  readonly contested: boolean;
}

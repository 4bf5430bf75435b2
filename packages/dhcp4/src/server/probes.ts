import type { Ipv4Address } from '@router7/wire';

/** How long an answer to a `probe` is waited for: as long as dhcpd and Kea wait for an ICMP echo reply, about half a second. */
export const PROBE_TIMEOUT_MS = 500;

/** A DHCPDISCOVER that waits until it is known whether an address is free. */
export interface PendingProbe {
  readonly address: Ipv4Address;
  readonly clientKey: string;
  /** The datagram, a copy. */
  readonly payload: Uint8Array;
  readonly source: Ipv4Address;
  /** Monotonic milliseconds; without an answer by then the address counts as free. */
  readonly deadline: number;
  /** Addresses that were found in use for this client before. */
  readonly found: number;
}

/** Probes under way. All wait equally long, so they end in the order in which they began. */
export class Probes {
  readonly #byAddress = new Map<number, PendingProbe>();
  readonly #addressByClient = new Map<string, number>();

  get size(): number {
    return this.#byAddress.size;
  }

  /** When the oldest one's time is over. */
  get deadline(): number | undefined {
    return this.#oldest()?.deadline;
  }

  /** The probe that is under way for a client. */
  of(clientKey: string): PendingProbe | undefined {
    if (this.#byAddress.size === 0) return undefined;
    const address = this.#addressByClient.get(clientKey);
    return address === undefined ? undefined : this.#byAddress.get(address);
  }

  /** Begins a probe; one that is under way for the same address, which its client has lost since, ends. */
  add(probe: PendingProbe): void {
    this.take(probe.address);
    this.#byAddress.set(probe.address.value, probe);
    this.#addressByClient.set(probe.clientKey, probe.address.value);
  }

  /** Puts what the client sent last in place of what it sent before: that is what it will understand an answer to. */
  replacePayload(probe: PendingProbe, payload: Uint8Array, source: Ipv4Address): void {
    // A key that is there keeps its place in the order.
    this.#byAddress.set(probe.address.value, { ...probe, payload, source });
  }

  take(address: Ipv4Address): PendingProbe | undefined {
    const probe = this.#byAddress.get(address.value);
    if (probe === undefined) return undefined;
    this.#byAddress.delete(address.value);
    this.#addressByClient.delete(probe.clientKey);
    return probe;
  }

  /** Ends the probe that is under way for a client, if there is one. */
  takeFrom(clientKey: string): void {
    const probe = this.of(clientKey);
    if (probe !== undefined) this.take(probe.address);
  }

  takeOverdue(now: number): PendingProbe | undefined {
    const oldest = this.#oldest();
    return oldest !== undefined && oldest.deadline <= now ? this.take(oldest.address) : undefined;
  }

  #oldest(): PendingProbe | undefined {
    if (this.#byAddress.size === 0) return undefined;
    for (const probe of this.#byAddress.values()) return probe;
    return undefined;
  }
}

import type { Lease } from '@router7/dhcp4';
import { bytesEqual } from '@router7/wire';

/** What is written ahead lasts so much longer than what was offered, milliseconds: the client asks a moment later. */
const LEEWAY = 2000;
/** Leases that one sync writes ahead at most. */
const MOST = 64;
/** Leases that were written ahead and not asked for at most: then all of them are forgotten, and are written once more. */
const MOST_WRITTEN = 4096;
const NOTHING: readonly Ahead[] = [];

/** A lease that is on disk and not in the table, or about to be. */
export interface Ahead {
  /** As it is in the table: what has another one there later was changed in between. */
  readonly before: Lease;
  readonly lease: Lease;
}

/** What {@link Foresight} knows of an address. */
interface Written extends Ahead {
  /** The lease's end by the wall clock. */
  readonly wallEnd: number;
}

/**
 * Which leases to write to disk ahead of their clients' requests, and which requests that has made safe.
 *
 * A client that was offered the lease it has asks for it next, as a rule. So its lease goes to disk with those that are
 * written anyway, and what promises no more than that has nothing to wait for afterwards: where many ask, that halves the
 * number of writes. Where one client asks for anything, the disk is idle until it asks again, and is written to meanwhile.
 * A lease is still written once, and before it is acknowledged. Should the client not ask, then after a kill it has its
 * lease for a little longer. Offers to strangers are not written, nor does the disk get a write more for offers to many.
 */
export class Foresight {
  /** Offered since something was written last. */
  #offered: Lease[] = [];
  readonly #ends: number[] = [];
  #now = 0;
  /** Leases that were changed since the last sync. */
  #changes = 0;
  /** One client at a time, and a disk that is quick. */
  #isQuiet = true;
  /** By address. */
  readonly #written = new Map<number, Written>();
  /** How many snapshots had begun when they were written. */
  #snapshots = 0;

  /** A client was offered what it has, see `LeaseTable.foresee`. */
  offered(lease: Lease, expiresAt: number, now: number): void {
    if (this.#offered.length === MOST) this.#offered = [];
    this.#ends[this.#offered.length] = expiresAt;
    this.#offered.push(lease);
    this.#now = now;
  }

  /** A lease is changed, and that will be in the next group. */
  changed(): void {
    this.#changes++;
  }

  /**
   * A sync begins.
   *
   * @param current what the table has for an address
   * @param snapshots that have begun so far
   * @returns what is to be written with it
   */
  begin(current: (address: number) => Lease | undefined, snapshots: number): readonly Ahead[] {
    const offered = this.#offered;
    if (offered.length === 0 || (this.#changes === 0 && (offered.length > 1 || !this.#isQuiet))) return NOTHING;
    this.#offered = [];
    const ahead: Ahead[] = [];
    for (let i = 0; i < offered.length; i++) {
      const before = offered[i] as Lease;
      const end = this.#ends[i] as number;
      // One that was changed since then is in the group as it is by now.
      if (current(before.address.value) !== before || this.#isWritten(before, end, snapshots)) continue;
      // A client may want less than it has been promised before.
      const expiresAt = Math.max(end + LEEWAY, before.expiresAt);
      // Whether this one succeeds or not, what was written before is not what the disk says last.
      this.#written.delete(before.address.value);
      ahead.push({ before, lease: { ...before, expiresAt, lastAckAt: this.#now } });
    }
    return ahead;
  }

  /** A sync is over, or goes on in a thread. @param isQuick whether it is over */
  end(isQuick: boolean): void {
    if (this.#changes > 0) this.#isQuiet = isQuick && this.#changes === 1;
    else if (!isQuick) this.#isQuiet = false;
    this.#changes = 0;
  }

  /**
   * What {@link begin} gave is on disk.
   *
   * @param offset what made wall-clock times of the leases' times
   * @param snapshots that have begun so far: what is on disk before the next one is dropped by it
   */
  wrote(all: readonly Ahead[], offset: number, snapshots: number): void {
    if (snapshots !== this.#snapshots || this.#written.size >= MOST_WRITTEN) this.#written.clear();
    this.#snapshots = snapshots;
    for (const { before, lease } of all) {
      this.#written.set(lease.address.value, { before, lease, wallEnd: lease.expiresAt + offset });
    }
  }

  /** Whether that was done for an earlier offer: who discovers again and again does not wear the disk. */
  #isWritten(before: Lease, end: number, snapshots: number): boolean {
    const written = this.#written.get(before.address.value);
    return written?.before === before && written.lease.expiresAt >= end && snapshots === this.#snapshots;
  }

  /** Whether {@link covers} may be true. */
  get hasWritten(): boolean {
    return this.#written.size > 0;
  }

  /**
   * Whether the disk says already what a lease is to be, or as good as that.
   *
   * @param before what the table has for its address
   */
  covers(lease: Lease, before: Lease | undefined, offset: number, snapshots: number): boolean {
    const address = lease.address.value;
    const written = this.#written.get(address);
    if (written === undefined) return false;
    this.#written.delete(address);
    const ahead = written.lease;
    return (
      before === written.before &&
      snapshots === this.#snapshots &&
      lease.expiresAt + offset <= written.wallEnd &&
      // A wall clock that was set back makes no lease longer: after a restart it has at most the time it was given.
      lease.expiresAt <= ahead.expiresAt &&
      lease.state === ahead.state &&
      lease.clientKey === ahead.clientKey &&
      lease.hostName === ahead.hostName &&
      lease.hostNameOverride === ahead.hostNameOverride &&
      isSame(lease.hardwareAddress, ahead.hardwareAddress) &&
      isSame(lease.clientIdentifier, ahead.clientIdentifier)
    );
  }
}

function isSame(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && bytesEqual(a, b));
}

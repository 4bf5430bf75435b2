import type { Lease } from '@router7/dhcp4';
import { bytesEqual } from '@router7/wire';

/** What is written ahead lasts so much longer than what was offered, milliseconds: the client asks a moment later. */
const LEEWAY = 2000;

/**
 * Which lease to write to disk ahead of its client's request, and whether that has made a request safe.
 *
 * A client that was offered the lease it has asks for it next, as a rule, and where it is the only one that asks for anything
 * the disk is idle until then. What is written meanwhile need not be waited for afterwards; there is one write for each
 * lease as before, only earlier. Should the client not ask, then after a kill it has its lease for a little longer. Where
 * others ask too, or the disk is slow, nothing is written ahead; nor for strangers, who could wear the disk with offers.
 */
export class Foresight {
  /** Offered since the last sync. */
  #offers = 0;
  #next: Lease | undefined;
  /** Leases that were changed since the last sync. */
  #changes = 0;
  /** One client at a time, and a disk that is quick. */
  #isQuiet = true;
  /** What is on disk though it is not in the table, until when by the wall clock, and before which snapshot. */
  #written: Lease | undefined;
  #writtenEnd = 0;
  #writtenBefore = 0;

  /** A client was offered what it has, see `LeaseTable.foresee`. */
  offered(lease: Lease, expiresAt: number, now: number): void {
    if (!this.#isQuiet) return;
    const isOnly = this.#offers++ === 0;
    this.#next = isOnly ? { ...lease, expiresAt: expiresAt + LEEWAY, lastAckAt: now } : undefined;
  }

  /** A lease is changed, and that will be in the next group. */
  changed(): void {
    this.#changes++;
    // It may be the same one: then what was written ahead does not count any more.
    this.#written = undefined;
  }

  /** A sync begins. @returns what to write though nobody waits for it */
  begin(): Lease | undefined {
    const next = this.#changes === 0 ? this.#next : undefined;
    this.#offers = 0;
    this.#next = undefined;
    return next;
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
   * @param offset what makes a wall-clock time of the lease's times
   * @param snapshots that have begun so far: what is on disk before the next one is dropped by it
   */
  wrote(lease: Lease, offset: number, snapshots: number): void {
    this.#written = lease;
    this.#writtenEnd = lease.expiresAt + offset;
    this.#writtenBefore = snapshots;
  }

  /** Whether the disk says already what a lease is to be, or as good as that. Asked once for all that was written. */
  covers(lease: Lease, offset: number, snapshots: number): boolean {
    const written = this.#written;
    if (written === undefined) return false;
    this.#written = undefined;
    return (
      snapshots === this.#writtenBefore &&
      lease.expiresAt + offset <= this.#writtenEnd &&
      lease.address.value === written.address.value &&
      lease.state === written.state &&
      lease.clientKey === written.clientKey &&
      lease.hostName === written.hostName &&
      lease.hostNameOverride === written.hostNameOverride &&
      bytesEqual(lease.hardwareAddress, written.hardwareAddress) &&
      isSame(lease.clientIdentifier, written.clientIdentifier)
    );
  }

  /** Whether {@link covers} may be true. */
  get hasWritten(): boolean {
    return this.#written !== undefined;
  }
}

function isSame(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && bytesEqual(a, b));
}

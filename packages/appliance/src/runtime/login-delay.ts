import { type Ipv4Address, Ipv6Address, Ipv6Prefix } from '@router7/wire';

/** Wrong passwords that a person may type before it gets slow. */
const FREE_TRIES = 5;
const FIRST_WAIT_SECONDS = 1;
const LONGEST_WAIT_SECONDS = 60;
/** Failures are forgotten after this time without another one, milliseconds. */
const FORGET = 15 * 60_000;
/** Peers that are remembered; the one that failed longest ago goes. */
const MAXIMUM_PEERS = 1024;

interface Failures {
  readonly count: number;
  readonly lastAt: number;
}

/**
 * Slows down whoever guesses passwords: after five wrong ones, each further one makes its sender wait twice as long, up to
 * a minute. That makes some 1,500 guesses a day. Others are not kept waiting.
 */
export class LoginDelay {
  /** By peer, the one that failed last coming last. */
  readonly #failures = new Map<string, Failures>();

  /** How long a peer has to wait before it may try again, in whole seconds. @param now monotonic milliseconds */
  secondsLeft(peer: Ipv4Address | Ipv6Address | undefined, now: number): number {
    const failures = this.#failures.get(keyOf(peer));
    if (failures === undefined || failures.count < FREE_TRIES) return 0;
    const wait = Math.min(FIRST_WAIT_SECONDS * 2 ** (failures.count - FREE_TRIES), LONGEST_WAIT_SECONDS);
    return Math.max(0, Math.ceil(wait - (now - failures.lastAt) / 1000));
  }

  /** A peer has sent a wrong password. */
  failed(peer: Ipv4Address | Ipv6Address | undefined, now: number): void {
    const key = keyOf(peer);
    const before = this.#failures.get(key);
    const count = before === undefined || now - before.lastAt > FORGET ? 0 : before.count;
    this.#failures.delete(key);
    this.#failures.set(key, { count: count + 1, lastAt: now });
    for (const oldest of this.#failures.keys()) {
      if (this.#failures.size <= MAXIMUM_PEERS) break;
      this.#failures.delete(oldest);
    }
  }

  /** A peer has sent the right password. */
  granted(peer: Ipv4Address | Ipv6Address | undefined): void {
    this.#failures.delete(keyOf(peer));
  }
}

/** A host has as many IPv6 addresses as it likes, all in one /64. */
function keyOf(peer: Ipv4Address | Ipv6Address | undefined): string {
  return peer instanceof Ipv6Address ? `${new Ipv6Prefix(peer, 64).network}` : `${peer}`;
}

/** How long a look-out takes at most, in milliseconds: a peer that answers at once needs half of it. */
const LONGEST = 0.1;
/** A message that comes so soon after the one before belongs to a conversation, in milliseconds. */
const PROMPT = 0.3;
/** Look-outs that are left out at most after others in vain. */
const MOST_LEFT_OUT = 255;
/** A conversation is followed for so long before other sockets and timers get their turn, in milliseconds. */
const LONGEST_TURN = 1;

/**
 * Whether to look out for the next message for a moment, instead of sleeping until it wakes the process.
 *
 * Between two peers that take turns, going to sleep and being woken up twice takes longer than the work itself: where
 * one client at a time asks, that makes up a quarter of its exchange. So after a message that came alone and soon after
 * the one before, the next one is looked out for up to {@link LONGEST}. On an idle machine that never happens, for lack
 * of a message before; and look-outs in vain make the next ones rarer, down to one for 256 messages.
 */
export class Linger {
  /** When the last message had been handled. */
  #handledAt = -Infinity;
  #turnEndsAt = Infinity;
  #leftOut = 0;
  #toLeaveOut = 0;

  /** Tells that a message has woken the process: messages may be looked out for from now on, for a while. */
  wake(now: number): void {
    this.#turnEndsAt = now + LONGEST_TURN;
  }

  /**
   * Tells that a single message has come and been handled.
   *
   * @param cameAt monotonic milliseconds, as is `now`
   * @returns until when to look out for the next one; undefined when that is not worth it
   */
  until(cameAt: number, now: number): number | undefined {
    const prompt = cameAt - this.#handledAt < PROMPT;
    this.#handledAt = now;
    // Each message may have taken long, such as one whose answer waits for the disk.
    if (!prompt || now >= this.#turnEndsAt) return undefined;
    if (this.#toLeaveOut > 0) {
      this.#toLeaveOut--;
      return undefined;
    }
    return Math.min(now + LONGEST, this.#turnEndsAt);
  }

  /** Tells how a look-out ended. */
  learn(isInVain: boolean): void {
    this.#leftOut = isInVain ? Math.min(2 * this.#leftOut + 1, MOST_LEFT_OUT) : 0;
    this.#toLeaveOut = this.#leftOut;
  }
}

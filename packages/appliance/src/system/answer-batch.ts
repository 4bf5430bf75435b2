import { Arena, Errno, lastErrno, sendmmsg } from './libc.ts';
import {
  CONTROL_HEADER,
  HEADER,
  IOVEC,
  LARGEST_RUN,
  type MessageBatch,
  SOL_UDP,
  UDP_SEGMENT,
} from './message-batch.ts';

const MSG_DONTWAIT = 0x40;
/** The family that a socket address begins with (amd64, arm64: low octet first). */
const AF_INET = 2;
/** Words of a socket address that tell apart: family and port, and an IPv4 address; or all of an IPv6 one with its zone. */
const IPV4_WORDS = 2;
const IPV6_WORDS = 7;
/** Room for the one control message there is, with a datagram's length of 2 octets in it. */
const CONTROL = 24;
const CONTROL_LENGTH = CONTROL_HEADER + 2;

// Words of a message header (struct mmsghdr), each the lower half of 64 bits whose upper half stays 0.
const IOVECS = 24 / 4;
const CONTROLS = 40 / 4;

/** Octets that an answer has at most to be joined with others: so many fit a datagram on any path (RFC 8200 section 5). */
const LONGEST_JOINED = 1232;
/** Runs that an answer is looked for in; it begins one of its own when there are more. */
const LOOKED_AT = 8;

/**
 * Answers to the queries of a batch, which lie where their queries have come in. Those that go to one socket and have one
 * length leave as one message, which the kernel takes apart again (UDP_SEGMENT, udp(7)): it then looks up the route, passes
 * the firewall and queues once for all of them. Answers are put into another order for that, as UDP may do as well.
 */
export class AnswerBatch {
  /** Answers that have left in the last {@link AnswerBatch.send}, and those that the kernel did not take. */
  sent: number = 0;
  unsent: number = 0;
  readonly #queries: MessageBatch;
  readonly #arena: Arena;
  readonly #iovecs: number;
  readonly #controls: number;
  #count = 0;
  #joins = true;
  // By answer: its query, its octets, and its run.
  readonly #asked: Uint16Array;
  readonly #lengths: Uint16Array;
  readonly #runOf: Uint16Array;
  // By run: its first answer, how many there are, and where their iovecs are.
  #runs = 0;
  readonly #first: Uint16Array;
  readonly #counts: Uint16Array;
  readonly #starts: Uint16Array;

  constructor(queries: MessageBatch) {
    const { capacity, nameSize } = queries;
    this.#queries = queries;
    this.#iovecs = capacity * HEADER;
    this.#controls = this.#iovecs + capacity * IOVEC;
    this.#arena = new Arena(this.#controls + capacity * CONTROL);
    for (let index = 0; index < capacity; index++) this.#arena.u32[(index * HEADER + 8) / 4] = nameSize;
    [this.#asked, this.#lengths, this.#runOf] = arrays(capacity);
    [this.#first, this.#counts, this.#starts] = arrays(capacity);
  }

  /** Answers to send. */
  get count(): number {
    return this.#count;
  }

  /** Adds the answer to a query: the first octets of its payload, as they are when {@link AnswerBatch.send} is called. */
  add(asked: number, length: number): void {
    const index = this.#count++;
    this.#asked[index] = asked;
    this.#lengths[index] = length;
    this.#runOf[index] = this.#runFor(index);
  }

  /**
   * Sends all that was added.
   *
   * @returns how many of the answers have left with others
   */
  send(fd: number): number {
    this.#arrange();
    this.sent = this.unsent = 0;
    let joined = 0;
    for (let run = 0; run < this.#runs; ) {
      const done = sendmmsg(fd, this.#arena.address + run * HEADER, this.#runs - run, MSG_DONTWAIT);
      if (done > 0) {
        for (const end = run + done; run < end; run++) {
          const count = this.#counts[run] as number;
          this.sent += count;
          if (count > 1) joined += count;
        }
      } else if (lastErrno() !== Errno.EINTR) this.#refused(fd, run++, lastErrno());
    }
    this.#count = this.#runs = 0;
    return joined;
  }

  /** The run that an answer belongs to; a new one if need be. */
  #runFor(index: number): number {
    const length = this.#lengths[index] as number;
    if (this.#joins && length <= LONGEST_JOINED) {
      const most = Math.floor(LARGEST_RUN / length);
      for (let run = 0; run < this.#runs && run < LOOKED_AT; run++) {
        const first = this.#first[run] as number;
        if (this.#lengths[first] !== length || (this.#counts[run] as number) >= most) continue;
        if (!this.#isSameAsker(this.#asked[first] as number, this.#asked[index] as number)) continue;
        this.#counts[run]!++;
        return run;
      }
    }
    this.#first[this.#runs] = index;
    this.#counts[this.#runs] = 1;
    return this.#runs++;
  }

  #isSameAsker(one: number, other: number): boolean {
    const { words } = this.#queries;
    const a = this.#queries.name(one) >> 2;
    const b = this.#queries.name(other) >> 2;
    const length = ((words[a] as number) & 0xffff) === AF_INET ? IPV4_WORDS : IPV6_WORDS;
    for (let word = 0; word < length; word++) if (words[a + word] !== words[b + word]) return false;
    return true;
  }

  /** Writes a header for each run, with the iovecs of its answers in a row. */
  #arrange(): void {
    const { u32, view, address } = this.#arena;
    let at = 0;
    for (let run = 0; run < this.#runs; run++) {
      const header = (run * HEADER) / 4;
      const first = this.#first[run] as number;
      const count = this.#counts[run] as number;
      writeAddress(u32, header, this.#queries.address + this.#queries.name(this.#asked[first] as number));
      this.#point(run, at, count);
      u32[header + CONTROLS] = count > 1 ? CONTROL : 0;
      if (count > 1) {
        const control = this.#controls + run * CONTROL;
        writeAddress(u32, header + 8, address + control);
        u32[control / 4] = CONTROL_LENGTH;
        u32[control / 4 + 2] = SOL_UDP;
        u32[control / 4 + 3] = UDP_SEGMENT;
        view.setUint16(control + CONTROL_HEADER, this.#lengths[first] as number, true);
      }
      this.#starts[run] = at;
      at += count;
    }
    for (let index = 0; index < this.#count; index++) {
      const run = this.#runOf[index] as number;
      const iovec = (this.#iovecs + (this.#starts[run] as number) * IOVEC) / 4;
      this.#starts[run]!++;
      writeAddress(u32, iovec, this.#queries.address + this.#queries.start(this.#asked[index] as number));
      u32[iovec + 2] = this.#lengths[index] as number;
    }
  }

  /** Has the header of a run send `count` iovecs from `iovec` on. */
  #point(run: number, iovec: number, count: number): void {
    const { u32, address } = this.#arena;
    const header = (run * HEADER) / 4;
    writeAddress(u32, header + 4, address + this.#iovecs + iovec * IOVEC);
    u32[header + IOVECS] = count;
  }

  /** The kernel did not take a run: its answers are sent one by one. */
  #refused(fd: number, run: number, errno: number): void {
    const count = this.#counts[run] as number;
    if (count === 1) {
      // Its client asks again, or is gone; the others' answers do not wait for it.
      this.unsent++;
      return;
    }
    // An interface without checksum offload, under kernels before 6.11. It will not learn it.
    if (errno === Errno.EIO) this.#joins = false;
    this.#arena.u32[(run * HEADER) / 4 + CONTROLS] = 0;
    // Arranging has counted it up.
    const end = this.#starts[run] as number;
    for (let iovec = end - count; iovec < end; iovec++) {
      this.#point(run, iovec, 1);
      if (sendmmsg(fd, this.#arena.address + run * HEADER, 1, MSG_DONTWAIT) > 0) this.sent++;
      else this.unsent++;
    }
  }
}

function arrays(size: number): [Uint16Array, Uint16Array, Uint16Array] {
  return [new Uint16Array(size), new Uint16Array(size), new Uint16Array(size)];
}

/** In two halves: a BigInt each would be garbage each. */
function writeAddress(words: Uint32Array, at: number, address: number): void {
  words[at] = address;
  words[at + 1] = address / 0x1_0000_0000;
}

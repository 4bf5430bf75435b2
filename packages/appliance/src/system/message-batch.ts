import { Arena } from './libc.ts';

/*
 * struct mmsghdr on a 64-bit machine (recvmmsg(2), bits/socket.h), 64 octets:
 *
 *   0 msg_name (8)         8 msg_namelen (4) + 4    16 msg_iov (8)          24 msg_iovlen (8)
 *  32 msg_control (8)     40 msg_controllen (8)     48 msg_flags (4) + 4    56 msg_len (4) + 4
 */
/** Octets of a struct mmsghdr. */
export const HEADER = 64;
const NAME_LENGTH = 8;
const CONTROL_LENGTH = 40;
const FLAGS = 48;
const LENGTH = 56;
/** Octets of a struct iovec (readv(2)). */
export const IOVEC = 16;
/** Room for a sockaddr_in (16), a sockaddr_ll (20) or a sockaddr_in6 (28). */
const NAME = 32;
/** Room for what one socket asks for, each padded to 8: in_pktinfo (16 + 12), tpacket_auxdata (16 + 20), or hop limit (16 + 4) and in6_pktinfo (16 + 20). */
const CONTROL = 64;
/** Level, type and the length before them (cmsg(3)): a size_t and two ints. */
export const CONTROL_HEADER = 16;

const MSG_TRUNC = 0x20;

/** Level and type of the control message that has the kernel take a message apart again (udp(7)). */
export const SOL_UDP = 17;
/** See {@link SOL_UDP}; its data is the length of each datagram, in two octets. */
export const UDP_SEGMENT = 103;
/** Datagrams that the kernel makes of one message (UDP_MAX_SEGMENTS). */
const LONGEST_RUN = 64;
/** Octets that those can have together. */
export const LARGEST_RUN = 65_000;

/**
 * A row of message headers for recvmmsg(2) or sendmmsg(2), with a name (socket address), a control and a payload buffer
 * each, laid out once: no call allocates, and an octet of payload is copied by the kernel only.
 */
export class MessageBatch {
  /** Messages that one system call can move. */
  readonly capacity: number;
  /** Octets that a payload can have. */
  readonly payloadSize: number;
  /** Octets of a socket address, what msg_namelen says. */
  readonly nameSize: number;
  readonly #control: boolean;
  readonly #arena: Arena;
  readonly #names: number;
  readonly #controls: number;
  readonly #payloads: number;
  /**
   * Octets from one payload to the next. Were it a multiple of 4096, the first octets of all would share eight lines of the
   * processor's cache: 64 DNS queries took twice the time.
   */
  readonly #stride: number;
  /** The views that were handed out last: most messages are as long as the one before in their place. */
  readonly #views: Uint8Array[] = [];

  /** @param control whether messages are received with a control message */
  constructor(capacity: number, payloadSize: number, nameSize: number, control: boolean) {
    this.#control = control;
    this.capacity = capacity;
    this.payloadSize = payloadSize;
    this.nameSize = nameSize;
    this.#stride = ((payloadSize + 63) & ~63) + 64;
    const iovecs = capacity * HEADER;
    this.#names = iovecs + capacity * IOVEC;
    this.#controls = this.#names + capacity * NAME;
    this.#payloads = this.#controls + capacity * CONTROL;
    this.#arena = new Arena(this.#payloads + capacity * this.#stride);
    const { u64, u32, address } = this.#arena;
    for (let i = 0; i < capacity; i++) {
      const header = i * HEADER;
      const iovec = iovecs + i * IOVEC;
      u64[header / 8] = BigInt(address + this.#names + i * NAME);
      u32[(header + NAME_LENGTH) / 4] = nameSize;
      u64[header / 8 + 2] = BigInt(address + iovec);
      u64[header / 8 + 3] = 1n;
      if (control) u64[header / 8 + 4] = BigInt(address + this.#controls + i * CONTROL);
      u64[iovec / 8] = BigInt(address + this.#payloads + i * this.#stride);
      u64[iovec / 8 + 1] = BigInt(payloadSize);
    }
  }

  /** Address of the header of message `index`, for the system call. */
  header(index: number): number {
    return this.#arena.address + index * HEADER;
  }

  /** Makes the first `count` headers ready to receive again: the kernel overwrites their lengths. */
  prepare(count: number): void {
    const { u32 } = this.#arena;
    for (let i = 0; i < count; i++) {
      const header = i * HEADER;
      u32[(header + NAME_LENGTH) / 4] = this.nameSize;
      // A size_t whose upper half stays 0.
      if (this.#control) u32[(header + CONTROL_LENGTH) / 4] = CONTROL;
    }
  }

  /** Octets that were received into payload `index`. */
  length(index: number): number {
    return this.#arena.u32[(index * HEADER + LENGTH) / 4] as number;
  }

  /** Whether message `index` was longer than `payloadSize` and lost its tail. */
  isTruncated(index: number): boolean {
    return ((this.#arena.u32[(index * HEADER + FLAGS) / 4] as number) & MSG_TRUNC) !== 0;
  }

  /** The payload of message `index`, a view that the next receive overwrites. */
  payload(index: number): Uint8Array {
    const length = this.length(index);
    const view = this.#views[index];
    if (view?.length === length) return view;
    const start = this.#payload(index);
    const other = this.#arena.u8.subarray(start, start + length);
    this.#views[index] = other;
    return other;
  }

  /** Octet offset of the payload of message `index` in {@link MessageBatch.bytes}. */
  start(index: number): number {
    return this.#payload(index);
  }

  /** Copies a payload in and sets its length for sending. The caller has checked it against `payloadSize`. */
  setPayload(index: number, bytes: Uint8Array): void {
    const start = this.#payload(index);
    this.#arena.u8.set(bytes, start);
    // iov_len of the message's only iovec, a size_t whose upper half stays 0.
    this.#arena.u32[(this.capacity * HEADER + index * IOVEC + 8) / 4] = bytes.length;
  }

  /** How many messages from `index` on, before `end`, have its length and its socket address: they can be joined. */
  runLength(index: number, end: number): number {
    const { u32 } = this.#arena;
    const length = this.#lengthToSend(index);
    const most = Math.min(end - index, LONGEST_RUN, Math.floor(LARGEST_RUN / Math.max(length, 1)));
    const name = (this.#names + index * NAME) / 4;
    let count = 1;
    for (; count < most && this.#lengthToSend(index + count) === length; count++) {
      const other = name + (count * NAME) / 4;
      for (let word = 0; word < this.nameSize / 4; word++) if (u32[name + word] !== u32[other + word]) return count;
    }
    return count;
  }

  /**
   * Makes one message of the payloads of `count` messages from `index` on, all of the same length, which the kernel takes
   * apart again (UDP_SEGMENT, udp(7)): it then looks up the route, passes the firewall and queues once for all of them.
   * Until {@link MessageBatch.part}.
   */
  join(index: number, count: number): void {
    const { u32, u64, view, address } = this.#arena;
    const header = (index * HEADER) / 8;
    const control = this.#controls + index * CONTROL;
    // The iovecs of all messages stand in a row.
    u64[header + 3] = BigInt(count);
    u64[header + 4] = BigInt(address + control);
    u64[header + 5] = 24n;
    u64[control / 8] = 18n;
    u32[control / 4 + 2] = SOL_UDP;
    u32[control / 4 + 3] = UDP_SEGMENT;
    view.setUint16(control + CONTROL_HEADER, this.#lengthToSend(index), true);
  }

  /** Makes a message that was joined with others send its own payload only. */
  part(index: number): void {
    const header = (index * HEADER) / 8;
    this.#arena.u64.fill(0n, header + 4, header + 6);
    this.#arena.u64[header + 3] = 1n;
  }

  /** Octet offset of the socket address of message `index` in {@link MessageBatch.bytes}. */
  name(index: number): number {
    return this.#names + index * NAME;
  }

  /** Address of the first octet of the memory. */
  get address(): number {
    return this.#arena.address;
  }

  /** The whole memory as octets, for socket addresses. */
  get bytes(): Uint8Array {
    return this.#arena.u8;
  }

  /** The whole memory in words of 32 bits, low octet first; socket addresses begin with one. */
  get words(): Uint32Array {
    return this.#arena.u32;
  }

  /** The whole memory as a DataView, for socket addresses. */
  get view(): DataView {
    return this.#arena.view;
  }

  /** Offset in `bytes` of the data of the control message of this level and type; -1 when there is none. */
  control(index: number, level: number, type: number): number {
    const { u32 } = this.#arena;
    let at = this.#controls + index * CONTROL;
    const end = at + (u32[(index * HEADER + CONTROL_LENGTH) / 4] as number);
    while (at + CONTROL_HEADER <= end) {
      if (u32[at / 4 + 2] === level && u32[at / 4 + 3] === type) return at + CONTROL_HEADER;
      // The length of a control message counts its header, and is not padded.
      at += Math.max(((u32[at / 4] as number) + 7) & ~7, CONTROL_HEADER);
    }
    return -1;
  }

  /**
   * Gives message `index` a control message to be sent with, in place of the one it has.
   *
   * @param length octets of its data, at most 48
   * @returns offset in `bytes` of its data, for the caller to fill
   */
  setControl(index: number, level: number, type: number, length: number): number {
    const { u32, u64, address } = this.#arena;
    const header = (index * HEADER) / 8;
    const at = this.#controls + index * CONTROL;
    u64[header + 4] = BigInt(address + at);
    u64[header + 5] = BigInt(CONTROL_HEADER + ((length + 7) & ~7));
    u64[at / 8] = BigInt(CONTROL_HEADER + length);
    u32[at / 4 + 2] = level;
    u32[at / 4 + 3] = type;
    return at + CONTROL_HEADER;
  }

  /** iov_len, whose upper half stays 0. */
  #lengthToSend(index: number): number {
    return this.#arena.u32[(this.capacity * HEADER + index * IOVEC + 8) / 4] as number;
  }

  #payload(index: number): number {
    return this.#payloads + index * this.#stride;
  }
}

import { DecodeError } from '@router7/wire';
import { BatchSocket } from './batch-socket.ts';
import { Arena, bind, errorCode, lastErrno, SystemError } from './libc.ts';
import type { MessageBatch } from './message-batch.ts';
import { decodeAddress, type LinkAddress } from './rtnetlink-address.ts';
import { viewOf } from './rtnetlink-attributes.ts';
import { decodeLink, type Link } from './rtnetlink-link.ts';
import { RtMessage } from './rtnetlink-message.ts';
import { decodeRoute, type Route } from './rtnetlink-route.ts';

/** Something has changed in the kernel. */
export type KernelChange =
  | { readonly kind: 'link'; readonly deleted: boolean; readonly link: Link }
  | { readonly kind: 'address'; readonly deleted: boolean; readonly address: Required<LinkAddress> }
  | { readonly kind: 'route'; readonly deleted: boolean; readonly route: Required<Route> }
  /** Messages were lost: whatever is known may be out of date, so dump again. Also told once at the start. */
  | { readonly kind: 'resync' };

const AF_NETLINK = 16;
const SOCK_RAW = 3;
const NETLINK_ROUTE = 0;
/** sockaddr_nl (netlink(7)): family, 2 octets of padding, port, groups. */
const SOCKADDR_NL = 12;
const NLMSG_HEADER = 16;
/** rtnetlink multicast groups (linux/rtnetlink.h). */
const GROUPS = { link: [1], address: [5, 9], route: [7, 11] } as const;
/** From a loss to the resync: until then what is still in the socket's buffer is older, and passed over. */
const SETTLE = 200;

/** What {@link RtMonitor} can be asked to tell of. */
export type KernelChangeKind = keyof typeof GROUPS;

/**
 * Tells what changes in the kernel's links, addresses and routes.
 *
 * The first thing told is a `resync`, when the subscription stands: whoever dumps then misses nothing. When the kernel
 * had to drop messages, for the reader was too slow, another `resync` comes.
 *
 * The socket is our own: that of the package `netlink` takes the process down when it runs over (it makes a string of a
 * null pointer for the error it wants to tell).
 */
export class RtMonitor {
  readonly #socket: BatchSocket;
  readonly #onChange: (change: KernelChange) => void;
  #settling: NodeJS.Timeout | undefined;
  #closed = false;

  /**
   * Subscribes at once. It keeps the process alive.
   *
   * @param kinds what to be told of
   * @throws SystemError
   */
  constructor(kinds: readonly KernelChangeKind[], onChange: (change: KernelChange) => void) {
    this.#onChange = onChange;
    this.#socket = new BatchSocket({
      domain: AF_NETLINK,
      type: SOCK_RAW,
      protocol: NETLINK_ROUTE,
      nameSize: SOCKADDR_NL,
      // NLMSG_GOODSIZE, the most that the kernel puts into one message.
      payloadSize: 8192,
      receiveBufferSize: 1 << 20,
      queue: 1,
    });
    const arena = new Arena(SOCKADDR_NL);
    arena.view.setUint16(0, AF_NETLINK, true);
    let groups = 0;
    for (const kind of kinds) for (const group of GROUPS[kind]) groups |= 1 << (group - 1);
    arena.view.setUint32(8, groups, true);
    if (bind(this.#socket.fd, arena.address, SOCKADDR_NL) < 0) {
      const error = new SystemError('bind', lastErrno(), 'rtnetlink');
      this.#socket.close();
      throw error;
    }
    this.#socket.start(
      (batch, count) => this.#read(batch, count),
      (error) => {
        // ENOBUFS: notices were dropped. Nothing else is known to happen, and what is thrown by `onChange` is a bug.
        if (errorCode(error) === 'ENOBUFS') this.#lost();
        else throw error;
      },
    );
    setImmediate(() => this.#tell({ kind: 'resync' }));
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#settling);
    this.#socket.close();
  }

  #read(batch: MessageBatch, count: number): void {
    for (let i = 0; i < count; i++) {
      // A port other than 0 is some process, not the kernel.
      if (batch.view.getUint32(batch.name(i) + 4, true) !== 0) continue;
      let changes: readonly KernelChange[] = [];
      try {
        if (batch.isTruncated(i)) throw new DecodeError('truncated', 'a notice longer than expected', 0);
        changes = [...decodeChanges(batch.payload(i))];
      } catch {
        // As good as dropped.
        this.#lost();
      }
      if (this.#settling === undefined) for (const change of changes) this.#tell(change);
    }
  }

  #lost(): void {
    this.#settling ??= setTimeout(() => {
      this.#settling = undefined;
      this.#tell({ kind: 'resync' });
    }, SETTLE);
  }

  #tell(change: KernelChange): void {
    if (!this.#closed) this.#onChange(change);
  }
}

function* decodeChanges(bytes: Uint8Array): Generator<KernelChange> {
  const view = viewOf(bytes);
  for (let at = 0; at + NLMSG_HEADER <= bytes.length; ) {
    const length = view.getUint32(at, true);
    if (length < NLMSG_HEADER || at + length > bytes.length) {
      throw new DecodeError('bad-length', `a message of ${length} octets`, at);
    }
    const change = decodeChange(view.getUint16(at + 4, true), bytes.subarray(at + NLMSG_HEADER, at + length));
    if (change !== undefined) yield change;
    at += (length + 3) & ~3;
  }
}

function decodeChange(type: number, payload: Uint8Array): KernelChange | undefined {
  switch (type) {
    case RtMessage.newLink:
    case RtMessage.deleteLink:
      return { kind: 'link', deleted: type === RtMessage.deleteLink, link: decodeLink(payload) };
    case RtMessage.newAddress:
    case RtMessage.deleteAddress: {
      const address = decodeAddress(payload);
      return address && { kind: 'address', deleted: type === RtMessage.deleteAddress, address };
    }
    case RtMessage.newRoute:
    case RtMessage.deleteRoute: {
      const route = decodeRoute(payload);
      return route && { kind: 'route', deleted: type === RtMessage.deleteRoute, route };
    }
    default:
      return undefined;
  }
}

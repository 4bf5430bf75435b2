import { DecodeError } from '@router7/wire';
import { BatchSocket } from './batch-socket.ts';
import { Arena, bind, errorCode, lastErrno, SystemError } from './libc.ts';
import { viewOf } from './rtnetlink-attributes.ts';

const AF_NETLINK = 16;
const SOCK_RAW = 3;
/** sockaddr_nl (netlink(7)): family, 2 octets of padding, port, groups. */
const SOCKADDR_NL = 12;
const NLMSG_HEADER = 16;
/** From a loss to telling of it: until then what is still in the socket's buffer is older, and passed over. */
const SETTLE = 200;

/** One message of the kernel's that nobody asked for. */
export interface Notice {
  readonly type: number;
  /** Borrowed: it is good until the listener returns. */
  readonly payload: Uint8Array;
}

/** Who hears what {@link NetlinkNotices} hears. */
export interface NoticeListener {
  /** May throw a DecodeError: then the notice is as good as lost. */
  notice(notice: Notice): void;
  /** The subscription stands (told once, at the start), or notices were lost: what is known may be out of date. */
  resync(): void;
}

/**
 * Subscribes to multicast groups of a netlink protocol.
 *
 * The socket is our own: that of the package `netlink` takes the process down when it runs over (it makes a string of a
 * null pointer for the error it wants to tell).
 */
export class NetlinkNotices {
  readonly #socket: BatchSocket;
  readonly #listener: NoticeListener;
  #settling: NodeJS.Timeout | undefined;
  #closed = false;

  /**
   * Subscribes at once. It keeps the process alive.
   *
   * @param groups numbers of groups, 1 to 32
   * @throws SystemError
   */
  constructor(protocol: number, groups: readonly number[], listener: NoticeListener) {
    this.#listener = listener;
    this.#socket = new BatchSocket({
      domain: AF_NETLINK,
      type: SOCK_RAW,
      protocol,
      nameSize: SOCKADDR_NL,
      // NLMSG_GOODSIZE, the most that the kernel puts into one message.
      payloadSize: 8192,
      receiveBufferSize: 1 << 20,
      queue: 1,
    });
    const arena = new Arena(SOCKADDR_NL);
    arena.view.setUint16(0, AF_NETLINK, true);
    let mask = 0;
    for (const group of groups) mask |= 1 << (group - 1);
    arena.view.setUint32(8, mask, true);
    if (bind(this.#socket.fd, arena.address, SOCKADDR_NL) < 0) {
      const error = new SystemError('bind', lastErrno(), `netlink protocol ${protocol}`);
      this.#socket.close();
      throw error;
    }
    this.#socket.start(
      (batch, count) => {
        for (let i = 0; i < count; i++) {
          // A port other than 0 is some process, not the kernel.
          if (batch.view.getUint32(batch.name(i) + 4, true) !== 0) continue;
          this.#read(batch.isTruncated(i) ? undefined : batch.payload(i));
        }
      },
      (error) => {
        // ENOBUFS: notices were dropped. Nothing else is known to happen, and what is thrown by a listener is a bug.
        if (errorCode(error) === 'ENOBUFS') this.#lost();
        else throw error;
      },
    );
    setImmediate(() => this.#resync());
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#settling);
    this.#socket.close();
  }

  #read(datagram: Uint8Array | undefined): void {
    if (this.#settling !== undefined || this.#closed) return;
    try {
      if (datagram === undefined) throw new DecodeError('truncated', 'a notice longer than expected', 0);
      for (const notice of [...notices(datagram)]) if (!this.#closed) this.#listener.notice(notice);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#lost();
    }
  }

  #lost(): void {
    this.#settling ??= setTimeout(() => {
      this.#settling = undefined;
      this.#resync();
    }, SETTLE);
  }

  #resync(): void {
    if (!this.#closed) this.#listener.resync();
  }
}

/** Cuts a datagram into its messages. @throws DecodeError */
function* notices(bytes: Uint8Array): Generator<Notice> {
  const view = viewOf(bytes);
  for (let at = 0; at + NLMSG_HEADER <= bytes.length; ) {
    const length = view.getUint32(at, true);
    if (length < NLMSG_HEADER || at + length > bytes.length) {
      throw new DecodeError('bad-length', `a message of ${length} octets`, at);
    }
    yield { type: view.getUint16(at + 4, true), payload: bytes.subarray(at + NLMSG_HEADER, at + length) };
    at += (length + 3) & ~3;
  }
}

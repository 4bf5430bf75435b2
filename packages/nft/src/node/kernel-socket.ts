import { endianness } from 'node:os';
import { NETLINK_NETFILTER, NftError } from '@router7/nft';
import { RawNetlinkSocket } from 'netlink';
import { findDescriptor, readDrops, type SetSocketOption, setNetlinkOptions } from './socket-options.ts';

/** Who hears what the socket hears. */
export interface KernelSocketEvents {
  /** A datagram of the kernel's; the bytes are the listener's to keep. */
  receive(datagram: Uint8Array): void;
  /** The socket failed: answers may have been lost (`overrun`), or it cannot be used any more. */
  fail(error: NftError): void;
}

const errorCodes: { readonly [code: string]: 'too-large' | 'overrun' } = { EMSGSIZE: 'too-large', ENOBUFS: 'overrun' };

/** How a socket is set up. */
export interface KernelSocketOptions {
  /** Octets of the socket's buffers. */
  readonly bufferSize: number;
  readonly setSocketOption?: SetSocketOption | undefined;
  /**
   * Whether dumps are read. The kernel makes the pieces of a dump no larger than what was once asked for, and begins at
   * the first element of a set again for each piece: with small ones 100,000 elements take a second and more.
   */
  readonly dumps?: boolean;
}

/** Larger than any answer: an ACK may quote a request in full, whose largest attribute has 64 KiB. */
const DUMP_RECEIVE_SIZE = 128 * 1024;
/** Datagrams of fewer octets are copied, so that they do not keep so large a buffer alive. */
const COPY_BELOW = 16 * 1024;

/** A socket of NETLINK_NETFILTER. It keeps the process alive only while it is held. */
export class KernelSocket {
  /** Whether errors carry the kernel's words and the attribute at fault. */
  readonly extendedAck: boolean;
  readonly #raw: RawNetlinkSocket;
  readonly #events: KernelSocketEvents;
  #open = true;

  /** @throws NftError `socket` when no socket can be opened, or on a big-endian host, which the encoder is not for */
  constructor(events: KernelSocketEvents, { bufferSize, setSocketOption, dumps = false }: KernelSocketOptions) {
    if (endianness() !== 'LE') throw new NftError('socket', 'netlink headers are written for little-endian hosts');
    this.#events = events;
    try {
      this.#raw = new RawNetlinkSocket(NETLINK_NETFILTER, {
        recvBufferSize: bufferSize,
        sendBufferSize: bufferSize,
        messagePeeking: !dumps,
        msgBufferSize: DUMP_RECEIVE_SIZE,
      });
    } catch (error) {
      throw socketError(error);
    }
    this.extendedAck = this.#setOptions(setSocketOption, bufferSize);
    this.#raw.on('message', (datagram, { port }) => {
      // Any process may send to the socket's port id; port 0 is the kernel.
      if (port !== 0 || !this.#open) return;
      // A plain array, not a Buffer: what callers get is what the codecs promise.
      const bytes = new Uint8Array(datagram.buffer, datagram.byteOffset, datagram.length);
      this.#events.receive(dumps && bytes.length < COPY_BELOW ? bytes.slice() : bytes);
    });
    this.#raw.on('truncatedMessage', () => {
      this.#fail(new NftError('socket', `an answer of more than ${DUMP_RECEIVE_SIZE} octets`));
    });
    this.#raw.on('error', (error) => this.#fail(error));
    this.#raw.unref();
  }

  /** Sends a datagram; should that fail, the listener is told. */
  send(datagram: Uint8Array): void {
    this.#raw.send(datagram, undefined, (error) => {
      if (error !== undefined) this.#fail(error);
    });
  }

  /** Joins a multicast group. @throws NftError `socket` */
  join(group: number): void {
    try {
      this.#raw.addMembership(group);
    } catch (error) {
      this.close();
      throw socketError(error);
    }
  }

  /** How many datagrams the kernel has dropped because nobody read the ones before. */
  drops(): number {
    return this.#open ? readDrops(this.#raw.address().port) : 0;
  }

  /** From now on the process waits for this socket. */
  hold(): void {
    if (this.#open) this.#raw.ref();
  }

  /** The process need not wait for this socket any more. */
  release(): void {
    if (this.#open) this.#raw.unref();
  }

  /** Closes it; what has not been sent yet never will be. May be called again. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#raw.close();
  }

  #fail(error: unknown): void {
    if (this.#open) this.#events.fail(error instanceof NftError ? error : socketError(error));
  }

  #setOptions(set: SetSocketOption | undefined, bufferSize: number): boolean {
    if (set === undefined) return false;
    const fd = findDescriptor(this.#raw.address().port);
    if (fd === undefined) return false;
    try {
      setNetlinkOptions(fd, set, bufferSize);
      return true;
    } catch (error) {
      this.#raw.close();
      throw socketError(error);
    }
  }
}

/** Anything that was thrown or told, as an NftError with its cause. */
export function socketError(error: unknown): NftError {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  const failure = new NftError(errorCodes[code] ?? 'socket', error instanceof Error ? error.message : String(error));
  failure.cause = error;
  return failure;
}

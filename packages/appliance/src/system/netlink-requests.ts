import { createNetlink, type NetlinkMessage, type NetlinkSocket, type Protocol } from 'netlink';
import { SystemError } from './libc.ts';
import { viewOf } from './rtnetlink-attributes.ts';

const NLMSG_ERROR = 2;
const NLM_F_DUMP_INTR = 0x10;
const NLM_F_DUMP = 0x300;

/** The kernel answers at once, but a slow machine that starts everything at the same time may keep us waiting. */
const TIMEOUT = 30_000;
const ETIMEDOUT = 110;
const EBUSY = 16;
/** Dumps that changed while they were taken are taken again, at most this often. */
const DUMP_ATTEMPTS = 5;

/**
 * Questions to the kernel and their answers, on one netlink socket, one after the other. The package `netlink` moves the
 * messages; what is in them is written and read by our own codecs, for its typed layer loses answers.
 */
export class NetlinkRequests {
  readonly #protocol: Protocol;
  readonly #timeout: number;
  #socket: NetlinkSocket | undefined;
  /** The kernel answers one dump of a socket at a time. */
  #last: Promise<unknown> = Promise.resolve();

  /** @param timeout of an answer, milliseconds */
  constructor(protocol: Protocol, timeout: number = TIMEOUT) {
    this.#protocol = protocol;
    this.#timeout = timeout;
  }

  /**
   * Sends one message.
   *
   * @param what for the error's text: what is asked for
   * @returns the payloads of the answer; none when it is a mere acknowledgement
   * @throws SystemError with the kernel's answer as its `code`, or `ETIMEDOUT`
   */
  async request(what: string, type: number, flags: number, payload: Uint8Array): Promise<readonly Uint8Array[]> {
    return (await this.#enqueue(what, type, flags, payload)).map(({ data }) => data);
  }

  /**
   * Asks for all there are; again when something was changed between two pieces of the answer.
   *
   * @throws SystemError, `EBUSY` when every attempt was disturbed
   */
  async dump(what: string, type: number, payload: Uint8Array): Promise<readonly Uint8Array[]> {
    for (let attempt = 1; ; attempt++) {
      const messages = await this.#enqueue(what, type, NLM_F_DUMP, payload);
      if (!messages.some((message) => (message.flags & NLM_F_DUMP_INTR) !== 0)) return messages.map(({ data }) => data);
      if (attempt === DUMP_ATTEMPTS) throw new SystemError('netlink', EBUSY, what);
    }
  }

  /** Closes the socket. It would not keep the process alive. */
  close(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    // Never from within one of its callbacks, where an awaited answer still is: the library does not survive it.
    setImmediate(() => socket?.close());
  }

  #enqueue(what: string, type: number, flags: number, payload: Uint8Array): Promise<NetlinkMessage[]> {
    const request = this.#last.then(() => this.#exchange(what, type, flags, payload));
    this.#last = request.catch(() => {});
    return request;
  }

  async #exchange(what: string, type: number, flags: number, payload: Uint8Array): Promise<NetlinkMessage[]> {
    this.#socket ??= this.#open();
    let messages: NetlinkMessage[];
    const late = new Lateness(this.#timeout, what);
    try {
      const answer = this.#socket.request(type, Buffer.from(payload), { flags, checkError: false });
      [messages] = await Promise.race([answer, late.promise]);
    } catch (error) {
      // The answer is lost (the socket's buffer ran over, or worse): the next request gets a socket of its own.
      this.close();
      throw error;
    } finally {
      late.cancel();
    }
    const [first] = messages;
    if (first?.type !== NLMSG_ERROR) return messages;
    const errno = -viewOf(first.data).getInt32(0, true);
    if (errno !== 0) throw new SystemError('netlink', errno, what);
    return [];
  }

  #open(): NetlinkSocket {
    const socket = createNetlink(this.#protocol, { ref: false, recvBufferSize: 1 << 20, sendBufferSize: 1 << 18 });
    // The request under way times out.
    socket.on('error', () => {
      if (this.#socket === socket) this.#socket = undefined;
    });
    return socket;
  }
}

/** Rejects when an answer is late. */
class Lateness {
  readonly promise: Promise<never>;
  #timer: NodeJS.Timeout | undefined;
  #turn: NodeJS.Immediate | undefined;

  constructor(timeout: number, what: string) {
    this.promise = new Promise((_, reject) => {
      const give = (): void => reject(new SystemError('netlink', ETIMEDOUT, what));
      this.#timer = setTimeout(() => {
        // This process may have been busy for so long itself (loading modules, say): timers come before what has arrived
        // meanwhile, so that is looked at first.
        this.#turn = setImmediate(() => {
          this.#turn = setImmediate(give);
        });
      }, timeout);
    });
  }

  cancel(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#turn);
  }
}

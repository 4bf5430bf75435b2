import type { ServerEvent, ServerInput, ServerOutput, ServerSend } from '@router7/dhcp6';
import { Ipv6Address } from '@router7/wire';
import type { Receive, Transport } from '../runtime/drive.ts';
import { DurableReplies, type ReplyCounters } from '../runtime/durable-replies.ts';
import type { DurableTable } from '../runtime/durable-table.ts';
import type { Log } from '../runtime/log.ts';
import { errorCode } from '../system/libc.ts';
import { type Udp6Datagrams, Udp6Socket } from '../system/udp6-socket.ts';

const SERVER_PORT = 547;
/** All_DHCP_Relay_Agents_and_Servers and All_DHCP_Servers (RFC 9915 section 7.1). */
const GROUPS: readonly Ipv6Address[] = [Ipv6Address.parse('ff02::1:2'), Ipv6Address.parse('ff05::1:3')];

/** An interface that a server works on. */
export interface ServerLink {
  readonly index: number;
  readonly name: string;
}

/**
 * Connects a DHCPv6 server engine with interfaces: a UDP socket that is bound to each of them.
 *
 * Replies that promise something wait until the lease table is safe, all of a batch for the same write; the others leave
 * before that.
 */
export class ServerTransport implements Transport<ServerInput, ServerOutput> {
  readonly #log: Log;
  readonly #onEvent: (event: ServerEvent) => void;
  readonly #sockets = new Map<string, Udp6Socket>();
  readonly #replies: DurableReplies<ServerSend>;
  readonly #lastErrors = new Map<string, string>();
  #truncated = 0;
  #unsent = 0;

  /**
   * Opens the sockets: those that can be opened, one at least.
   *
   * @param onEvent gets every output that is not a datagram, as soon as it is there
   * @param table what has to be safe before a promise leaves; undefined when nothing is kept
   * @throws SystemError `ENODEV` when no interface is there and has IPv6, `EADDRINUSE`, `EPERM`, `EACCES`
   */
  constructor(links: readonly ServerLink[], log: Log, onEvent: (event: ServerEvent) => void, table?: DurableTable) {
    this.#log = log;
    this.#onEvent = onEvent;
    this.#replies = new DurableReplies(table, this.#queue, () => this.#flushSockets());
    let failure: unknown;
    for (const { name, index } of links) {
      try {
        const options = { interface: { name, index }, port: SERVER_PORT, groups: GROUPS, lingers: true };
        this.#sockets.set(name, Udp6Socket.open(options));
      } catch (error) {
        failure = error;
        log.warn('interface cannot be served', { interface: name, error });
      }
    }
    if (this.#sockets.size === 0) throw failure;
  }

  /** The interfaces that are served. */
  get names(): readonly string[] {
    return [...this.#sockets.keys()];
  }

  /** As of now. */
  get counters(): ReplyCounters {
    return { truncated: this.#truncated, unsent: this.#unsent, withheld: this.#replies.withheld };
  }

  start(receive: Receive<ServerInput>): void {
    for (const [name, socket] of this.#sockets) {
      socket.start(
        (datagrams) => receive(this.#inputs(name, datagrams)),
        (error) => this.#survive(name, error),
        () => this.#replies.settle(),
      );
    }
  }

  perform(output: ServerOutput): void {
    if (output.kind === 'send') this.#replies.add(output, output.durable);
    else this.#onEvent(output);
  }

  flush(): void | Promise<void> {
    return this.#replies.flush();
  }

  close(): void {
    this.#replies.close();
    this.#closeSockets();
  }

  #inputs(link: string, datagrams: Udp6Datagrams): ServerInput[] {
    const inputs: ServerInput[] = [];
    for (let index = 0; index < datagrams.count; index++) {
      if (datagrams.isTruncated(index)) {
        this.#truncated++;
        continue;
      }
      inputs.push({
        kind: 'datagram',
        payload: datagrams.payload(index),
        source: datagrams.source(index),
        sourcePort: datagrams.sourcePort(index),
        link,
        unicast: !datagrams.destination(index).isMulticast,
      });
    }
    return inputs;
  }

  readonly #queue = ({ link, destination, port }: ServerSend, payload: Uint8Array): void => {
    const socket = this.#sockets.get(link);
    if (socket?.room === 0) socket.flush();
    if (socket?.queue(payload, destination, port) !== true) this.#unsent++;
  };

  #flushSockets(): void {
    for (const socket of this.#sockets.values()) socket.flush();
  }

  #closeSockets(): void {
    for (const socket of this.#sockets.values()) socket.close();
  }

  #survive(link: string, error: Error): void {
    const code = errorCode(error) ?? error.message;
    // An interface that is down says so again and again.
    if (code === this.#lastErrors.get(link)) return;
    this.#lastErrors.set(link, code);
    this.#log.warn('socket error', { interface: link, error });
  }
}

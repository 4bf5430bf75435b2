import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { systemLookup } from '../netconfig/endpoint-resolver.ts';
import type { Receive, Transport } from '../runtime/drive.ts';
import type { Log } from '../runtime/log.ts';
import type { ClockKeeper } from './clock-keeper.ts';
import type { NtpInput } from './input.ts';
import type { NtpAction, NtpEvent, NtpOutput } from './output.ts';
import { NTP_PORT } from './packet.ts';

/** Sockets that are open at a time: there are never as many servers. */
const MOST_SOCKETS = 64;

/** What a {@link NtpTransport} needs. */
export interface NtpTransportOptions {
  readonly clock: ClockKeeper;
  readonly log: Log;
  readonly onEvent: (event: NtpEvent) => void;
  /** The clock was set or corrected. */
  readonly onAdjusted: (action: Extract<NtpAction, { readonly kind: 'step' | 'slew' }>) => void;
  /** The addresses of a name; rejects when nobody tells. Those of the name servers of /etc/resolv.conf when absent. */
  readonly lookup?: (name: string) => Promise<readonly string[]>;
}

/**
 * Connects an engine with servers and the clock. Each question leaves from a socket of its own, connected to the server:
 * the kernel chooses a port that nobody can guess (RFC 9109 section 3), and hands over only what comes from there.
 */
export class NtpTransport implements Transport<NtpInput, NtpOutput> {
  readonly #options: NtpTransportOptions;
  readonly #lookup: (name: string) => Promise<readonly string[]>;
  readonly #sockets = new Map<number, Socket>();
  #receive: Receive<NtpInput> | undefined;

  constructor(options: NtpTransportOptions) {
    this.#options = options;
    this.#lookup = options.lookup ?? (async (name) => (await systemLookup(name)).map(String));
  }

  start(receive: Receive<NtpInput>): void {
    this.#receive = receive;
  }

  perform(output: NtpOutput): void {
    const { clock, onEvent, onAdjusted } = this.#options;
    switch (output.kind) {
      case 'resolve':
        void this.#resolve(output.name);
        return;
      case 'ask':
        this.#ask(output);
        return;
      case 'forget':
        this.#forget(output.server);
        return;
      case 'step':
        clock.step(output.byMs);
        onAdjusted(output);
        return;
      case 'slew':
        clock.slew(output.slew);
        onAdjusted(output);
        return;
      default:
        onEvent(output);
    }
  }

  flush(): void {
    // Everything has been done at once.
  }

  close(): void {
    this.#receive = undefined;
    for (const server of [...this.#sockets.keys()]) this.#forget(server);
  }

  async #resolve(name: string): Promise<void> {
    let addresses: readonly string[] = [];
    try {
      addresses = await this.#lookup(name);
    } catch (error) {
      this.#options.log.debug('name not found', { name, error });
    }
    void this.#receive?.([{ kind: 'resolved', name, addresses }]);
  }

  #ask({ server, address, payload }: Extract<NtpAction, { readonly kind: 'ask' }>): void {
    this.#forget(server);
    if (this.#sockets.size >= MOST_SOCKETS) return;
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
    this.#sockets.set(server, socket);
    // From another turn of the event loop: the engine must not be told something while it says something.
    const tell = (input: NtpInput): void => {
      if (this.#sockets.get(server) === socket) void this.#receive?.([input]);
    };
    const fail = (error: Error): void => {
      this.#options.log.debug('server unreachable', { address, error });
      setImmediate(() => tell({ kind: 'unreachable', server }));
    };
    socket.on('error', fail);
    socket.on('message', (payload) => tell({ kind: 'reply', server, payload, wall: this.#options.clock.wall() }));
    socket.connect(NTP_PORT, address, (error?: Error) => {
      if (error !== undefined) return fail(error);
      if (this.#sockets.get(server) !== socket) return;
      socket.send(payload, (error) => error && fail(error));
      // By now the system call is over: what it took to get there, in a program that has just started, is no one's way.
      tell({ kind: 'sent', server });
    });
  }

  #forget(server: number): void {
    this.#sockets.get(server)?.close();
    this.#sockets.delete(server);
  }
}

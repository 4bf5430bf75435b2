import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { GUEST_VARIABLE } from '../../src/guest/variable.ts';
import type { Host } from '../../src/host.ts';
import { until } from '../../src/wait.ts';
import type { Endpoint, Notice, Order } from './socket-agent.ts';

export type { Endpoint } from './socket-agent.ts';

/** On a machine that is busy with other things, or is a guest in software. */
const PATIENCE_MS = process.env[GUEST_VARIABLE] === '1' ? 400_000 : 20_000;

let agents = 0;

/** Opens sockets on another host. */
export class Agent {
  readonly #control: Socket;
  readonly #sockets = new Map<number, RemoteSocket>();
  #count = 0;

  private constructor(control: Socket) {
    this.#control = control;
    createInterface({ input: control }).on('line', (line) => {
      const notice = JSON.parse(line) as Notice;
      if (notice.accepted !== undefined) this.socket(notice.accepted);
      this.#sockets.get(notice.socket)?.take(notice);
    });
  }

  static async start(host: Host): Promise<Agent> {
    const path = `/run/agent-${agents++}.sock`;
    const program = host.startNode(`${host.name} sockets`, fileURLToPath(new URL('socket-agent.ts', import.meta.url)), [
      path,
    ]);
    await program.line(/^ready$/, PATIENCE_MS);
    const control = connect(path);
    await once(control, 'connect');
    control.unref();
    return new Agent(control);
  }

  /** @param peer what the socket is connected to */
  async udp(at: Endpoint, peer?: Endpoint): Promise<RemoteSocket> {
    const socket = this.socket(this.#count++);
    this.order({ open: 'udp', socket: socket.number, ...at, ...(peer !== undefined && { peer }) });
    await socket.event('open');
    return socket;
  }

  /** Listens for TCP connections. */
  async listen(at: Endpoint): Promise<RemoteSocket> {
    const socket = this.socket(this.#count++);
    this.order({ open: 'listen', socket: socket.number, ...at });
    await socket.event('open');
    return socket;
  }

  /** Begins to connect by TCP; `event('open')` tells that it is. */
  connect(at: Endpoint, peer: Endpoint): RemoteSocket {
    const socket = this.socket(this.#count++);
    this.order({ open: 'connect', socket: socket.number, ...at, peer });
    return socket;
  }

  /** Sends an IPv4 packet as it is by `eth0`. @param to hardware address */
  packet(bytes: Uint8Array, to: string): void {
    this.order({ packet: Buffer.from(bytes).toString('hex'), device: 'eth0', to });
  }

  /** The socket with this number. */
  socket(number: number): RemoteSocket {
    const socket = this.#sockets.get(number) ?? new RemoteSocket(this, number);
    this.#sockets.set(number, socket);
    return socket;
  }

  order(order: Order): void {
    this.#control.write(`${JSON.stringify(order)}\n`);
  }
}

/** A socket of another host. */
export class RemoteSocket {
  readonly number: number;
  /** All that has happened to it. */
  readonly notices: Notice[] = [];
  readonly #agent: Agent;

  constructor(agent: Agent, number: number) {
    this.#agent = agent;
    this.number = number;
  }

  take(notice: Notice): void {
    this.notices.push(notice);
  }

  /** @param to for a UDP socket without a peer */
  send(text: string, to?: Endpoint): void {
    this.#agent.order({ send: text, socket: this.number, ...(to !== undefined && { to }) });
  }

  /** Ends a TCP connection with a RST. */
  reset(): void {
    this.#agent.order({ reset: true, socket: this.number });
  }

  /** Resolves when it is closed. */
  async close(): Promise<void> {
    this.#agent.order({ close: true, socket: this.number });
  }

  /** Waits for something to happen, or gives what has. */
  event(event: Notice['event'], patienceMs: number = PATIENCE_MS): Promise<Notice> {
    return until(`${event} of socket ${this.number}`, patienceMs, () => {
      const failed = this.notices.find((notice) => notice.event === 'error');
      if (failed !== undefined && event === 'open') throw new Error(`socket ${this.number}: ${failed.text}`);
      return this.notices.find((notice) => notice.event === event);
    });
  }

  /** Waits for a text to arrive, and tells where it came from. */
  async text(text: string): Promise<Endpoint> {
    const has = ({ event, text: heard = '' }: Notice): boolean => event === 'data' && heard.includes(text);
    const { from = { address: '', port: 0 } } = await until(`"${text}" at socket ${this.number}`, PATIENCE_MS, () =>
      this.notices.find(has),
    );
    return from;
  }

  /** Whether a text has arrived. */
  has(text: string): boolean {
    return this.notices.some(({ event, text: heard = '' }) => event === 'data' && heard.includes(text));
  }

  /** Waits for a connection. */
  async accepted(index: number = 0): Promise<{ readonly socket: RemoteSocket; readonly from: Endpoint }> {
    const notice = await until(`connection to socket ${this.number}`, PATIENCE_MS, () => {
      return this.notices.filter(({ event }) => event === 'accepted')[index];
    });
    const { accepted = -1, from = { address: '', port: 0 } } = notice;
    return { socket: this.#agent.socket(accepted), from };
  }
}

import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { PacketSocket } from '@router7/appliance/system/packet-socket';
import { MacAddress } from '@router7/wire';

/*
 * Sockets of one host, for a test that runs on another: opens them as it is told and tells what happens to them, in
 * lines of JSON over a connection on a Unix socket, which network namespaces do not keep apart.
 *
 * usage: socket-agent.ts PATH
 */

/** What an agent is asked for. Sockets have numbers that the test gives them. */
export type Order =
  /** With a peer a UDP socket takes packets of that one alone, and is told of ICMP errors. */
  | ({ readonly open: 'udp'; readonly socket: number; readonly peer?: Endpoint } & Endpoint)
  | ({ readonly open: 'listen'; readonly socket: number } & Endpoint)
  | ({ readonly open: 'connect'; readonly socket: number; readonly peer: Endpoint } & Endpoint)
  | { readonly send: string; readonly socket: number; readonly to?: Endpoint }
  | { readonly reset: true; readonly socket: number }
  | { readonly close: true; readonly socket: number }
  /** An IPv4 packet in hexadecimal, sent as it is to a hardware address. */
  | { readonly packet: string; readonly device: string; readonly to: string };

/** An IPv4 address and a port. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** What an agent tells. */
export interface Notice {
  readonly socket: number;
  readonly event: 'open' | 'data' | 'accepted' | 'error' | 'closed';
  readonly text?: string;
  readonly from?: Endpoint;
  /** Number of the connection that was accepted. */
  readonly accepted?: number;
}

type Tell = (event: Notice['event'], more?: Omit<Notice, 'socket' | 'event'>) => void;

interface Open {
  send(text: string, to?: Endpoint): void;
  close(): void;
  reset(): void;
}

const open = new Map<number, Open>();
let accepted = 1_000_000;

createServer((control) => {
  const tellOf =
    (socket: number): Tell =>
    (event, more = {}) =>
      void control.write(`${JSON.stringify({ socket, event, ...more })}\n`);
  createInterface({ input: control }).on('line', (line) => obey(JSON.parse(line) as Order, tellOf));
  control.on('error', () => process.exit(1));
}).listen(process.argv[2], () => console.log('ready'));

function obey(order: Order, tellOf: (socket: number) => Tell): void {
  if ('packet' in order) {
    sendPacket(order.device, order.to, order.packet);
    return;
  }
  const { socket } = order;
  if ('send' in order) open.get(socket)?.send(order.send, order.to);
  else if ('reset' in order) open.get(socket)?.reset();
  else if ('close' in order) open.get(socket)?.close();
  else if (order.open === 'udp') openUdp(order, tellOf(socket));
  else if (order.open === 'listen') openListener(order, tellOf);
  else watch(socket, connectFrom(order), tellOf(socket));
}

function openUdp(order: Extract<Order, { open: 'udp' }>, tell: Tell): void {
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  const { peer } = order;
  socket.on('message', (bytes, from) => {
    tell('data', { text: bytes.toString(), from: { address: from.address, port: from.port } });
  });
  socket.on('error', (error: NodeJS.ErrnoException) => tell('error', { text: error.code ?? '' }));
  socket.on('close', () => tell('closed'));
  socket.bind(order.port, order.address, () => {
    if (peer === undefined) tell('open');
    else socket.connect(peer.port, peer.address, () => tell('open'));
  });
  const failed = (error: Error | null): void => {
    if (error !== null) tell('error', { text: (error as NodeJS.ErrnoException).code ?? '' });
  };
  open.set(order.socket, {
    send: (text, to) => {
      if (to === undefined) socket.send(text, failed);
      else socket.send(text, to.port, to.address, failed);
    },
    close: () => socket.close(),
    reset: () => socket.close(),
  });
}

function openListener(order: Extract<Order, { open: 'listen' }>, tellOf: (socket: number) => Tell): void {
  const tell = tellOf(order.socket);
  const server = createServer((socket) => {
    const number = accepted++;
    const from = { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
    watch(number, socket, tellOf(number));
    tell('accepted', { accepted: number, from });
  });
  server.on('error', (error: NodeJS.ErrnoException) => tell('error', { text: error.code ?? '' }));
  server.listen(order.port, order.address, () => tell('open'));
  const close = (): void => void server.close();
  open.set(order.socket, { send: () => undefined, close, reset: close });
}

function connectFrom(order: Extract<Order, { open: 'connect' }>): Socket {
  const { address: localAddress, port: localPort, peer } = order;
  return connect({ host: peer.address, port: peer.port, localAddress, localPort });
}

function watch(number: number, socket: Socket, tell: Tell): void {
  socket.setNoDelay(true);
  socket.on('connect', () => tell('open'));
  socket.on('data', (bytes) => tell('data', { text: bytes.toString() }));
  socket.on('error', (error: NodeJS.ErrnoException) => tell('error', { text: error.code ?? '' }));
  socket.on('close', () => tell('closed'));
  open.set(number, {
    send: (text) => void socket.write(text),
    close: () => void socket.end(),
    reset: () => void socket.resetAndDestroy(),
  });
}

function sendPacket(device: string, to: string, packet: string): void {
  const interfaceIndex = Number(readFileSync(`/sys/class/net/${device}/ifindex`, 'utf8'));
  const socket = PacketSocket.open({ interfaceIndex, etherType: 0x0800, layer: 'network' });
  socket.queue(Buffer.from(packet, 'hex'), MacAddress.parse(to));
  socket.flush();
  socket.close();
}

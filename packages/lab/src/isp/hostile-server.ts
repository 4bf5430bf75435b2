import { createSocket, type Socket } from 'node:dgram';
import { decodeMessage, encodeMessage, type Message, MessageType, Op, type Option, optionValue } from '@router7/dhcp4';
import { Ipv4Address } from '@router7/wire';
import { Address } from '../home.ts';
import { HostileOffer } from './hostile.ts';

/*
 * The DHCP side of a provider's network where others listen in: before the good answer to each message of a client come
 * answers that a client must not believe. Everything is broadcast, so the client sees it all.
 */
const good = Ipv4Address.parse(Address.ispCustomers);
const poor = Ipv4Address.parse(Address.ispSecond);
const stranger = Ipv4Address.parse('198.51.100.250');
const STORM = 20;

const server = await open(Address.ispCustomers, 67);
const second = await open(Address.ispSecond, 67);
const wrongPort = await open(Address.ispSecond, 6767);
const listener = await open('255.255.255.255', 67);

for (const socket of [server, listener]) {
  socket.on('message', (bytes) => {
    try {
      answer(decodeMessage(bytes));
    } catch (error) {
      console.log(`dropped: ${(error as Error).message}`);
    }
  });
}
console.log('ready');

function answer(request: Message): void {
  const type = optionValue(request, 'dhcpMessageType');
  if (request.op !== Op.bootRequest || type === undefined) return;
  if (type === MessageType.discover) {
    lie(request, MessageType.offer);
    tell(second, reply(request, MessageType.offer, poor, HostileOffer.poor, []));
    tell(server, reply(request, MessageType.offer, good, HostileOffer.good, parameters()));
    console.log('OFFER by two servers');
  } else if (type === MessageType.request) {
    const wanted = optionValue(request, 'requestedIpAddress') ?? request.ciaddr;
    lie(request, MessageType.ack);
    const chosen = optionValue(request, 'serverIdentifier');
    if (chosen !== undefined && !chosen.equals(good)) {
      console.log(`the client chose ${chosen}`);
      tell(second, reply(request, MessageType.ack, poor, HostileOffer.poor, []));
    } else if (wanted.toString() === HostileOffer.good) {
      tell(server, reply(request, MessageType.ack, good, HostileOffer.good, parameters()));
      console.log(`ACK of ${wanted}`);
    } else {
      tell(server, reply(request, MessageType.nak, good, undefined, []));
      console.log(`NAK of ${wanted}`);
    }
  }
}

/** Answers that must be dropped, each for its own reason. */
function lie(request: Message, type: number): void {
  const believable = reply(request, type, good, HostileOffer.wrong, parameters());
  tell(server, { ...believable, xid: (request.xid ^ 0x5a5a5a5a) >>> 0 });
  tell(server, { ...believable, op: Op.bootRequest });
  tell(server, { ...believable, chaddr: Uint8Array.of(2, 0, 0, 0, 0, 1) });
  tell(wrongPort, believable);
  if (type === MessageType.ack) tell(second, reply(request, type, stranger, HostileOffer.wrong, parameters()));
  for (const address of ['0.0.0.0', '255.255.255.255', '127.0.0.1', '224.0.0.1']) {
    tell(server, reply(request, type, good, address, parameters()));
  }
  const bytes = encodeMessage(believable);
  const end = bytes.lastIndexOf(255);
  for (const length of [0, 1, 200, 236, 239, 241, 243]) broadcast(server, bytes.subarray(0, length));
  // The last option's length says more than there is.
  const lying = bytes.slice(0, end);
  lying[end - 9] = 250;
  broadcast(server, lying);
  for (let i = 0; i < STORM; i++) tell(second, reply(request, MessageType.nak, stranger, undefined, []));
}

function parameters(): readonly Option[] {
  return [
    { kind: 'ipAddressLeaseTime', value: 40 },
    { kind: 'renewalTime', value: 10 },
    { kind: 'rebindingTime', value: 30 },
    { kind: 'subnetMask', value: Ipv4Address.parse('255.255.255.0') },
    { kind: 'router', value: [good] },
    { kind: 'domainNameServer', value: ['203.0.113.53', '203.0.113.54'].map((text) => Ipv4Address.parse(text)) },
  ];
}

function reply(
  request: Message,
  type: number,
  from: Ipv4Address,
  address: string | undefined,
  options: readonly Option[],
): Message {
  const lease: Option[] =
    options.length === 0 && address !== undefined ? [{ kind: 'ipAddressLeaseTime', value: 40 }] : [];
  return {
    ...request,
    op: Op.bootReply,
    hops: 0,
    secs: 0,
    ciaddr: type === MessageType.ack ? request.ciaddr : Ipv4Address.unspecified,
    yiaddr: address === undefined ? Ipv4Address.unspecified : Ipv4Address.parse(address),
    options: [
      { kind: 'dhcpMessageType', value: type },
      { kind: 'serverIdentifier', value: from },
      ...lease,
      ...options,
    ],
  };
}

function tell(socket: Socket, message: Message): void {
  broadcast(socket, encodeMessage(message));
}

function broadcast(socket: Socket, bytes: Uint8Array): void {
  socket.send(bytes, 68, '255.255.255.255');
}

function open(address: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    socket.once('error', reject);
    socket.bind(port, address, () => {
      socket.setBroadcast(true);
      resolve(socket);
    });
  });
}

import { createSocket, type Socket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import {
  type ClientServerMessage,
  decodeMessage,
  encodeMessage,
  type IaNa,
  isRelayMessage,
  MessageType,
  type Option,
  optionValue,
  StatusCode,
} from '@router7/dhcp6';
import { Ipv6Address, Ipv6Prefix } from '@router7/wire';
import { Address6 } from '../home.ts';
import { HOSTILE_MOOD_FILE, type HostileMood, HostilePrefix } from './hostile-ipv6.ts';

/*
 * The DHCPv6 side of a provider's network where others listen in, and whose server has moods (see HostileMood). The first copy
 * of each Solicit and Request is lost; before the good answer come answers that a client must not believe; the good
 * one comes from a port that is not 547.
 */
const goodServer = Uint8Array.of(0, 3, 0, 1, 2, 0, 0, 0, 0, 1);
const rebootedServer = Uint8Array.of(0, 3, 0, 1, 2, 0, 0, 0, 0, 2);
const stranger = Uint8Array.of(0, 3, 0, 1, 2, 0, 0, 0, 0, 66);
const STORM = 20;
const TIMES = { t1Seconds: 5, t2Seconds: 8, preferred: 30, valid: 40 } as const;

/** The peer that a message came from. */
interface Peer {
  readonly address: string;
  readonly port: number;
}

const server = await open(547);
const otherPort = await open(5547);
server.addMembership('ff02::1:2', '::%customer0');
let lastLost = -1;

server.on('message', (bytes, peer) => {
  try {
    const message = decodeMessage(bytes);
    if (isRelayMessage(message)) return;
    answer(message, peer);
  } catch (error) {
    console.log(`dropped: ${(error as Error).message}`);
  }
});
console.log('ready');

function answer(request: ClientServerMessage, peer: Peer): void {
  const ia = optionValue(request, 'iaPd');
  if (ia === undefined) {
    if (request.messageType === MessageType.informationRequest)
      send(server, reply(request, MessageType.reply, []), peer);
    return;
  }
  const { messageType } = request;
  if (messageType === MessageType.solicit || messageType === MessageType.request) {
    if (isLost(request)) return;
    if (messageType === MessageType.solicit) {
      lie(request, MessageType.advertise, ia, peer);
      poorOffers(request, ia, peer);
      send(otherPort, reply(request, MessageType.advertise, [delegate(ia)]), peer);
      console.log('ADVERTISE by a crowd');
    } else {
      lie(request, MessageType.reply, ia, peer);
      send(otherPort, reply(request, MessageType.reply, [delegate(ia)]), peer);
      console.log(`REPLY to a Request: ${prefixNow()}`);
    }
  } else if (messageType === MessageType.renew || messageType === MessageType.rebind) {
    prolong(request, messageType === MessageType.rebind, ia, peer);
  }
}

/** The first copy of a message never arrives. */
function isLost({ transactionId }: ClientServerMessage): boolean {
  const isFirst = transactionId !== lastLost;
  lastLost = transactionId;
  return isFirst;
}

/** What the server makes of a Renew or Rebind, by its mood. */
function prolong(request: ClientServerMessage, isRebind: boolean, ia: IaNa, peer: Peer): void {
  const feeling = mood();
  console.log(`${isRebind ? 'Rebind' : 'Renew'} answered with ${feeling}`);
  if (feeling === 'silence') return;
  if (feeling === 'another server') {
    if (isRebind) send(otherPort, reply(request, MessageType.reply, [delegate(ia)]), peer);
    return;
  }
  lie(request, MessageType.reply, ia, peer);
  send(otherPort, reply(request, MessageType.reply, prolonged(feeling, ia)), peer);
}

function prolonged(feeling: HostileMood, ia: IaNa): readonly Option[] {
  switch (feeling) {
    case 'NoBinding':
      return [identity(ia, [status(StatusCode.noBinding)])];
    case 'NoPrefixAvail':
      return [identity(ia, [status(StatusCode.noPrefixAvail)])];
    case 'UseMulticast':
      return [status(StatusCode.useMulticast)];
    case 'T1 and T2 reversed':
      return [{ kind: 'iaPd', value: { ...delegation(ia), t1Seconds: 20, t2Seconds: 10 } }];
    case 'another prefix':
      return [identity(ia, [prefixOption(HostilePrefix.good, 0, 0), prefixOption(HostilePrefix.other)])];
    case 'withdrawn':
      return [
        identity(ia, [
          prefixOption(HostilePrefix.other, TIMES.preferred, TIMES.valid, [status(StatusCode.noBinding)]),
          prefixOption(HostilePrefix.good),
        ]),
      ];
    default:
      return [delegate(ia)];
  }
}

/** Answers that must be dropped, each for its own reason. */
function lie(request: ClientServerMessage, type: number, ia: IaNa, peer: Peer): void {
  const wrong = identity(ia, [prefixOption(HostilePrefix.wrong)]);
  const believable = reply(request, type, [wrong]);
  const without = (kind: Option['kind'], ...more: Option[]): ClientServerMessage => ({
    ...believable,
    options: [...believable.options.filter((option) => option.kind !== kind), ...more],
  });
  for (const message of [
    { ...believable, transactionId: request.transactionId ^ 0x5a5a5a },
    { ...believable, messageType: type === MessageType.reply ? MessageType.advertise : MessageType.reply },
    { ...believable, messageType: MessageType.renew },
    without('clientIdentifier'),
    without('clientIdentifier', { kind: 'clientIdentifier', value: stranger }),
    without('serverIdentifier'),
  ]) {
    send(server, message, peer);
  }
  const bytes = encodeMessage(believable);
  for (const length of [0, 1, 3]) sendBytes(server, bytes.subarray(0, length), peer);
  // The client's identifier says that it is longer than the message is.
  const lying = bytes.slice();
  lying[6] = 0xff;
  sendBytes(server, lying, peer);
}

/** Offers of other servers, all by themselves preferable to the good one, and none of any use. */
function poorOffers(request: ClientServerMessage, ia: IaNa, peer: Peer): void {
  const bad = prefixOption(HostilePrefix.wrong);
  const offers: readonly (readonly Option[])[] = [
    [],
    [identity(ia, [status(StatusCode.noPrefixAvail)])],
    [status(StatusCode.noPrefixAvail)],
    [identity({ ...ia, iaid: ia.iaid ^ 0xff }, [bad])],
    [{ kind: 'iaPd', value: { ...delegation(ia), t1Seconds: 20, t2Seconds: 10, options: [bad] } }],
    [identity(ia, [prefixOption(HostilePrefix.wrong, 30, 20)])],
    [identity(ia, [prefixOption(HostilePrefix.wrong, 0, 0)])],
  ];
  for (const [index, offer] of offers.entries()) {
    const options: Option[] = [{ kind: 'preference', value: 100 }, ...offer];
    send(server, reply(request, MessageType.advertise, options, Uint8Array.of(...stranger, index)), peer);
  }
  const none = [identity(ia, [status(StatusCode.noPrefixAvail)])];
  for (let i = 0; i < STORM; i++) send(server, reply(request, MessageType.advertise, none, stranger), peer);
}

function mood(): HostileMood {
  return readFileSync(HOSTILE_MOOD_FILE, 'utf8') as HostileMood;
}

function prefixNow(): string {
  return mood() === 'another prefix' ? HostilePrefix.other : HostilePrefix.good;
}

function delegate(ia: IaNa): Option {
  return { kind: 'iaPd', value: delegation(ia) };
}

function delegation({ iaid }: IaNa): IaNa {
  const { t1Seconds, t2Seconds } = TIMES;
  return { iaid, t1Seconds, t2Seconds, options: [prefixOption(prefixNow())] };
}

function identity(ia: IaNa, options: readonly Option[]): Option {
  return { kind: 'iaPd', value: { ...delegation(ia), options } };
}

function prefixOption(
  prefix: string,
  preferredLifetimeSeconds: number = TIMES.preferred,
  validLifetimeSeconds: number = TIMES.valid,
  options: readonly Option[] = [],
): Option {
  return {
    kind: 'iaPrefix',
    value: { prefix: Ipv6Prefix.parse(prefix), preferredLifetimeSeconds, validLifetimeSeconds, options },
  };
}

function status(code: number): Option {
  return { kind: 'statusCode', value: { status: code, message: 'so it is' } };
}

function reply(
  { transactionId, options: asked }: ClientServerMessage,
  messageType: number,
  options: readonly Option[],
  from: Uint8Array = mood() === 'another server' ? rebootedServer : goodServer,
): ClientServerMessage {
  return {
    messageType,
    transactionId,
    options: [
      ...asked.filter(({ kind }) => kind === 'clientIdentifier'),
      { kind: 'serverIdentifier', value: from },
      { kind: 'dnsServers', value: [Ipv6Address.parse(Address6.dns)] },
      ...options,
    ],
  };
}

function send(socket: Socket, message: ClientServerMessage, peer: Peer): void {
  sendBytes(socket, encodeMessage(message), peer);
}

function sendBytes(socket: Socket, bytes: Uint8Array, { address, port }: Peer): void {
  socket.send(bytes, port, address);
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket({ type: 'udp6', ipv6Only: true });
    socket.once('error', reject);
    socket.bind(port, '::', () => resolve(socket));
  });
}

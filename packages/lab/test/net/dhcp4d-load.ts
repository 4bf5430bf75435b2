import { createSocket } from 'node:dgram';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeMessage, encodeMessage, type Message, MessageType, Op, type Option, optionValue } from '@router7/dhcp4';
import { Ipv4Address, MacAddress } from '@router7/wire';

/*
 * Clients of a DHCPv4 server, behind a relay agent that is this program: it remembers what each was acknowledged, and says
 * so on standard output:
 *
 *   ack CLIENT ADDRESS KIND    nak CLIENT ADDRESS KIND    moved CLIENT OLD NEW    silent CLIENT KIND
 *
 * usage: dhcp4d-load.ts SETTINGS, the JSON of LoadSettings
 */

/** What the load does. */
export interface LoadSettings {
  /** The agent's own address. */
  readonly relay: string;
  readonly server: string;
  /** The clients' numbers. */
  readonly first: number;
  readonly count: number;
  /** Exchanges under way at a time. */
  readonly window: number;
  /** Ends after so many exchanges, answered or not; goes on until it is ended when absent. */
  readonly exchanges?: number;
  /** Addresses that clients have from before, by client: they ask for these (INIT-REBOOT). */
  readonly remembered?: Readonly<Record<string, string>>;
  /** How long an answer is waited for, asking again every half second; half a second when absent. */
  readonly patienceMs?: number;
}

const REPEAT_MS = 500;
const settings = JSON.parse(process.argv[2] ?? '{}') as LoadSettings;
const relay = Ipv4Address.parse(settings.relay);
const socket = createSocket('udp4');
const waiting = new Map<number, (reply: Message | undefined) => void>();
const addresses = new Map<number, Ipv4Address>();
for (const [client, address] of Object.entries(settings.remembered ?? {})) {
  addresses.set(Number(client), Ipv4Address.parse(address));
}
let xid = (process.pid << 16) >>> 0;

socket.on('message', (bytes) => {
  const message = decodeMessage(new Uint8Array(bytes));
  waiting.get(message.xid)?.(message);
});
await new Promise<void>((resolve) => socket.bind(67, settings.relay, resolve));
const lines: string[] = [];
setInterval(flush, 20);

let begun = 0;
await Promise.all(Array.from({ length: settings.window }, work));
flush();
process.exit(0);

function flush(): void {
  if (lines.length > 0) process.stdout.write(`${lines.splice(0).join('\n')}\n`);
}

async function work(): Promise<void> {
  while (settings.exchanges === undefined || begun < settings.exchanges) {
    const client = settings.first + (begun++ % settings.count);
    await exchange(client);
    await sleep(1);
  }
}

async function exchange(client: number): Promise<void> {
  const known = addresses.get(client);
  const kind = known === undefined ? 'new' : (['renew', 'reboot', 'again'] as const)[Math.floor(Math.random() * 3)];
  let reply: Message | undefined;
  if (kind === 'renew') reply = await ask(client, MessageType.request, [], known);
  else if (kind === 'reboot') reply = await ask(client, MessageType.request, requested(known));
  else {
    const offer = await ask(client, MessageType.discover, []);
    const server = offer && optionValue(offer, 'serverIdentifier');
    if (offer !== undefined && server !== undefined) {
      if (known !== undefined && !offer.yiaddr.equals(known)) lines.push(`moved ${client} ${known} ${offer.yiaddr}`);
      const options: Option[] = [...requested(offer.yiaddr), { kind: 'serverIdentifier', value: server }];
      reply = await ask(client, MessageType.request, options);
    }
  }
  if (reply === undefined) {
    lines.push(`silent ${client} ${kind}`);
    return;
  }
  const type = optionValue(reply, 'dhcpMessageType');
  if (type !== MessageType.ack) {
    lines.push(`nak ${client} ${known} ${kind}`);
    return;
  }
  if (known !== undefined && !reply.yiaddr.equals(known)) lines.push(`moved ${client} ${known} ${reply.yiaddr}`);
  addresses.set(client, reply.yiaddr);
  lines.push(`ack ${client} ${reply.yiaddr} ${kind}`);
}

function requested(address: Ipv4Address | undefined): Option[] {
  return address === undefined ? [] : [{ kind: 'requestedIpAddress', value: address }];
}

function ask(client: number, type: number, options: Option[], ciaddr?: Ipv4Address): Promise<Message | undefined> {
  xid = (xid + 1) >>> 0;
  const own = xid;
  const chaddr = new MacAddress(0x0207_0000_0000 + client).toBytes();
  const identifier: Option[] = [{ kind: 'clientIdentifier', value: Uint8Array.of(0xff, ...chaddr) }];
  const message: Message = {
    op: Op.bootRequest,
    htype: 1,
    hops: 1,
    xid: own,
    secs: 0,
    flags: 0,
    ciaddr: ciaddr ?? Ipv4Address.unspecified,
    yiaddr: Ipv4Address.unspecified,
    siaddr: Ipv4Address.unspecified,
    giaddr: relay,
    chaddr,
    sname: new Uint8Array(0),
    file: new Uint8Array(0),
    // Every second client has an identifier of its own.
    options: [{ kind: 'dhcpMessageType', value: type }, ...options, ...(client % 2 === 0 ? identifier : [])],
  };
  return new Promise((resolve) => {
    const octets = encodeMessage(message);
    const send = (): void =>
      socket.send(octets, 67, settings.server, (error) => {
        if (error !== null && error !== undefined) settle(undefined);
      });
    const end = performance.now() + (settings.patienceMs ?? 0);
    const timer = setInterval(() => (performance.now() < end ? send() : settle(undefined)), REPEAT_MS);
    const settle = (reply: Message | undefined): void => {
      clearInterval(timer);
      waiting.delete(own);
      resolve(reply);
    };
    waiting.set(own, settle);
    send();
  });
}

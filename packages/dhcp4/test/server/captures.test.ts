/** What real clients and relay agents sent (test/fixtures), put to our server instead of to the one that was recorded. */
import { readdirSync, readFileSync } from 'node:fs';
import { decodeEthernet, decodeIpv4Udp, EtherType, readCapture } from '@router7/pcap';
import { type Ipv4Address, Ipv4Prefix } from '@router7/wire';
import t from 'tap';
import { decodeMessage, MessageType, Op, optionValue } from '../../src/index.ts';
import type { SubnetConfig } from '../../src/server/config.ts';
import { defaultServerConfig } from '../../src/server/default-config.ts';
import { ip, optionOf, SimulatedLan, SUBNET } from './simulated-lan.ts';

const folder = new URL('../fixtures/', import.meta.url);

/** The network of the fixtures' README. */
const LINK: SubnetConfig = {
  ...SUBNET,
  prefix: Ipv4Prefix.parse('192.0.2.1/24'),
  pools: [{ first: ip('192.0.2.100'), last: ip('192.0.2.150') }],
  leaseTimeSeconds: 3600,
};
const FAR: SubnetConfig = {
  ...LINK,
  prefix: Ipv4Prefix.parse('198.51.100.0/24'),
  pools: [{ first: ip('198.51.100.100'), last: ip('198.51.100.150') }],
};
const CONFIG = { ...defaultServerConfig(LINK.prefix), subnets: [LINK, FAR], rapidCommit: true };

/** A letter for each type, as in the README. */
const LETTERS = '-DORCANLI';

/** Types of the clients' messages and of our replies, and why those without a reply got none. */
function serve(file: string): { readonly letters: string; readonly discarded: string[] } {
  const lan = new SimulatedLan(CONFIG);
  const begin = lan.now;
  let first: bigint | undefined;
  let letters = '';
  const discarded: string[] = [];
  for (const { timestamp, payload, source } of requestsIn(file)) {
    first ??= timestamp;
    lan.advance(begin + Number((timestamp - first) / 1_000_000n) - lan.now);
    const message = decodeMessage(payload);
    letters += LETTERS[optionValue(message, 'dhcpMessageType') ?? 0];
    lan.handle({ kind: 'datagram', payload, source });
    if (lan.discarded !== undefined) discarded.push(lan.discarded);
    const reply = lan.reply();
    if (reply === undefined) continue;
    const type = optionOf(reply, 'dhcpMessageType') ?? 0;
    letters += LETTERS[type];
    const fault = faultOf(reply, message);
    if (fault !== undefined) throw new Error(`${file}: ${fault}`);
  }
  return { letters, discarded };
}

/** What is wrong with a reply, by what every client checks. */
function faultOf(
  reply: NonNullable<ReturnType<SimulatedLan['reply']>>,
  request: ReturnType<typeof decodeMessage>,
): string | undefined {
  const { message, send } = reply;
  if (message.xid !== request.xid || message.chaddr.join() !== request.chaddr.join())
    return 'an answer to somebody else';
  const identifier = optionValue(request, 'clientIdentifier');
  if (`${identifier}` !== `${optionOf(reply, 'clientIdentifier')}`) return 'the identifier is not echoed';
  if (optionOf(reply, 'serverIdentifier')?.equals(ip('192.0.2.1')) !== true) return 'no server identifier';
  const type = optionOf(reply, 'dhcpMessageType');
  if (type === MessageType.nak || optionValue(request, 'dhcpMessageType') === MessageType.inform) return undefined;
  if (optionOf(reply, 'ipAddressLeaseTime') === undefined) return 'no lease time';
  const limit = (optionValue(request, 'maximumDhcpMessageSize') ?? 576) - 28;
  return send.payload.length > Math.max(limit, 548) ? `${send.payload.length} octets are too many` : undefined;
}

/** The datagrams to port 67 of clients and relay agents. */
function* requestsIn(
  file: string,
): IterableIterator<{ readonly timestamp: bigint; readonly payload: Uint8Array; readonly source: Ipv4Address }> {
  for (const record of readCapture(readFileSync(new URL(file, folder)))) {
    if (record.kind !== 'packet') continue;
    const frame = decodeEthernet(record.bytes);
    if (frame.etherType !== EtherType.ipv4) continue;
    const datagram = decodeIpv4Udp(frame.payload);
    if (datagram?.destinationPort !== 67 || datagram.payload[0] !== Op.bootRequest) continue;
    yield { timestamp: record.timestamp ?? 0n, payload: datagram.payload, source: datagram.source };
  }
}

/** By the last words of the file's name. What was asked of a server that was silent then is answered here. */
const STORIES: readonly [story: string, letters: RegExp][] = [
  ['dora', /^(?:DO)+(?:RA)+$/],
  ['broadcast', /^(?:DO)+(?:RA)+$/],
  ['options', /^(?:DO)+(?:RA)+$/],
  ['fqdn', /^(?:DO)+(?:RA)+L?$/],
  ['renew', /^(?:DO)+(?:RA){2,}$/],
  ['rebind', /^(?:DO)+(?:RA){3,}$/],
  ['expire', /^(?:DO)+(?:RA){3,}(?:DO)+(?:RA)*$/],
  ['reboot', /^(?:DO)+(?:RA){2,}$/],
  ['carrier', /^(?:DO)+(?:RA){2,}$/],
  ['release', /^(?:DO)+(?:RA)+L$/],
  ['decline', /^(?:DO)+(?:RA)+C(?:DO)+(?:RA)+$/],
  ['rapid-commit', /^(?:DA)+$/],
  ['relay-server', /^(?:DO)+(?:RA)+$/],
  ['silent', /^(?:DO)+(?:RA)+$/],
  ['long', /^(?:DO)+(?:RA)+$/],
  ['split', /^(?:DO)+(?:RA)+$/],
  ['overload', /^(?:DO)+(?:RA)+$/],
  ['pxe', /^(?:DO)+(?:RA)+$/],
  ['requested-ip', /^(?:DO)+(?:RA)+$/],
  ['bulk', /^(?:DORA)+$/],
  ['inform', /^(?:IA)+$/],
];

const files = readdirSync(folder).filter((name) => name.endsWith('.pcap'));

t.test('every message that was ever recorded is understood', (t) => {
  for (const file of files) {
    const { discarded } = serve(file);
    const unexpected = discarded.filter(
      (reason) => !['other-server', 'not-leased-here', 'bootp', 'no-subnet'].includes(reason),
    );
    t.same(unexpected, [], file);
  }
  t.end();
});

t.test('each story goes as it should', (t) => {
  for (const [story, letters] of STORIES) {
    const told = files.filter((name) => name.endsWith(`-${story}.pcap`));
    t.ok(told.length > 0, story);
    for (const file of told) t.match(serve(file).letters, letters, file);
  }
  t.end();
});

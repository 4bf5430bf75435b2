/** The codec against captures of real routers and hosts, and against tshark's reading of them. */
import { readdirSync, readFileSync } from 'node:fs';
import { decodeFrame, type Frame, readCapture } from '@router7/pcap';
import { fromHex, toHex } from '@router7/wire';
import t from 'tap';
import { decodeMessage, encodeMessage, type Message, MessageType, messageFault, type Option } from '../src/index.ts';
import { sameBytes } from './golden.ts';

const FIXTURES = new URL('fixtures/', import.meta.url);

/** A name of tshark's with the value, as text. */
type Field = readonly [name: string, value: string];

/** One message as fixtures/expected.py gets it from tshark; see its head. */
interface Expected {
  readonly frame: number;
  readonly source: string;
  readonly destination: string;
  readonly hopLimit: number;
  readonly bytes: string;
  readonly fields: readonly Field[];
  readonly options: readonly (readonly Field[])[];
}

const bit = (value: boolean): string => (value ? '1' : '0');
const colons = (bytes: Uint8Array): string => toHex(bytes).replace(/..(?=.)/g, '$&:');

/** Fields in tshark's words. */
function ownFields(message: Message): Field[] {
  switch (message.kind) {
    case 'routerSolicitation':
      return [];
    case 'routerAdvertisement':
      return [
        ['icmpv6.nd.ra.cur_hop_limit', `${message.curHopLimit}`],
        ['icmpv6.nd.ra.flag.m', bit(message.managedAddressConfiguration)],
        ['icmpv6.nd.ra.flag.o', bit(message.otherConfiguration)],
        ['icmpv6.nd.ra.flag.h', bit(message.homeAgent)],
        ['icmpv6.nd.ra.flag.prf', `${message.preference}`],
        ['icmpv6.nd.ra.flag.p', bit(message.proxy)],
        ['icmpv6.nd.ra.router_lifetime', `${message.routerLifetimeSeconds}`],
        ['icmpv6.nd.ra.reachable_time', `${message.reachableTimeMilliseconds}`],
        ['icmpv6.nd.ra.retrans_timer', `${message.retransTimerMilliseconds}`],
      ];
    case 'neighborSolicitation':
      return [['icmpv6.nd.ns.target_address', `${message.targetAddress}`]];
    case 'neighborAdvertisement':
      return [
        ['icmpv6.nd.na.flag.r', bit(message.router)],
        ['icmpv6.nd.na.flag.s', bit(message.solicited)],
        ['icmpv6.nd.na.flag.o', bit(message.override)],
        ['icmpv6.nd.na.target_address', `${message.targetAddress}`],
      ];
    case 'redirect':
      return [
        ['icmpv6.nd.rd.target_address', `${message.targetAddress}`],
        ['icmpv6.rd.na.destination_address', `${message.destinationAddress}`],
      ];
  }
}

/** An option's type and value in tshark's words. */
function optionFields(option: Option): Field[] {
  switch (option.kind) {
    case 'sourceLinkLayerAddress':
      return [type(1), ['icmpv6.opt.src_linkaddr', colons(option.value)]];
    case 'targetLinkLayerAddress':
      return [type(2), ['icmpv6.opt.target_linkaddr', colons(option.value)]];
    case 'prefixInformation':
      return [
        type(3),
        ['icmpv6.opt.prefix.length', `${option.value.prefix.length}`],
        ['icmpv6.opt.prefix.flag.l', bit(option.value.onLink)],
        ['icmpv6.opt.prefix.flag.a', bit(option.value.autonomous)],
        ['icmpv6.opt.prefix.flag.r', bit(option.value.routerAddress)],
        ['icmpv6.opt.prefix.valid_lifetime', `${option.value.validLifetimeSeconds}`],
        ['icmpv6.opt.prefix.preferred_lifetime', `${option.value.preferredLifetimeSeconds}`],
        ['icmpv6.opt.prefix', `${option.value.prefix.address}`],
      ];
    case 'redirectedHeader':
      return [type(4)];
    case 'mtu':
      return [type(5), ['icmpv6.opt.mtu', `${option.value}`]];
    case 'nonce':
      return [type(14), ['icmpv6.opt.nonce', colons(option.value)]];
    case 'routeInformation':
      return [
        type(24),
        ['icmpv6.opt.prefix.length', `${option.value.prefix.length}`],
        ['icmpv6.opt.route_info.flag.route_preference', `${option.value.preference}`],
        ['icmpv6.opt.route_lifetime', `${option.value.routeLifetimeSeconds}`],
        ['icmpv6.opt.prefix', `${option.value.prefix.address}`],
      ];
    case 'rdnss':
      return [
        type(25),
        ['icmpv6.opt.rdnss.lifetime', `${option.value.lifetimeSeconds}`],
        ...option.value.addresses.map((address): Field => ['icmpv6.opt.rdnss', `${address}`]),
      ];
    case 'dnssl':
      return [
        type(31),
        ['icmpv6.opt.dnssl.lifetime', `${option.value.lifetimeSeconds}`],
        ...option.value.domainNames.map((name): Field => ['icmpv6.opt.dnssl', name]),
      ];
    case 'raw':
      return [type(option.code)];
    default:
      throw new Error(`the captures have no ${option.kind}`);
  }
}

function type(code: number): Field {
  return ['icmpv6.opt.type', `${code}`];
}

/** What of tshark's fields says nothing of its own: sums of flags, and an address once more. */
const said = (fields: readonly Field[]): Field[] =>
  fields.filter(
    ([name]) =>
      !/\.(flag|code|length|reserved|rsv|linkaddr|redirected_packet)$/.test(name) || /prefix\.length/.test(name),
  );

/** Options whose values tshark reads by other rules, or which are raw here: their type is compared. */
const TYPE_ONLY: ReadonlySet<string> = new Set(['4', '7', '8', '35']);

function frames(name: string): Map<number, Frame> {
  const found = new Map<number, Frame>();
  let number = 0;
  for (const record of readCapture(readFileSync(new URL(name, FIXTURES)))) {
    if (record.kind === 'packet') found.set(++number, decodeFrame(record.bytes, { verifyChecksums: true }));
  }
  return found;
}

for (const name of readdirSync(FIXTURES).filter((file) => file.endsWith('.pcap'))) {
  t.test(name, async (t) => {
    const json = readFileSync(new URL(`expected/${name.replace('.pcap', '.json')}`, FIXTURES), 'utf8');
    const expectations = JSON.parse(json) as readonly Expected[];
    const found = frames(name);
    t.equal(found.size, expectations.length, 'as many messages as tshark finds');
    for (const expected of expectations) {
      const { ipv6 } = found.get(expected.frame) as Frame;
      const title = `frame ${expected.frame}`;
      if (ipv6 === undefined) {
        t.fail(`${title} is not IPv6`);
        continue;
      }
      const bytes = fromHex(expected.bytes);
      sameBytes(t, ipv6.payload, bytes, `${title}: the same octets`);
      const message = decodeMessage(bytes);
      t.strictSame(
        [['icmpv6.type', `${MessageType[message.kind]}`], ...ownFields(message)],
        said(expected.fields),
        `${title}: the same fields`,
      );
      t.strictSame(
        message.options.map(optionFields),
        expected.options.map((fields) => said(fields).slice(0, TYPE_ONLY.has(fields[0]?.[1] ?? '') ? 1 : undefined)),
        `${title}: the same options`,
      );
      const { hopLimit, source, destination } = ipv6;
      t.equal(messageFault(message, { hopLimit, source, destination }), undefined, `${title}: valid`);
      const again = encodeMessage(message);
      again.set(bytes.subarray(2, 4), 2); // the checksum, which the kernel makes
      sameBytes(t, again, bytes, `${title}: comes out as it came in`);
    }
  });
}

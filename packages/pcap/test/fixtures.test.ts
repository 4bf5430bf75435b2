import { readdirSync, readFileSync } from 'node:fs';
import { DecodeError, toHex } from '@router7/wire';
import t from 'tap';
import {
  type CapturedPacket,
  CaptureReader,
  type CaptureRecord,
  decodeFrame,
  type Frame,
  InterfaceOptionCode,
  ipv6Fragment,
  optionTexts,
} from '../src/index.ts';

/** What tshark says of a frame (expected.py): numbers, texts, or a list where a field occurs several times. */
type Expected = Readonly<Record<string, number | string | readonly (number | string)[] | undefined>>;

const folder = new URL('fixtures/', import.meta.url);
const names = readdirSync(folder).filter((name) => /\.pcap(ng)?$/.test(name));

function bytesOf(name: string): Uint8Array {
  return readFileSync(new URL(name, folder));
}

function expectedOf(name: string): Expected[] {
  return JSON.parse(readFileSync(new URL(`expected/${name}.json`, folder), 'utf8')) as Expected[];
}

function read(bytes: Uint8Array, size: number): { records: CaptureRecord[]; error: DecodeError | undefined } {
  const reader = new CaptureReader();
  const records: CaptureRecord[] = [];
  try {
    for (let at = 0; at <= bytes.length; at += size) {
      if (at < bytes.length) reader.push(bytes.subarray(at, at + size));
      if (at + size >= bytes.length) reader.end();
      for (let record = reader.poll(); record !== undefined; record = reader.poll()) records.push(record);
      if (at + size >= bytes.length) break;
    }
    return { records, error: undefined };
  } catch (error) {
    if (error instanceof DecodeError) return { records, error };
    throw error;
  }
}

const first = (value: Expected[string]): number | string | undefined =>
  typeof value === 'object' ? (value[0] as number | string) : value;

/** Seconds with nine digits, as tshark prints them. */
function seconds(nanoseconds: bigint): string {
  return `${nanoseconds / 1_000_000_000n}.${(nanoseconds % 1_000_000_000n).toString().padStart(9, '0')}`;
}

/** What we say of a packet, in the same terms. */
function describePacket(packet: CapturedPacket): Expected {
  const name = optionTexts(packet.interface?.options ?? [], InterfaceOptionCode.name)[0];
  return {
    time: packet.timestamp === undefined ? undefined : seconds(packet.timestamp),
    length: packet.originalLength,
    captured: packet.bytes.length,
    interface: packet.interface === undefined ? undefined : packet.interfaceId,
    interfaceName: packet.interface === undefined ? undefined : (name ?? 'unknown'),
    comment: packet.comments[0],
  };
}

function describeFrame({ ethernet, arp, ipv4, ipv6, udp, icmpv6 }: Frame): Expected {
  const fragment = ipv6 === undefined ? undefined : ipv6Fragment(ipv6);
  const etherType = ethernet?.tags[0]?.tpid ?? ethernet?.etherType ?? 0;
  const four = arp?.kind === 'ethernet' ? arp : undefined;
  return {
    ethSource: ethernet?.source.toString(),
    ethDestination: ethernet?.destination.toString(),
    ...(etherType > 1500 ? { ethType: etherType } : { ethLength: etherType }),
    vlanPriority: ethernet?.tags.at(0)?.pcp,
    arpOperation: four?.operation,
    arpSenderMac: four?.senderHardwareAddress.toString(),
    arpSender: four?.senderProtocolAddress.toString(),
    arpTargetMac: four?.targetHardwareAddress.toString(),
    arpTarget: four?.targetProtocolAddress.toString(),
    ip4Source: ipv4?.source.toString(),
    ip4Destination: ipv4?.destination.toString(),
    ip4Identification: ipv4?.identification,
    ip4MoreFragments: ipv4 === undefined ? undefined : Number(ipv4.moreFragments),
    ip4Ttl: ipv4?.ttl,
    ip4Protocol: ipv4?.protocol,
    ip6Source: ipv6?.source.toString(),
    ip6Destination: ipv6?.destination.toString(),
    ip6HopLimit: ipv6?.hopLimit,
    ip6NextHeader: ipv6 === undefined ? undefined : (ipv6.extensionHeaders[0]?.type ?? ipv6.nextHeader),
    ip6FragmentMore: fragment === undefined ? undefined : Number(fragment.moreFragments),
    ip6FragmentIdentification: fragment?.identification,
    udpSource: udp?.sourcePort,
    udpDestination: udp?.destinationPort,
    udpLength: udp === undefined ? undefined : udp.payload.length + 8,
    udpPayload: udp === undefined || udp.payload.length === 0 ? undefined : toHex(udp.payload),
    icmp6Type: icmpv6?.type,
    icmp6Code: icmpv6?.code,
  };
}

/** Inside an ICMP error tshark sees the datagram that is quoted. */
function isQuoting(expected: Expected): boolean {
  return Array.isArray(expected.ip4Source) || Array.isArray(expected.ip6Source);
}

/** tshark looks into the first fragment's datagram, which may be cut off; this package leaves fragments alone. */
function isFragment(expected: Expected): boolean {
  return (
    first(expected.ip4MoreFragments) === 1 ||
    (first(expected.ip4FragmentOffset) ?? 0) !== 0 ||
    expected.ip6FragmentMore === 1 ||
    (expected.ip6FragmentOffset ?? 0) !== 0
  );
}

/** What both sides look into: see above. */
function comparable(expected: Expected, frame: Frame): Expected {
  const left = isFragment(expected) ? /^(udp|icmp6)/ : isQuoting(expected) ? /^udp/ : /^$/;
  return Object.fromEntries(Object.entries(describeFrame(frame)).filter(([key]) => !left.test(key)));
}

function same(expected: Expected, actual: Expected): string[] {
  return Object.entries(actual)
    .filter(([key, value]) => value !== first(expected[key]))
    .map(([key, value]) => `frame ${expected.frame}: ${key} is ${value}, tshark says ${expected[key]}`);
}

t.test('the captures are there, each with what tshark says of it', async (t) => {
  t.ok(names.length >= 10, `${names.length} captures`);
});

for (const name of names) {
  const bytes = bytesOf(name);
  const expected = expectedOf(name);
  const whole = read(bytes, bytes.length);
  const packets = whole.records.filter((record) => record.kind === 'packet');

  t.test(`${name}: as many packets, times, lengths, interfaces and comments as tshark finds`, async (t) => {
    t.equal(packets.length, expected.length);
    t.strictSame(
      packets.flatMap((packet, i) => same(expected[i] as Expected, describePacket(packet))),
      [],
    );
    if (name.startsWith('truncated')) t.match(whole.error, { code: 'truncated', offset: bytes.length });
    else t.equal(whole.error, undefined);
  });

  t.test(`${name}: every header field and checksum as tshark has it`, async (t) => {
    const wrong: string[] = [];
    let verified = 0;
    for (const [i, packet] of packets.entries()) {
      const row = expected[i] as Expected;
      if (packet.bytes.length < packet.originalLength) {
        const cut = (): Frame => decodeFrame(packet.bytes);
        t.throws(cut, { code: 'truncated' }, `frame ${i + 1}, cut by the snap length`);
        continue;
      }
      const frame = decodeFrame(packet.bytes);
      wrong.push(...same(row, comparable(row, frame)));
      const statuses = [row.ip4Checksum, row.udpChecksum, row.icmp6Checksum].flat();
      if (first(row.ip4Checksum) !== 'bad' && !statuses.includes('bad')) {
        t.doesNotThrow(() => decodeFrame(packet.bytes, { verifyChecksums: true }), `frame ${i + 1}, checksums`);
      } else {
        const code = 'bad-checksum';
        t.throws(() => decodeFrame(packet.bytes, { verifyChecksums: true }), { code }, `frame ${i + 1}, bad checksum`);
      }
      verified++;
    }
    t.strictSame(wrong, []);
    t.ok(verified > 0 || name === 'crafted-snap.pcap');
  });

  t.test(`${name}: chunks of 1 and of 7 octets give the same`, async (t) => {
    for (const size of [1, 7]) {
      const parts = read(bytes, size);
      t.strictSame(parts.records, whole.records, `${size}`);
      t.equal(parts.error?.code, whole.error?.code);
      t.equal(parts.error?.offset, whole.error?.offset);
    }
  });
}

for (const name of ['crafted-us.pcap', 'two-interfaces.pcapng']) {
  t.test(`${name}: cut at any octet, what was before the cut is kept`, async (t) => {
    const bytes = bytesOf(name);
    const whole = read(bytes, bytes.length).records;
    let before = 0;
    const wrong: number[] = [];
    for (let length = 0; length <= bytes.length; length++) {
      const { records, error } = read(bytes.subarray(0, length), Math.max(1, length));
      // One more record the moment it is complete, and only then a clean end; never one less.
      const complete = records.length === before + 1;
      if (!(complete ? error === undefined : error?.code === 'truncated' && records.length === before))
        wrong.push(length);
      before = records.length;
    }
    t.strictSame(wrong, []);
    t.equal(before, whole.length);
  });
}

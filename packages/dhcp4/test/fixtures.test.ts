/** The codec against captures of real servers and clients, and against an independent decoder of them (D4C-18). */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { decodeFrame, readCapture } from '@router7/pcap';
import { bytesEqual, MacAddress, toHex } from '@router7/wire';
import t from 'tap';
import { decodeMessage, encodeMessage, encodeOption, type Message, optionName, optionValue } from '../src/index.ts';
import { ip, sameBytes } from './golden.ts';

const FIXTURES = new URL('fixtures/', import.meta.url);
const SHARED = new URL('../../../../shared/captures/', import.meta.url);

type Pair = readonly [code: number, hex: string];

/** One DHCP packet as fixtures/expected.py reads it; see its head. */
interface Expected {
  readonly frame: number;
  readonly type: number | null;
  readonly op: number;
  readonly htype: number;
  readonly hlen: number;
  readonly hops: number;
  readonly xid: string;
  readonly secs: number;
  readonly flags: number;
  readonly ciaddr: string;
  readonly yiaddr: string;
  readonly siaddr: string;
  readonly giaddr: string;
  readonly chaddr: string;
  readonly sname: string;
  readonly file: string;
  readonly options: readonly Pair[];
  readonly fileOptions: readonly Pair[] | null;
  readonly snameOptions: readonly Pair[] | null;
  readonly merged: readonly Pair[];
}

/** The UDP payloads of ports 67 and 68, by the frame's number in the file, from 1. */
function payloads(file: URL): Map<number, Uint8Array> {
  const found = new Map<number, Uint8Array>();
  let number = 0;
  for (const record of readCapture(readFileSync(file))) {
    if (record.kind !== 'packet') continue;
    number++;
    const { udp } = decodeFrame(record.bytes, { verifyChecksums: true });
    if (udp !== undefined && [67, 68].includes(udp.destinationPort)) found.set(number, udp.payload);
  }
  return found;
}

/** The fixed fields in the way of the expectations. */
function fixedFields(message: Message): object {
  const { op, htype, hops, secs, flags, chaddr } = message;
  return {
    ...{ op, htype, hlen: chaddr.length, hops, xid: message.xid.toString(16).padStart(8, '0'), secs, flags },
    ...{ ciaddr: `${message.ciaddr}`, yiaddr: `${message.yiaddr}` },
    ...{ siaddr: `${message.siaddr}`, giaddr: `${message.giaddr}` },
    ...{ chaddr: chaddr.length === 6 ? `${MacAddress.fromBytes(chaddr)}` : toHex(chaddr) },
    ...{ sname: toHex(message.sname), file: toHex(message.file) },
  };
}

function expectedFields(expected: Expected): object {
  const { op, htype, hlen, hops, xid, secs, flags, ciaddr, yiaddr, siaddr, giaddr, chaddr } = expected;
  const sname = expected.snameOptions === null ? expected.sname : '';
  const file = expected.fileOptions === null ? expected.file : '';
  return { op, htype, hlen, hops, xid, secs, flags, ciaddr, yiaddr, siaddr, giaddr, chaddr, sname, file };
}

/**
 * The options whose octets may differ from those of the capture although they mean the same: text with zero octets
 * behind it, and search lists that are not compressed, or otherwise.
 */
function mayDiffer(code: number, theirs: string, ours: string): boolean {
  return optionName(code) === 'domainSearch' || /^(00)+$/.test(theirs.slice(ours.length));
}

/** Why a message cannot come out as it came in, or undefined when it has to. */
function reasonToDiffer(expected: Expected, normalized: boolean): string | undefined {
  const codes = expected.options.map(([code]) => code);
  if (expected.fileOptions !== null || expected.snameOptions !== null) return 'overloaded';
  if (new Set(codes).size < codes.length) return 'split otherwise';
  if (codes.includes(53) && codes[0] !== 53) return 'the type is not first';
  if (codes.includes(82) && codes.at(-1) !== 82) return 'relay agent information is not last';
  return normalized ? 'text or names in another form' : undefined;
}

/** What the peers were told to send although it breaks the options' definitions. */
const malformedInFixtures: ReadonlyMap<number, string> = new Map([
  [77, '69505845'], // "iPXE" as plain text, as network cards really send it, not in the form of RFC 3004
  [162, '000f000103646e730004c0000235'], // a length of 15 for 12 octets
]);

const reasons = new Map<string, number>();

for (const name of readdirSync(FIXTURES).filter((file) => file.endsWith('.pcap'))) {
  t.test(name, async (t) => {
    const json = readFileSync(new URL(`expected/${name.replace('.pcap', '.json')}`, FIXTURES), 'utf8');
    const expectations = JSON.parse(json) as readonly Expected[];
    const found = payloads(new URL(name, FIXTURES));
    t.strictSame(
      [...found.keys()],
      expectations.map(({ frame }) => frame),
      'the same packets',
    );
    for (const expected of expectations) {
      const bytes = found.get(expected.frame) as Uint8Array;
      const message = decodeMessage(bytes);
      t.strictSame(fixedFields(message), expectedFields(expected), `frame ${expected.frame}: fixed fields`);
      t.equal(optionValue(message, 'dhcpMessageType') ?? null, expected.type, 'type');
      const malformed = message.options.filter((option) => option.kind === 'malformed');
      t.ok(
        malformed.every(({ code, data }) => malformedInFixtures.get(code) === toHex(data)),
        'nothing malformed but what was configured so',
      );

      const merged = expected.merged.filter(([code]) => code !== 52);
      const ours = message.options.map((option): Pair => {
        const { code, data } = encodeOption(option);
        return [code, toHex(data)];
      });
      t.strictSame(
        ours.map(([code]) => code),
        merged.map(([code]) => code),
        'codes in order',
      );
      const different = ours.filter(([, data], i) => data !== merged[i]?.[1]);
      const unexplained = different.filter(([code, data]) => {
        const theirs = merged.find(([theirCode]) => theirCode === code)?.[1] ?? '';
        return !mayDiffer(code, theirs, data);
      });
      t.strictSame(unexplained, [], 'octets of options');

      const again = encodeMessage(message, { minimumSize: bytes.length });
      const reason = bytesEqual(again, bytes) ? 'identical' : reasonToDiffer(expected, different.length > 0);
      if (reason === undefined) sameBytes(t, again, bytes, `frame ${expected.frame}: encoded again`);
      else reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      const reread = decodeMessage(again);
      t.strictSame(new Set(reread.options), new Set(message.options), 'the same options again');
      t.strictSame({ ...reread, options: [] }, { ...message, options: [] }, 'the same fields again');
    }
  });
}

t.test('nearly all messages come out as they came in', async (t) => {
  const counts = [...reasons.values()].reduce((sum, count) => sum + count, 0);
  t.comment(Object.fromEntries(reasons));
  t.ok((reasons.get('identical') ?? 0) > counts * 0.8);
});

const here = { skip: existsSync(SHARED) ? false : 'no folder ../shared/captures beside the repository' };

t.test('fiber7-dhcp4.pcap (D4C-29)', here, async (t) => {
  const [offer, ack] = [...payloads(new URL('fiber7-dhcp4.pcap', SHARED)).values()];
  for (const [bytes, type, leaseTime] of [
    [offer, 2, 1800],
    [ack, 5, 2 * (13 * 60 + 24)],
  ] as const) {
    const message = decodeMessage(bytes as Uint8Array, { strict: true });
    t.equal(message.xid, 0x7708d724);
    t.equal(toHex(message.chaddr), 'd858d7004edf');
    t.equal(`${message.yiaddr}`, '85.195.207.62');
    t.equal(optionValue(message, 'dhcpMessageType'), type);
    t.strictSame(optionValue(message, 'subnetMask'), ip('255.255.255.128'));
    t.strictSame(optionValue(message, 'router'), [ip('85.195.207.1')]);
    t.strictSame(optionValue(message, 'domainNameServer'), [ip('77.109.128.2'), ip('213.144.129.20')]);
    t.equal(optionValue(message, 'renewalTime'), undefined, 'T1 is half of the lease');
    t.equal(optionValue(message, 'ipAddressLeaseTime'), leaseTime);
    const again = encodeMessage(message, { minimumSize: (bytes as Uint8Array).length });
    t.strictSame(decodeMessage(again), message);
  }
});

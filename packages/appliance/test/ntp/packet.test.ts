// Covers: RFC 5905 6, RFC 5905 7.3
import { readFileSync } from 'node:fs';
import { decodeFrame, readCapture } from '@router7/pcap';
import { bytesEqual, DecodeError, type DecodeErrorCode, fromHex, toHex } from '@router7/wire';
import fc from 'fast-check';
import t from 'tap';
import { decodePacket, encodePacket, kissCode, type NtpPacket, question } from '../../src/ntp/packet.ts';
import { replyFault } from '../../src/ntp/reply-fault.ts';
import { sampleOf } from '../../src/ntp/sample.ts';
import { timeOf, timestampOf } from '../../src/ntp/timestamp.ts';

const FIXTURES = new URL('fixtures/', import.meta.url);

/** Octets of a row of hexadecimal lines; what follows `//` on a line says which field it is. */
function hex(text: string): Uint8Array {
  return fromHex(text.replace(/\/\/.*$/gm, ''));
}

const COOKIE = 0x0123_4567_89ab_cdefn;
const NONE = new Uint8Array(0);

const answer: NtpPacket = {
  leap: 0,
  version: 4,
  mode: 4,
  stratum: 2,
  poll: 6,
  precision: -25,
  rootDelaySeconds: 0.5,
  rootDispersionSeconds: 1 / 65536,
  referenceId: 0xc000_0201,
  referenceTimestamp: 0xeca3_9d00_0000_0000n,
  originTimestamp: COOKIE,
  receiveTimestamp: 0xeca3_9d10_8000_0000n,
  transmitTimestamp: 0xeca3_9d10_8000_1000n,
  extension: NONE,
};

const golden: readonly { readonly name: string; readonly packet: NtpPacket; readonly bytes: Uint8Array }[] = [
  {
    name: 'a question that tells nothing',
    packet: question(COOKIE),
    bytes: hex(`
      23                       // no warning, version 4, client
      00 00 20                 // stratum, poll, precision
      00 00 00 00              // root delay
      00 00 00 00              // root dispersion
      00 00 00 00              // reference id
      00 00 00 00 00 00 00 00  // reference timestamp
      00 00 00 00 00 00 00 00  // origin timestamp
      00 00 00 00 00 00 00 00  // receive timestamp
      01 23 45 67 89 ab cd ef  // transmit timestamp: random bits
    `),
  },
  {
    name: 'an answer',
    packet: answer,
    bytes: hex(`
      24                       // no warning, version 4, server
      02 06 e7                 // stratum, poll, precision 2^-25 s
      00 00 80 00              // root delay 0.5 s
      00 00 00 01              // root dispersion
      c0 00 02 01              // reference id
      ec a3 9d 00 00 00 00 00  // reference timestamp
      01 23 45 67 89 ab cd ef  // origin timestamp
      ec a3 9d 10 80 00 00 00  // receive timestamp
      ec a3 9d 10 80 00 10 00  // transmit timestamp
    `),
  },
  {
    name: 'a kiss code, with an extension field',
    packet: {
      ...{ leap: 3, version: 4, mode: 4, stratum: 0, poll: 17, precision: 0, rootDelaySeconds: 0 },
      ...{ rootDispersionSeconds: 65535 + 65535 / 65536, referenceId: 0x52415445, referenceTimestamp: 0n },
      ...{ originTimestamp: COOKIE, receiveTimestamp: 0n, transmitTimestamp: 0xffff_ffff_ffff_ffffn },
      extension: hex('01 04 00 08 de ad be ef'),
    },
    bytes: hex(`
      e4                       // unknown, version 4, server
      00 11 00                 // stratum, poll, precision
      00 00 00 00              // root delay
      ff ff ff ff              // root dispersion
      52 41 54 45              // RATE
      00 00 00 00 00 00 00 00  // reference timestamp
      01 23 45 67 89 ab cd ef  // origin timestamp
      00 00 00 00 00 00 00 00  // receive timestamp
      ff ff ff ff ff ff ff ff  // transmit timestamp
      01 04 00 08 de ad be ef  // a field of 8 octets
    `),
  },
];

const malformed: readonly { readonly name: string; readonly bytes: Uint8Array; readonly code: DecodeErrorCode }[] = [
  { name: 'nothing', bytes: NONE, code: 'truncated' },
  { name: 'one octet', bytes: hex('24'), code: 'truncated' },
  { name: 'an octet too few', bytes: new Uint8Array(47), code: 'truncated' },
  { name: 'an octet too many', bytes: new Uint8Array(49), code: 'bad-length' },
  { name: 'three too many', bytes: new Uint8Array(71), code: 'bad-length' },
];

t.test('NT-02 packets as RFC 5905 7.3 draws them', async (t) => {
  for (const { name, packet, bytes } of golden) {
    t.strictSame(decodePacket(bytes), packet, `${name}: decoded`);
    t.equal(toHex(encodePacket(packet)).replace(/.{8}/g, '$& '), toHex(bytes).replace(/.{8}/g, '$& '), name);
  }
  for (const { name, bytes, code } of malformed) {
    t.throws(() => decodePacket(bytes), { name: 'DecodeError', code }, name);
  }
  t.equal(kissCode(golden[2]?.packet as NtpPacket), 'RATE');
  t.equal(kissCode({ ...answer, referenceId: 0x5800_0a1b }), 'X..', 'nothing that a log could stumble over');
});

t.test('timestamps, also of the next era (RFC 5905 6)', async (t) => {
  const near = Date.parse('2026-03-01T00:00:00Z');
  for (const text of [
    '1970-01-01T00:00:00.000Z',
    '2026-11-22T15:17:59.743Z',
    '2036-02-07T06:28:16.500Z',
    '2090-01-01T00:00:00.000Z',
  ]) {
    const time = Date.parse(text);
    t.equal(new Date(timeOf(timestampOf(time), near) + 0.01).toISOString(), text);
  }
  t.equal(timestampOf(Date.parse('2036-02-07T06:28:16Z')), 0n, 'the first instant of it');
  t.equal(timeOf(0xeca3_9d10_8000_0000n, near) % 1000, 500);
  fc.assert(
    fc.property(fc.integer({ min: 1e12, max: 3.9e12 }), (tenths) => {
      return Math.abs(timeOf(timestampOf(tenths / 1.5), near) - tenths / 1.5) < 0.001;
    }),
  );
});

t.test('NT-02 what chrony says is read as tshark reads it, and believed when it should be', async (t) => {
  const expected = readFileSync(new URL('chrony.tsv', FIXTURES), 'utf8').trimEnd().split('\n');
  const frames = [...readCapture(readFileSync(new URL('chrony.pcap', FIXTURES)))].flatMap((record) =>
    record.kind === 'packet' ? [decodeFrame(record.bytes, { verifyChecksums: true })] : [],
  );
  t.equal(frames.length, expected.length);
  const faults: (string | undefined)[] = [];
  let asked: NtpPacket | undefined;
  for (const [index, { udp }] of frames.entries()) {
    const bytes = udp?.payload ?? NONE;
    const packet = decodePacket(bytes);
    t.ok(bytesEqual(encodePacket(packet), bytes), `${index}: comes out as it came in`);
    t.equal(tsharkLine(packet), expected[index], `${index}: the same fields`);
    if (packet.mode === 3) asked = packet;
    else faults.push(replyFault(packet, asked?.transmitTimestamp ?? 0n));
  }
  t.same(faults, [...Array(4).fill('kiss'), ...Array(5).fill(undefined)]);
  const own = frames.slice(-4).map(({ udp }) => udp?.payload ?? NONE);
  for (const bytes of [own[0], own[2]] as Uint8Array[]) {
    t.ok(
      bytesEqual(bytes, encodePacket(question(decodePacket(bytes).transmitTimestamp))),
      'our question tells nothing',
    );
  }
});

/** A packet in tshark's words. */
function tsharkLine(packet: NtpPacket): string {
  const { leap, version, mode, stratum, poll, precision, rootDelaySeconds, rootDispersionSeconds } = packet;
  const times = [
    packet.referenceTimestamp,
    packet.originTimestamp,
    packet.receiveTimestamp,
    packet.transmitTimestamp,
  ].map(tsharkTime);
  const numbers = [leap, version, mode, stratum, poll, precision & 0xff];
  const id = packet.referenceId.toString(16).padStart(8, '0');
  return [...numbers, rootDelaySeconds * 65536, rootDispersionSeconds * 65536, id, ...times].join('\t');
}

function tsharkTime(timestamp: bigint): string {
  if (timestamp === 0n) return 'NULL';
  // It takes what begins with a 0 bit for the next era.
  const pivot = Date.parse('2036-02-07T06:28:16Z');
  const date = new Date(Math.floor(timeOf(timestamp, pivot) / 1000) * 1000);
  const [, , , time = ''] = /^(\w+), (.*) (\S+) GMT$/.exec(date.toUTCString()) ?? [];
  const month = date.toLocaleString('en-US', { month: 'short', timeZone: 'UTC' });
  const nanoseconds = ((timestamp & 0xffff_ffffn) * 1_000_000_000n) >> 32n;
  const day = String(date.getUTCDate()).padStart(2, ' ');
  return `${month} ${day}, ${date.getUTCFullYear()} ${time}.${String(nanoseconds).padStart(9, '0')} UTC`;
}

t.test('NT-02 answers that are none (RFC 5905 8, RFC 4330 5)', async (t) => {
  const second = 1n << 32n;
  const rows: readonly (readonly [string, Partial<NtpPacket>, string | undefined])[] = [
    ['a good one', {}, undefined],
    ['a leap second is announced', { leap: 1 }, undefined],
    ['of version 3', { version: 3 }, undefined],
    ['stratum 15', { stratum: 15 }, undefined],
    ['no reference timestamp', { referenceTimestamp: 0n }, undefined],
    ['other bits than asked with', { originTimestamp: COOKIE ^ 1n }, 'bogus'],
    ['no bits', { originTimestamp: 0n }, 'bogus'],
    ['DENY from somebody who has not seen the question', { stratum: 0, originTimestamp: 0n }, 'bogus'],
    ['a question', { mode: 3 }, 'mode'],
    ['a broadcast', { mode: 5 }, 'mode'],
    ['version 1', { version: 1 }, 'version'],
    ['version 7', { version: 7 }, 'version'],
    ['a kiss code', { stratum: 0 }, 'kiss'],
    ['alarm', { leap: 3 }, 'unsynchronized'],
    ['stratum 16', { stratum: 16 }, 'unsynchronized'],
    ['stratum 255', { stratum: 255 }, 'unsynchronized'],
    ['never received', { receiveTimestamp: 0n }, 'no-time'],
    ['never sent', { transmitTimestamp: 0n }, 'no-time'],
    ['sent before it came', { transmitTimestamp: answer.receiveTimestamp - 1n }, 'no-time'],
    ['its clock is set in the future', { referenceTimestamp: answer.transmitTimestamp + second }, 'no-time'],
    ['its clock was set two days ago', { referenceTimestamp: answer.transmitTimestamp - 172_800n * second }, 'no-time'],
    ['far from a reference clock', { rootDelaySeconds: 32 }, 'distance'],
    ['wrong by much', { rootDispersionSeconds: 16 }, 'distance'],
  ];
  for (const [name, changes, fault] of rows) t.equal(replyFault({ ...answer, ...changes }, COOKIE), fault, name);
});

t.test('offset and delay (RFC 5905 8)', async (t) => {
  const near = Date.parse('2026-03-01T00:00:00Z');
  const receive = timeOf(answer.receiveTimestamp, near);
  // 10 ms there, 1 s in the server, 30 ms back; the clock is 5 s behind.
  const packet = { ...answer, transmitTimestamp: timestampOf(receive + 1000) };
  const trip = { sentAt: 50_000, receivedAt: 51_040, wall: receive + 1030 - 5000 };
  const sample = sampleOf(packet, trip, near);
  t.ok(Math.abs((sample?.delayMs ?? 0) - 40) < 0.001);
  t.ok(Math.abs((sample?.offsetMs ?? 0) - 4990) < 0.001, 'half of the difference of both ways is wrong');
  t.equal(
    sampleOf(packet, { ...trip, receivedAt: 50_900 }, near),
    undefined,
    'it cannot have taken longer than it took',
  );
  const first = { ...trip, wall: 40 };
  t.ok(Math.abs((sampleOf(packet, first, near)?.offsetMs ?? 0) - (receive + 980)) < 0.01, 'a clock of 1970');
});

t.test('NT-02 whatever comes, only a DecodeError comes out', async (t) => {
  const octets = fc.uint8Array({ minLength: 0, maxLength: 80 });
  const mutated = fc
    .tuple(fc.constantFrom(...golden), fc.array(fc.tuple(fc.nat(55), fc.nat(255)), { maxLength: 6 }))
    .map(([{ bytes }, changes]) => {
      const copy = bytes.slice();
      for (const [at, octet] of changes) if (at < copy.length) copy[at] = octet;
      return copy;
    });
  fc.assert(
    fc.property(fc.oneof(octets, mutated), (bytes) => {
      try {
        const packet = decodePacket(bytes);
        replyFault(packet, COOKIE);
        return bytesEqual(encodePacket(packet), bytes);
      } catch (error) {
        return error instanceof DecodeError;
      }
    }),
    { numRuns: 5000 },
  );
  t.pass();
});

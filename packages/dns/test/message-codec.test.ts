/** Messages as objects: golden tables both ways, malformed ones, and what has no encoding. */
// Covers: DNS-30
import { Ipv4Address } from '@router7/wire';
import packet from 'dns-packet';
import t from 'tap';
import {
  type DnsMessage,
  decodeMessage,
  type EdnsOption,
  ExtendedError,
  ednsOptionOf,
  encodeMessage,
  HeaderFlag,
  Opcode,
  opcodeOf,
  optRecordOf,
  Rcode,
  RecordType,
  type ResourceRecord,
  rcodeOf,
  UPSTREAM_PAYLOAD_SIZE,
} from '../src/index.ts';
import { recordNames } from '../src/record-codec.ts';
import { goldenOptions } from './edns-options.ts';
import { encodeError, hex, joined, sameBytes, testMalformed } from './golden.ts';
import { goldenRecords } from './records.ts';

const empty: DnsMessage = { id: 0, flags: 0x8000, questions: [], answers: [], authorities: [], additionals: [] };

for (const { name, record, bytes } of goldenRecords) {
  t.test(`DNS-30 record ${name}`, async (t) => {
    const message = joined(hex('00 00 80 00 00 00 00 01 00 00 00 00  01 68 00'), bytes);
    t.strictSame(decodeMessage(message), { ...empty, answers: [record] }, 'decodes');
    sameBytes(t, encodeMessage({ ...empty, answers: [record] }), message, 'encodes');
  });
}

t.test('DNS-30 every type with a form of its own has a golden row', async (t) => {
  const kinds: ReadonlySet<string> = new Set(goldenRecords.map(({ record }) => record.kind));
  t.same(
    recordNames.filter((name) => !kinds.has(name)),
    [],
  );
});

const optRecord = (options: readonly EdnsOption[]): ResourceRecord => ({
  kind: 'opt',
  udpPayloadSize: 1232,
  extendedRcode: 1,
  version: 0,
  flags: 0x8000,
  options,
});
const OPT = hex('00 00 80 00 00 00 00 00 00 00 00 01  00 00 29 04 d0 01 00 80 00');

for (const { name, option, bytes } of goldenOptions) {
  t.test(`option ${name}`, async (t) => {
    const message = joined(OPT, Uint8Array.of(bytes.length >>> 8, bytes.length), bytes);
    t.strictSame(decodeMessage(message).additionals, [optRecord([option])], 'decodes');
    sameBytes(t, encodeMessage({ ...empty, additionals: [optRecord([option])] }), message, 'encodes');
  });
}

const SIGNED_ERROR = hex(`
  12 34 81 90 00 01 00 00 00 00 00 01     // id, QR RD RA CD, one question, one additional record
  03 57 77 77 07 65 78 61 6d 70 6c 65 00  // Www.example
  00 41 00 01                             // HTTPS, IN
  00 00 29 04 d0 01 00 00 00 00 06        // OPT: 1232, extended rcode 1
  00 0f 00 02 00 17                       // extended error 23`);

t.test('a whole message, with a rcode of twelve bits', async (t) => {
  const message = decodeMessage(SIGNED_ERROR);
  t.strictSame(message, {
    id: 0x1234,
    flags:
      HeaderFlag.response | HeaderFlag.recursionDesired | HeaderFlag.recursionAvailable | HeaderFlag.checkingDisabled,
    questions: [{ name: 'Www.example', type: RecordType.https, class: 1 }],
    answers: [],
    authorities: [],
    additionals: [
      {
        kind: 'opt',
        udpPayloadSize: 1232,
        extendedRcode: 1,
        version: 0,
        flags: 0,
        options: [{ kind: 'extendedError', value: { infoCode: ExtendedError.networkError, extraText: '' } }],
      },
    ],
  });
  t.equal(rcodeOf(message), Rcode.badVers);
  t.equal(rcodeOf({ ...message, additionals: [] }), Rcode.noError);
  t.equal(opcodeOf(message), Opcode.query);
  t.equal(opcodeOf({ ...message, flags: 0x2800 }), Opcode.update);
  t.equal(optRecordOf(message)?.udpPayloadSize, 1232);
  t.strictSame(ednsOptionOf(message, 'extendedError'), { infoCode: 23, extraText: '' });
  t.equal(ednsOptionOf(message, 'cookie'), undefined);
  t.equal(ednsOptionOf({ ...message, additionals: [] }, 'extendedError'), undefined);
  sameBytes(t, encodeMessage(message), SIGNED_ERROR, 'encoded again');
});

t.test('what is decoded outlives the octets it was in', async (t) => {
  const buffer = Buffer.from(SIGNED_ERROR);
  const txt = Buffer.from(
    joined(hex('00 00 80 00 00 00 00 01 00 00 00 00  00 00 10 00 01 00 00 00 00 00 03 02'), hex('61 62')),
  );
  const [message, texts] = [decodeMessage(buffer), decodeMessage(txt)];
  buffer.fill(0xff);
  txt.fill(0xff);
  sameBytes(t, encodeMessage(message), SIGNED_ERROR, 'encoded again');
  t.match(texts.answers[0], { value: [Uint8Array.of(0x61, 0x62)] });
});

t.test('asks for datagrams that are not fragmented (RFC 9715 3.2)', async (t) => {
  t.equal(UPSTREAM_PAYLOAD_SIZE, 1232);
});

t.test('names are compressed as they are spelt, up to where a pointer reaches (RFC 1035 4.1.4)', async (t) => {
  const a = (name: string): ResourceRecord => ({
    kind: 'a',
    name,
    class: 1,
    ttlSeconds: 0,
    value: Ipv4Address.parse('192.0.2.1'),
  });
  const long: ResourceRecord = {
    kind: 'raw',
    name: '.',
    type: 10,
    class: 1,
    ttlSeconds: 0,
    data: new Uint8Array(16384),
  };
  const message = { ...empty, answers: [a('x.example'), a('y.example'), a('y.EXAMPLE'), long, a('far'), a('far')] };
  const bytes = encodeMessage(message);
  t.strictSame(decodeMessage(bytes), message);
  sameBytes(t, bytes.subarray(37, 41), hex('01 79 c0 0e'), 'a pointer to the suffix');
  sameBytes(t, bytes.subarray(55, 59), hex('01 79 07 45'), 'none to another spelling');
  sameBytes(t, bytes.subarray(-19, -14), hex('03 66 61 72 00'), 'none to what lies behind 16383');
});

t.test('names in data are uncompressed where they may be compressed (RFC 3597 4)', async (t) => {
  const bytes = hex(`
    00 00 80 00 00 01 00 03 00 00 00 00
    01 61 01 62 00 00 0f 00 01                          // a.b
    c0 0c 00 0f 00 01 00 00 00 00 00 04 00 01 c0 0e     // MX 1 b
    c0 0c 00 21 00 01 00 00 00 00 00 0a 00 00 00 00 00 35 01 63 c0 0e  // SRV 0 0 53 c.b
    c0 0c 00 23 00 01 00 00 00 00 00 09 00 01 00 02 00 00 00 c0 0c     // NAPTR 1 2 "" "" "" a.b`);
  const { answers } = decodeMessage(bytes);
  t.match(answers, [
    { kind: 'mx', value: { preference: 1, exchange: 'b' } },
    { kind: 'srv', value: { port: 53, target: 'c.b' } },
    { kind: 'naptr', value: { order: 1, preference: 2, replacement: 'a.b' } },
  ]);
  const again = encodeMessage({ ...empty, answers });
  t.strictSame(decodeMessage(again).answers, answers);
});

t.test('dns-packet, which knows nothing of this codec, makes the same of whole messages', async (t) => {
  const packets = packet as unknown as { encode(message: object): Uint8Array; decode(bytes: Uint8Array): object };
  const theirs = packets.encode({
    type: 'response',
    id: 7,
    flags: 0x0180,
    questions: [{ type: 'MX', name: 'a.example' }],
    answers: [
      { type: 'MX', name: 'a.example', ttl: 5, data: { preference: 1, exchange: 'm.example' } },
      { type: 'TXT', name: 'a.example', ttl: 5, data: ['x', 'y'] },
      { type: 'SRV', name: 'a.example', ttl: 5, data: { priority: 1, weight: 2, port: 3, target: 's.example' } },
    ],
    authorities: [
      { type: 'SOA', name: 'example', ttl: 5, data: { mname: 'n.example', rname: 'r.example', serial: 9 } },
    ],
    additionals: [{ type: 'AAAA', name: 'm.example', ttl: 5, data: '2001:db8::1' }],
  });
  const ours = encodeMessage(decodeMessage(theirs));
  t.ok(ours.length < theirs.length, 'compressed');
  t.strictSame(packets.decode(Buffer.from(ours)), packets.decode(theirs));
});

const QUERY = '00 00 01 00 00 01 00 00 00 00';
const HEADER = '00 00 80 00 00 00 00 01 00 00 00 00';
const deepest = `${'3f'.padEnd(128, '61')}`.repeat(3);

testMalformed(
  [
    { name: 'nothing', bytes: hex(''), code: 'truncated' },
    { name: 'a header of 11 octets', bytes: hex('00 00 00 00 00 00 00 00 00 00 00'), code: 'truncated' },
    { name: 'a question that is not there', bytes: hex(`${QUERY} 00 00`), code: 'truncated' },
    { name: 'a question without a class', bytes: hex(`${QUERY} 00 00 01 61 00 00 01`), code: 'truncated' },
    { name: 'a label that is cut off', bytes: hex(`${QUERY} 00 00 05 61`), code: 'truncated' },
    { name: 'octets behind the last record', bytes: hex(`${QUERY} 00 00 00 00 01 00 01 00`), code: 'leftover' },
    { name: 'a pointer to itself', bytes: hex(`${QUERY} 00 00 c0 0c 00 01 00 01`), code: 'bad-name' },
    { name: 'a pointer forwards', bytes: hex(`${QUERY} 00 00 c0 0e 00 01 00 01`), code: 'bad-name' },
    { name: 'a pointer into the header', bytes: hex(`${QUERY} 00 00 c0 04 00 01 00 01`), code: 'bad-name' },
    { name: 'a label of type 01', bytes: hex(`${QUERY} 00 00 40 00 00 01 00 01`), code: 'bad-name' },
    { name: 'a label of type 10', bytes: hex(`${QUERY} 00 00 80 00 00 01 00 01`), code: 'bad-name' },
    {
      name: 'a name of 256 octets',
      bytes: hex(`${QUERY} 00 00 ${deepest} 3e ${'61'.repeat(62)} 00 00 01 00 01`),
      code: 'bad-name',
    },
    {
      name: 'a name of 256 octets by a pointer',
      bytes: hex(
        `00 00 01 00 00 02 00 00 00 00 00 00 ${deepest} 3c ${'61'.repeat(60)} 00 00 01 00 01 01 61 c0 0c 00 01 00 01`,
      ),
      code: 'bad-name',
    },
    {
      name: 'a pointer into the middle of a label',
      bytes: hex('00 00 01 00 00 02 00 00 00 00 00 00 02 01 61 00 00 01 00 01 c0 0d 00 01 00 01'),
      code: 'bad-name',
    },
    {
      name: 'two names that point at each other',
      bytes: hex('00 00 01 00 00 02 00 00 00 00 00 00 01 61 c0 13 00 01 00 01 01 62 c0 0c 00 01 00 01'),
      code: 'bad-name',
    },
    {
      name: 'a pointer to a time to live that reads as a name',
      bytes: hex(
        `00 00 80 00 00 00 00 02 00 00 00 00 00 00 10 00 01 01 61 00 00 00 02 01 61 c0 11 00 10 00 01 00 00 00 00 00 00`,
      ),
      code: 'bad-name',
    },
    { name: 'a record without a length', bytes: hex(`${HEADER} 00 00 01 00 01 00 00 00 00`), code: 'truncated' },
    {
      name: 'data that is cut off',
      bytes: hex(`${HEADER} 00 00 01 00 01 00 00 00 00 00 04 c0 00 02`),
      code: 'truncated',
    },
    {
      name: 'an A record of three octets',
      bytes: hex(`${HEADER} 00 00 01 00 01 00 00 00 00 00 03 c0 00 02`),
      code: 'bad-length',
    },
    {
      name: 'an AAAA record of four octets',
      bytes: hex(`${HEADER} 00 00 1c 00 01 00 00 00 00 00 04 c0 00 02 01`),
      code: 'bad-length',
    },
    { name: 'a CNAME without a name', bytes: hex(`${HEADER} 00 00 05 00 01 00 00 00 00 00 00`), code: 'bad-name' },
    {
      name: 'a CNAME that ends behind its data',
      bytes: hex(`${HEADER} 00 00 05 00 01 00 00 00 00 00 02 01 61 00`),
      code: 'bad-name',
    },
    {
      name: 'a CNAME with an octet behind its name',
      bytes: hex(`${HEADER} 00 00 05 00 01 00 00 00 00 00 02 00 00`),
      code: 'bad-length',
    },
    {
      name: 'a SOA without numbers',
      bytes: hex(`${HEADER} 00 00 06 00 01 00 00 00 00 00 02 00 00`),
      code: 'bad-length',
    },
    {
      name: 'a SRV without a target',
      bytes: hex(`${HEADER} 00 00 21 00 01 00 00 00 00 00 06 00 00 00 00 00 35`),
      code: 'bad-name',
    },
    {
      name: 'a NAPTR whose strings fill it',
      bytes: hex(`${HEADER} 00 00 23 00 01 00 00 00 00 00 07 00 01 00 01 00 00 00`),
      code: 'bad-name',
    },
    {
      name: 'an option that ends behind OPT',
      bytes: hex(`${HEADER} 00 00 29 04 d0 00 00 00 00 00 05 00 0c 00 02 00`),
      code: 'truncated',
    },
    {
      name: 'OPT whose owner is a pointer to a root (RFC 6891 6.1.2)',
      bytes: hex('00 00 80 00 00 01 00 00 00 00 00 01 00 00 01 00 01 c0 0c 00 29 04 d0 00 00 00 00 00 00'),
      code: 'bad-name',
    },
    { name: 'half an option', bytes: hex(`${HEADER} 00 00 29 04 d0 00 00 00 00 00 02 00 0c`), code: 'truncated' },
    { name: '65536 octets', bytes: new Uint8Array(65536), code: 'limit' },
  ],
  decodeMessage,
);

const answer = (kind: string, value: unknown): DnsMessage => ({
  ...empty,
  answers: [{ kind, name: 'a', class: 1, ttlSeconds: 0, value } as unknown as ResourceRecord],
});
const option = (kind: string, value: unknown): DnsMessage => ({
  ...empty,
  additionals: [optRecord([{ kind, value } as unknown as EdnsOption])],
});
const https = (kind: string, value: unknown): DnsMessage =>
  answer('https', { priority: 1, target: '.', parameters: [{ kind, value }] });

const signature = {
  algorithm: 13,
  labels: 1,
  originalTTL: 1,
  expiration: 2,
  inception: 1,
  keyTag: 1,
  signersName: 'h',
  signature: hex('de ad'),
};

for (const [name, message, code] of [
  ['a label of 64 octets', answer('cname', 'a'.repeat(64)), 'too-long'],
  ['an empty label', answer('ns', 'a..b'), 'bad-value'],
  ['a preference of 17 bits', answer('mx', { preference: 65536, exchange: '.' }), 'out-of-range'],
  ['no string', answer('txt', []), 'bad-value'],
  ['a string of 256 octets', answer('txt', [new Uint8Array(256)]), 'too-long'],
  ['a record of no name', answer('nothing', 1), 'bad-value'],
  [
    'a time to live of 33 bits',
    { ...empty, answers: [{ ...answer('ns', '.').answers[0], ttlSeconds: 2 ** 32 } as ResourceRecord] },
    'out-of-range',
  ],
  ['an id of 17 bits', { ...empty, id: 65536 }, 'out-of-range'],
  ['a port below zero', https('port', -1), 'out-of-range'],
  ['no protocol', https('alpn', []), 'bad-value'],
  ['a protocol without a name', https('alpn', ['']), 'bad-value'],
  ['a protocol of 256 octets', https('alpn', ['a'.repeat(256)]), 'too-long'],
  ['a parameter of 65536 octets', https('ech', new Uint8Array(65536)), 'too-long'],
  [
    'an algorithm of nine bits',
    answer('ds', { keyTag: 1, algorithm: 256, digestType: 1, digest: hex('') }),
    'bad-value',
  ],
  ['a tag of 256 octets', answer('caa', { flags: 0, tag: 'a'.repeat(256), value: '' }), 'bad-value'],
  [
    'a mnemonic that nobody knows',
    answer('rrsig', {
      ...signature,
      typeCovered: 'NOTHING',
    }),
    'bad-value',
  ],
  ['a fingerprint of another length', answer('sshfp', { algorithm: 1, hash: 1, fingerprint: 'AA' }), 'bad-value'],
  ['a client cookie of seven octets', option('cookie', { client: new Uint8Array(7), server: undefined }), 'bad-value'],
  [
    'a server cookie of seven octets',
    option('cookie', { client: new Uint8Array(8), server: new Uint8Array(7) }),
    'bad-value',
  ],
  [
    'a subnet longer than its prefix',
    option('clientSubnet', { family: 1, sourcePrefixLength: 8, scopePrefixLength: 0, address: new Uint8Array(2) }),
    'bad-value',
  ],
  ['an option of 65536 octets', option('padding', 65536), 'too-long'],
  [
    'a message of 65536 octets',
    {
      ...empty,
      answers: Array.from(
        { length: 2 },
        () => ({ kind: 'raw', name: '.', type: 10, class: 1, ttlSeconds: 0, data: new Uint8Array(32752) }) as const,
      ),
    },
    'too-long',
  ],
] as const) {
  t.test(`does not encode ${name}`, async (t) => {
    t.throws(() => encodeMessage(message as DnsMessage), encodeError(code));
  });
}

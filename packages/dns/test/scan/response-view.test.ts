/** A response read in place. */
// Covers: DNS-30, RFC 1035 4.1.4
import { Ipv4Address } from '@router7/wire';
import t from 'tap';
import {
  type DnsMessage,
  encodeMessage,
  MAX_RECORDS,
  nameKey,
  nameText,
  RecordType,
  type ResourceRecord,
  ResponseScan,
  ResponseView,
  Section,
  scanResponse,
} from '../../src/index.ts';
import { hex, joined } from '../golden.ts';

const a = (name: string): ResourceRecord => ({
  kind: 'a',
  name,
  class: 1,
  ttlSeconds: 60,
  value: Ipv4Address.parse('192.0.2.1'),
});
const cname = (name: string, value: string): ResourceRecord => ({
  kind: 'cname',
  name,
  class: 1,
  ttlSeconds: 60,
  value,
});
const soa: ResourceRecord = {
  kind: 'soa',
  name: 'example',
  class: 1,
  ttlSeconds: 0x8000_0000,
  value: {
    primaryName: 'ns.example',
    responsibleName: 'root.example',
    serial: 1,
    refreshSeconds: 2,
    retrySeconds: 3,
    expireSeconds: 4,
    minimumSeconds: 0xfffe_0123,
  },
};

function response(parts: Partial<DnsMessage>, type: number = RecordType.a): Uint8Array {
  return encodeMessage({
    id: 0x1234,
    flags: 0x8580,
    questions: [{ name: 'www.example', type, class: 1 }],
    answers: [],
    authorities: [],
    additionals: [],
    ...parts,
  });
}

function scan(bytes: Uint8Array, start: number = 0): ResponseView {
  const buffer = joined(new Uint8Array(start).fill(0xff), bytes, hex('ff ff ff ff'));
  const view = new ResponseView();
  if (scanResponse(view, buffer, start, bytes.length) !== ResponseScan.ok) throw new Error('it was refused');
  return view;
}

t.test('every record, wherever the message lies', async (t) => {
  const bytes = response({
    answers: [cname('www.example', 'h.example'), a('h.example')],
    authorities: [soa],
    additionals: [
      {
        kind: 'opt',
        udpPayloadSize: 1232,
        extendedRcode: 1,
        version: 0,
        flags: 0,
        options: [
          { kind: 'cookie', value: { client: new Uint8Array(8).fill(7), server: new Uint8Array(8).fill(9) } },
          { kind: 'extendedError', value: { infoCode: 3, extraText: 'old' } },
          { kind: 'extendedError', value: { infoCode: 22, extraText: '' } },
          { kind: 'tcpKeepalive', value: 100 },
        ],
      },
    ],
  });
  for (const start of [0, 70_000]) {
    const view = scan(bytes, start);
    t.match(view, {
      id: 0x1234,
      flags: 0x8580,
      rcode: 16,
      questions: 1,
      answers: 2,
      authorities: 1,
      additionals: 1,
      records: 4,
      questionEnd: start + 29,
      nameLength: 13,
      type: 1,
      class: 1,
      optIndex: 3,
      cookieLength: 16,
      extendedError: 3,
      keepalive: 100,
      soaIndex: 2,
      soaMinimum: 0xfffe_0123,
      chainLength: 1,
      answered: true,
      authoritative: true,
      truncated: false,
      authenticData: false,
    });
    t.strictSame(
      [...view.section.subarray(0, 4)],
      [Section.answer, Section.answer, Section.authority, Section.additional],
    );
    t.strictSame([...view.recordType.subarray(0, 4)], [5, 1, 6, 41]);
    t.strictSame([...view.recordClass.subarray(0, 4)], [1, 1, 1, 1232]);
    t.strictSame([...view.dataLength.subarray(0, 2)], [4, 4]);
    t.equal(view.ttl(0), 60);
    t.equal(view.ttl(2), 0, 'a time to live with its highest bit set is none (RFC 2181 8)');
    t.strictSame(view.bytes.slice(view.dataAt[1], (view.dataAt[1] as number) + 4), hex('c0 00 02 01'));
    t.equal(view.bytes[view.cookieAt], 7);
    const name = new Uint8Array(300);
    t.equal(view.names.copy(view.ownerAt[1] as number, name, 20), 11);
    t.equal(nameText(name, 20), 'h.example');
    t.equal(view.names.length(view.chainEnd), 11);
    t.ok(view.names.same(view.chainEnd, view.ownerAt[1] as number));
    t.notOk(view.names.same(view.chainEnd, start + 12));
  }
});

const chains: {
  name: string;
  answers: ResourceRecord[];
  type?: number;
  end: string;
  length: number;
  answered: boolean;
}[] = [
  { name: 'no answer', answers: [], end: 'www.example', length: 0, answered: false },
  { name: 'an answer', answers: [a('WWW.Example')], end: 'www.example', length: 0, answered: true },
  { name: 'an answer for another name', answers: [a('example')], end: 'www.example', length: 0, answered: false },
  {
    name: 'an answer of another type',
    answers: [a('www.example')],
    type: 28,
    end: 'www.example',
    length: 0,
    answered: false,
  },
  { name: 'any type for ANY', answers: [a('www.example')], type: 255, end: 'www.example', length: 0, answered: true },
  {
    name: 'a chain that leads to nothing',
    answers: [cname('www.example', 'b'), cname('B', 'c')],
    end: 'c',
    length: 2,
    answered: false,
  },
  {
    name: 'a chain in the other order',
    answers: [a('d'), cname('c', 'd'), cname('b', 'c'), cname('www.example', 'b')],
    end: 'd',
    length: 3,
    answered: true,
  },
  {
    name: 'a question for the CNAME itself',
    answers: [cname('www.example', 'b'), a('b')],
    type: 5,
    end: 'www.example',
    length: 0,
    answered: true,
  },
  {
    name: 'a chain that goes round',
    answers: [cname('www.example', 'b'), cname('b', 'www.example')],
    end: 'www.example',
    length: 2,
    answered: false,
  },
];
for (const { name, answers, type, end, length, answered } of chains) {
  t.test(`follows ${name}`, async (t) => {
    const view = scan(response({ answers }, type));
    const target = new Uint8Array(255);
    view.names.copy(view.chainEnd, target, 0);
    t.equal(nameText(target).toLowerCase(), end);
    t.equal(view.chainLength, length);
    t.equal(view.answered, answered);
  });
}

t.test('names compare whatever their case and however they are compressed', async (t) => {
  const bytes = hex(`
    00 00 80 00 00 01 00 03 00 00 00 00
    01 61 03 42 63 44 00 00 02 00 01
    c0 0c 00 02 00 01 00 00 00 00 00 07 01 41 03 62 43 64 00  // A.bCd, not compressed
    c0 0e 00 02 00 01 00 00 00 00 00 04 01 61 c0 0e           // BcD, a.BcD
    c0 2a 00 02 00 01 00 00 00 00 00 02 c0 36                 // pointers to pointers`);
  const view = scan(bytes);
  const { names } = view;
  const [plain, suffix, pointed] = [view.dataAt[0] as number, view.ownerAt[1] as number, view.dataAt[2] as number];
  t.ok(names.same(12, plain));
  t.ok(names.same(plain, pointed));
  t.notOk(names.same(plain, suffix));
  t.strictSame(
    [12, plain, suffix, pointed].map((at) => names.length(at)),
    [7, 7, 5, 7],
  );
  t.equal(names.length(13), 0, 'no name starts in the middle of a label');
});

const HEADER = '12 34 81 80 00 01';
const QUESTION = '01 61 01 62 00 00 01 00 01'; // a.b, ends at 21
const A = 'c0 0c 00 01 00 01 00 00 00 3c 00 04 c0 00 02 01';
const OPT = '00 00 29 04 d0 00 00 00 00 00 00';
const refused: { name: string; bytes: string; result: number; questionEnd?: number }[] = [
  { name: 'nothing', bytes: '', result: ResponseScan.notResponse },
  { name: '11 octets', bytes: '12 34 81 80 00 01 00 00 00 00 00', result: ResponseScan.notResponse },
  { name: 'a query', bytes: `12 34 01 00 00 01 00 00 00 00 00 00 ${QUESTION}`, result: ResponseScan.notResponse },
  {
    name: 'no question at all',
    bytes: '12 34 81 81 00 00 00 00 00 00 00 00',
    result: ResponseScan.ok,
    questionEnd: 12,
  },
  {
    name: 'DNS-18 two questions (RFC 9619)',
    bytes: `12 34 81 80 00 02 00 00 00 00 00 00 ${QUESTION} ${QUESTION}`,
    result: ResponseScan.malformed,
  },
  {
    name: 'a question that is cut off',
    bytes: `${HEADER} 00 00 00 00 00 00 01 61 00 00 01`,
    result: ResponseScan.truncated,
  },
  {
    name: 'a question whose name points',
    bytes: `${HEADER} 00 00 00 00 00 00 c0 00 00 01 00 01`,
    result: ResponseScan.malformed,
  },
  {
    name: 'more records than there are',
    bytes: `${HEADER} 00 02 00 00 00 00 ${QUESTION} ${A}`,
    result: ResponseScan.truncated,
    questionEnd: 21,
  },
  {
    name: 'fewer records than there are',
    bytes: `${HEADER} 00 01 00 00 00 00 ${QUESTION} ${A} ${A}`,
    result: ResponseScan.malformed,
    questionEnd: 21,
  },
  {
    name: 'data that is cut off',
    bytes: `${HEADER} 00 01 00 00 00 00 ${QUESTION} ${A.slice(0, -3)}`,
    result: ResponseScan.truncated,
  },
  {
    name: 'an owner that is cut off',
    bytes: `${HEADER} 00 01 00 00 00 00 ${QUESTION} c0`,
    result: ResponseScan.truncated,
  },
  {
    name: 'a record that is cut off',
    bytes: `${HEADER} 00 01 00 00 00 00 ${QUESTION} c0 0c 00 01 00 01`,
    result: ResponseScan.truncated,
  },
  {
    name: 'as many records as can be counted',
    bytes: `${HEADER} ff ff ff ff ff ff ${QUESTION}`,
    result: ResponseScan.tooMany,
    questionEnd: 21,
  },
  {
    name: 'an owner that points at itself',
    bytes: `${HEADER} 00 01 00 00 00 00 ${QUESTION} c0 15 ${A.slice(6)}`,
    result: ResponseScan.malformed,
  },
  {
    name: 'an owner that points behind itself',
    bytes: `${HEADER} 00 01 00 00 00 00 ${QUESTION} c0 21 ${A.slice(6)}`,
    result: ResponseScan.malformed,
  },
  {
    name: 'an owner that points into the header',
    bytes: `${HEADER} 00 01 00 00 00 00 ${QUESTION} c0 04 ${A.slice(6)}`,
    result: ResponseScan.malformed,
  },
  {
    name: 'an owner that points into a label',
    bytes: `${HEADER} 00 01 00 00 00 00 ${QUESTION} c0 0d ${A.slice(6)}`,
    result: ResponseScan.malformed,
  },
  {
    name: 'an owner that points at a time to live which reads as a name',
    bytes: `${HEADER} 00 02 00 00 00 00 ${QUESTION} c0 0c 00 01 00 01 01 61 00 00 00 04 c0 00 02 01 c0 1b ${A.slice(6)}`,
    result: ResponseScan.malformed,
  },
  {
    name: 'an owner that points into an address which reads as a name',
    bytes: `${HEADER} 00 02 00 00 00 00 ${QUESTION} c0 0c 00 01 00 01 00 00 00 00 00 04 01 61 00 00 c0 21 ${A.slice(6)}`,
    result: ResponseScan.malformed,
  },
  {
    name: 'an A record of 5 octets',
    bytes: `${HEADER} 00 01 00 00 00 00 ${QUESTION} ${A.slice(0, -14)}05 c0 00 02 01 00`,
    result: ResponseScan.malformed,
  },
  {
    name: 'a CNAME that ends behind its data',
    bytes: `${HEADER} 00 01 00 00 00 00 ${QUESTION} c0 0c 00 05 00 01 00 00 00 00 00 01 01 61 00`,
    result: ResponseScan.malformed,
  },
  {
    name: 'a SOA with 19 octets of numbers',
    bytes: `${HEADER} 00 00 00 01 00 00 ${QUESTION} c0 0c 00 06 00 01 00 00 00 00 00 15 00 00 ${'00'.repeat(19)}`,
    result: ResponseScan.malformed,
  },
  { name: 'OPT', bytes: `${HEADER} 00 00 00 00 00 01 ${QUESTION} ${OPT}`, result: ResponseScan.ok, questionEnd: 21 },
  {
    name: 'DNS-16 two OPT records (RFC 6891 6.1.1)',
    bytes: `${HEADER} 00 00 00 00 00 02 ${QUESTION} ${OPT} ${OPT}`,
    result: ResponseScan.malformed,
  },
  {
    name: 'DNS-16 OPT among the answers (RFC 6891 6.1.1)',
    bytes: `${HEADER} 00 01 00 00 00 00 ${QUESTION} ${OPT}`,
    result: ResponseScan.malformed,
  },
  {
    name: 'DNS-16 OPT with an owner (RFC 6891 6.1.2)',
    bytes: `${HEADER} 00 00 00 00 00 01 ${QUESTION} c0 0c${OPT.slice(2)}`,
    result: ResponseScan.malformed,
  },
  {
    name: 'half an option',
    bytes: `${HEADER} 00 00 00 00 00 01 ${QUESTION} ${OPT.slice(0, -2)}03 00 0a 00`,
    result: ResponseScan.malformed,
  },
  {
    name: 'an option that ends behind OPT',
    bytes: `${HEADER} 00 00 00 00 00 01 ${QUESTION} ${OPT.slice(0, -2)}04 00 0a 00 08`,
    result: ResponseScan.malformed,
  },
];
for (const { name, bytes, result, questionEnd } of refused) {
  t.test(`${result === ResponseScan.ok ? 'takes' : 'refuses'} ${name}`, async (t) => {
    for (const start of [0, 3]) {
      const octets = joined(new Uint8Array(start), hex(bytes), hex(A), hex(A));
      const view = new ResponseView();
      t.equal(scanResponse(view, octets, start, hex(bytes).length), result);
      if (questionEnd !== undefined) t.equal(view.questionEnd, start + questionEnd);
    }
  });
}

t.test('as many records as there is room for, and no more', async (t) => {
  const octets = joined(hex(QUESTION), ...Array.from({ length: MAX_RECORDS + 1 }, () => hex(A)));
  const view = new ResponseView();
  for (const [count, result] of [
    [MAX_RECORDS, ResponseScan.ok],
    [MAX_RECORDS + 1, ResponseScan.tooMany],
  ] as const) {
    const bytes = joined(hex(HEADER), Uint8Array.of(count >>> 8, count), hex('00 00 00 00'), octets);
    t.equal(scanResponse(view, bytes, 0, 21 + count * 16), result);
  }
});

t.test('a view is used again and again', async (t) => {
  const view = new ResponseView();
  const first = response({ answers: [cname('www.example', 'b'), a('b')], authorities: [soa] });
  const second = hex(`${HEADER} 00 01 00 00 00 00 ${QUESTION} c0 1a ${A.slice(6)}`);
  // Both pointers lead to where the first message had a name, and the second has none.
  for (let turn = 0; turn < 3; turn++) {
    t.equal(scanResponse(view, first, 0, first.length), ResponseScan.ok);
    t.equal(scanResponse(view, second, 0, second.length), ResponseScan.malformed);
    t.match(view, { soaIndex: -1, soaMinimum: 0, chainLength: 0, answered: false, records: 0, optIndex: -1 });
  }
});

t.test('a name is remembered for one message only, also when the generations begin anew', async (t) => {
  const { names } = new ResponseView();
  const bytes = nameKey('a.b');
  names.begin(bytes, 0);
  t.equal(names.read(0, bytes.length), 5);
  t.equal(names.length(0), 5);
  for (let i = 1; i < 2 ** 24; i++) names.begin(bytes, 0);
  t.equal(names.length(0), 0);
});

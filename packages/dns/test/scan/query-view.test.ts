/** A query read in place. */
import t from 'tap';
import { hashName, nameKey, QueryScan, QueryView, scanQuery } from '../../src/index.ts';
import { hex } from '../golden.ts';

const SEED = 0x1234_5678;
const QUESTION = '03 77 77 77 07 45 78 41 6d 70 4c 65 00 00 41 00 01'; // www.ExAmpLe HTTPS IN
const HEADER = 'be ef 01 20 00 01 00 00 00 00';

/** Queries, what is made of them, and what is then in the view. */
const QUERIES: readonly { name: string; bytes: Uint8Array; result: number; view: Partial<QueryView> }[] = [
  {
    name: 'a query without an OPT record',
    bytes: hex(`${HEADER} 00 00 ${QUESTION}`),
    result: QueryScan.ok,
    view: {
      id: 0xbeef,
      flags: 0x0120,
      questionEnd: 29,
      nameLength: 13,
      labels: 2,
      type: 65,
      class: 1,
      hash: hashName(nameKey('www.example'), 0, 13, 65, 1, SEED),
      hasOpt: false,
      udpSize: 512,
      optAt: 0,
      recordsBeside: 0,
      signed: false,
    },
  },
  {
    name: 'an OPT record with DO and options',
    bytes: hex(`${HEADER} 00 01 ${QUESTION}
      00 00 29 04 d0 00 00 80 00 00 2a // OPT, 1232, DO, 42 octets
      00 03 00 00 // NSID
      00 08 00 07 00 01 18 00 c0 00 02 // ECS
      00 0a 00 08 01 02 03 04 05 06 07 08 // COOKIE
      00 0a 00 01 09 // another, of no length that can be: it is not looked at
      00 0b 00 00 // keepalive
      00 0c 00 02 00 00 // padding`),
    result: QueryScan.ok,
    view: {
      hasOpt: true,
      ednsVersion: 0,
      udpSize: 1232,
      dnssecOk: true,
      optAt: 29,
      optEnd: 82,
      cookieAt: 59,
      cookieLength: 8,
      nsid: true,
      clientSubnet: true,
      keepalive: true,
      padding: true,
      recordsBeside: 0,
    },
  },
  {
    name: 'DNS-16 a size under 512 counts as 512 (RFC 6891 6.2.3)',
    bytes: hex(`${HEADER} 00 01 ${QUESTION} 00 00 29 01 ff 00 00 00 00 00 00`),
    result: QueryScan.ok,
    view: {
      hasOpt: true,
      udpSize: 512,
      cookieAt: 0,
      nsid: false,
      clientSubnet: false,
      padding: false,
      keepalive: false,
    },
  },
  {
    name: 'DNS-16 EDNS version 1 (RFC 6891 6.1.3)',
    bytes: hex(`${HEADER} 00 01 ${QUESTION} 00 00 29 01 00 00 01 00 00 00 00`),
    result: QueryScan.badVers,
    view: { hasOpt: true, ednsVersion: 1, udpSize: 512, dnssecOk: false, type: 65, questionEnd: 29 },
  },
  {
    name: 'DNS-15 cookies of 8 octets and of 40 (RFC 7873 5.2.2)',
    bytes: hex(`${HEADER} 00 01 ${QUESTION} 00 00 29 04 d0 00 00 00 00 00 2c 00 0a 00 28 ${'01'.repeat(40)}`),
    result: QueryScan.ok,
    view: { cookieAt: 44, cookieLength: 40 },
  },
  {
    name: 'DNS-14 TSIG as the last record, behind OPT (RFC 8945 5.1)',
    bytes: hex(
      `${HEADER} 00 02 ${QUESTION} 00 00 29 04 d0 00 00 00 00 00 00 01 6b 00 00 fa 00 ff 00 00 00 00 00 02 01 02`,
    ),
    result: QueryScan.ok,
    view: { signed: true, recordsBeside: 1, hasOpt: true, optAt: 29, optEnd: 40 },
  },
  {
    name: 'DNS-14 SIG(0) as the last record (RFC 2931 3.1)',
    bytes: hex(`${HEADER} 00 01 ${QUESTION} 00 00 18 00 ff 00 00 00 00 00 00`),
    result: QueryScan.ok,
    view: { signed: true, recordsBeside: 1, hasOpt: false },
  },
  {
    name: 'TSIG that is not the last record: no signature',
    bytes: hex(`${HEADER} 00 02 ${QUESTION} 00 00 fa 00 ff 00 00 00 00 00 00 00 00 29 04 d0 00 00 00 00 00 00`),
    result: QueryScan.ok,
    view: { signed: false, recordsBeside: 1, hasOpt: true },
  },
  {
    name: 'DNS-14 records beside the question, as IXFR has them (RFC 1995 3), their owners compressed',
    bytes: hex(`be ef 01 20 00 01 00 01 00 01 00 01 ${QUESTION}
      c0 0c 00 01 00 01 00 00 00 00 00 04 c0 00 02 01
      01 61 c0 10 00 06 00 01 00 00 00 00 00 01 00
      00 00 29 04 d0 00 00 00 00 00 00`),
    result: QueryScan.ok,
    view: { recordsBeside: 2, hasOpt: true, signed: false, optAt: 60, optEnd: 71 },
  },
  {
    name: 'the root',
    bytes: hex(`${HEADER} 00 00 00 00 02 00 01`),
    result: QueryScan.ok,
    view: { nameLength: 1, labels: 0, type: 2, questionEnd: 17 },
  },
  {
    name: 'a name of 255 octets',
    bytes: hex(`${HEADER} 00 00 ${'01 61 '.repeat(127)} 00 00 01 00 01`),
    result: QueryScan.ok,
    view: { nameLength: 255, labels: 127 },
  },
  {
    name: 'DNS-14 another opcode: not read on',
    bytes: hex('be ef 28 00 00 00 00 00 00 00 00 00 ff ff'),
    result: QueryScan.notQuery,
    view: { id: 0xbeef, flags: 0x2800, questionEnd: 12 },
  },
  ...(
    [
      ['DNS-18 no question (RFC 9619)', 'be ef 01 00 00 00 00 00 00 00 00 00', 12],
      ['DNS-18 two questions (RFC 9619)', `be ef 01 00 00 02 00 00 00 00 00 00 ${QUESTION} ${QUESTION}`, 12],
      ['a header alone', `${HEADER} 00 00`, 12],
      ['a name that is cut off', `${HEADER} 00 00 03 77 77`, 12],
      ['a name without a root', `${HEADER} 00 00 03 77 77 77`, 12],
      ['a question without a class', `${HEADER} 00 00 01 61 00 00 01 00`, 12],
      ['a compressed name in the question', `${HEADER} 00 00 c0 0c 00 01 00 01`, 12],
      ['a label of type 01', `${HEADER} 00 00 41 ${'61'.repeat(65)} 00 00 01 00 01`, 12],
      ['a name of 256 octets', `${HEADER} 00 00 ${'01 61 '.repeat(126)} 02 61 61 00 00 01 00 01`, 12],
      ['an octet behind the question', `${HEADER} 00 00 ${QUESTION} 00`, 29],
      ['an additional record that is not there', `${HEADER} 00 01 ${QUESTION}`, 29],
      ['a record without a length', `${HEADER} 00 01 ${QUESTION} 00 00 01 00 01 00 00 00 00 00`, 29],
      ['data that is cut off', `${HEADER} 00 01 ${QUESTION} 00 00 01 00 01 00 00 00 00 00 04 c0 00 02`, 29],
      ['an owner with a label of type 10', `${HEADER} 00 01 ${QUESTION} 80 00 00 01 00 01 00 00 00 00 00 00`, 29],
      [
        'DNS-16 two OPT records (RFC 6891 6.1.1)',
        `${HEADER} 00 02 ${QUESTION} 00 00 29 04 d0 00 00 00 00 00 00 00 00 29 04 d0 00 00 00 00 00 00`,
        29,
      ],
      [
        'DNS-16 OPT with an owner (RFC 6891 6.1.2)',
        `${HEADER} 00 01 ${QUESTION} 01 61 00 00 29 04 d0 00 00 00 00 00 00`,
        29,
      ],
      [
        'OPT in the authority section',
        `be ef 01 20 00 01 00 00 00 01 00 00 ${QUESTION} 00 00 29 04 d0 00 00 00 00 00 00`,
        29,
      ],
      ['half an option', `${HEADER} 00 01 ${QUESTION} 00 00 29 04 d0 00 00 00 00 00 03 00 03 00`, 29],
      [
        'an option that ends behind OPT',
        `${HEADER} 00 01 ${QUESTION} 00 00 29 04 d0 00 00 00 00 00 05 00 03 00 02 00`,
        29,
      ],
      [
        'DNS-15 a cookie of seven octets (RFC 7873 5.2.2)',
        `${HEADER} 00 01 ${QUESTION} 00 00 29 04 d0 00 00 00 00 00 0b 00 0a 00 07 ${'01'.repeat(7)}`,
        29,
      ],
      [
        'DNS-15 a cookie of 41 octets (RFC 7873 5.2.2)',
        `${HEADER} 00 01 ${QUESTION} 00 00 29 04 d0 00 00 00 00 00 2d 00 0a 00 29 ${'01'.repeat(41)}`,
        29,
      ],
    ] as const
  ).map(([name, bytes, questionEnd]) => ({
    name: `${name}: FORMERR`,
    bytes: hex(bytes),
    result: QueryScan.formErr,
    view: { id: 0xbeef, questionEnd },
  })),
  ...(
    [
      ['a response', `be ef 81 20 00 01 00 00 00 00 00 00 ${QUESTION}`],
      ['11 octets', 'be ef 01 20 00 01 00 00 00 00 00'],
      ['nothing', ''],
    ] as const
  ).map(([name, bytes]) => ({
    name: `${name}: nothing to answer`,
    bytes: hex(bytes),
    result: QueryScan.drop,
    view: {},
  })),
];

for (const { name, bytes, result, view: expected } of QUERIES) {
  t.test(name, async (t) => {
    for (const start of [0, 70_000]) {
      const buffer = new Uint8Array(start + bytes.length + 100).fill(0xff);
      buffer.set(bytes, start);
      const view = new QueryView();
      t.equal(scanQuery(view, buffer, start, bytes.length, SEED), result);
      t.match(view, { ...expected, ...(start === 0 ? {} : moved(expected, start)) });
    }
  });
}

function moved(view: Partial<QueryView>, by: number): Partial<Record<keyof QueryView, number>> {
  const offsets = ['questionEnd', 'optAt', 'optEnd', 'cookieAt'] as const;
  return Object.fromEntries(offsets.flatMap((name) => (view[name] ? [[name, view[name] + by]] : [])));
}

t.test('nothing of an earlier query is left in the view', async (t) => {
  const view = new QueryView();
  for (const { bytes, result, view: expected } of [...QUERIES, ...[...QUERIES].reverse()]) {
    t.equal(scanQuery(view, bytes, 0, bytes.length, SEED), result);
    const fresh = new QueryView();
    scanQuery(fresh, bytes, 0, bytes.length, SEED);
    if (result !== QueryScan.drop) t.strictSame(view, fresh);
    t.match(view, expected);
  }
});

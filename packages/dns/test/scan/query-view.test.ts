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
    name: 'DNS-16 EDNS version 1 (RFC 6891 6.1.3)',
    bytes: hex(`${HEADER} 00 01 ${QUESTION} 00 00 29 01 00 00 01 00 00 00 00`),
    result: QueryScan.badVers,
    view: { hasOpt: true, ednsVersion: 1, udpSize: 512, dnssecOk: false, type: 65, questionEnd: 29 },
  },
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

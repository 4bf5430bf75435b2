import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import {
  type DnsMessage,
  decodeMessage,
  encodeMessage,
  HeaderFlag,
  Rcode,
  RecordClass,
  RecordType,
  type ResourceRecord,
} from '@router7/dns';
import { Ipv4Address } from '@router7/wire';
import { LIAR_ADDRESS, LIAR_LIE, LIAR_TRUTH, type Lie } from './lies.ts';

/*
 * A name server that lies in the way that the first label of the question names, and where that is not the whole lie, says
 * the truth 50 ms later: whoever is asked has to wait for it, and must not believe what came before. See lies.ts.
 */

/** When the truth follows, and when it comes too late, in milliseconds. */
const SOON = 50;
const LATE = 5000;

type Send = (octets: Uint8Array) => void;

const server = createSocket('udp4');
const elsewhere = createSocket('udp4');
let asked = 0;

server.on('message', (octets, from) => {
  const send: Send = (bytes) => server.send(bytes, from.port, from.address);
  const fromElsewhere: Send = (bytes) => elsewhere.send(bytes, from.port, from.address);
  try {
    answer(decodeMessage(octets), octets, send, fromElsewhere);
  } catch (error) {
    console.log(`liar: ${error}`);
  }
});

function answer(query: DnsMessage, octets: Uint8Array, send: Send, fromElsewhere: Send): void {
  const lie = lieOf(query);
  if (lie !== undefined) console.log(`liar: ${lie}`);
  const truth = encodeMessage(reply(query, LIAR_TRUTH));
  const wrong = reply(query, LIAR_LIE);
  const other = { name: 'other.liar.example', type: RecordType.a, class: RecordClass.internet };
  const first: Partial<Record<Lie, () => void>> = {
    id: () => send(encodeMessage({ ...wrong, id: wrong.id ^ 0x5555 })),
    question: () => send(encodeMessage({ ...wrong, questions: [other] })),
    name: () => send(encodeMessage({ ...wrong, answers: [address('www.bank.example', LIAR_LIE)] })),
    'no-question': () => send(encodeMessage({ ...wrong, questions: [] })),
    counts: () => send(patched(encodeMessage(wrong), 6, [0xff, 0xff])),
    loop: () => send(pointing(encodeMessage(wrong), 0)),
    forward: () => send(pointing(encodeMessage(wrong), 200)),
    port: () => fromElsewhere(encodeMessage(wrong)),
    query: () => send(octets),
    empty: () => send(new Uint8Array(0)),
    garbage: () => send(Uint8Array.from({ length: 1000 }, (_, index) => (index * 167 + asked) & 0xff)),
    flood: () => {
      for (let i = 1; i <= 100; i++) send(encodeMessage({ ...wrong, id: (wrong.id + i) & 0xffff }));
    },
  };
  asked++;
  switch (lie) {
    case 'truncated':
      send(encodeMessage({ ...reply(query), flags: reply(query).flags | HeaderFlag.truncated }));
      return;
    case 'lossy':
      if (asked % 3 !== 0) send(truth);
      return;
    case 'late':
      setTimeout(send, LATE, truth);
      return;
    case 'dead':
      return;
    case 'refused':
      send(encodeMessage({ ...reply(query), flags: reply(query).flags | Rcode.refused }));
      return;
    default:
      if (lie !== undefined) first[lie]?.();
      setTimeout(send, SOON, truth);
  }
}

/** Everything is true by TCP. */
const stream = createServer((socket) => {
  let rest: Buffer = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 2 && rest.length >= 2 + rest.readUInt16BE(0)) {
      const length = rest.readUInt16BE(0);
      const message = encodeMessage(reply(decodeMessage(rest.subarray(2, 2 + length)), LIAR_TRUTH));
      socket.write(Buffer.concat([Uint8Array.of(message.length >> 8, message.length), message]));
      rest = rest.subarray(2 + length);
    }
  });
});

/** The names are `<lie>.liar.example` or `<anything>.<lie>.liar.example`, in letters of any case. */
function lieOf({ questions: [question] }: DnsMessage): Lie | undefined {
  return question?.name.toLowerCase().split('.').at(-3) as Lie | undefined;
}

function reply(query: DnsMessage, text?: string): DnsMessage {
  const [question] = query.questions;
  const isAddress = question?.type === RecordType.a && text !== undefined;
  return {
    id: query.id,
    flags: HeaderFlag.response | HeaderFlag.recursionAvailable | (query.flags & HeaderFlag.recursionDesired),
    questions: query.questions,
    answers: isAddress ? [address(question.name, text)] : [],
    authorities: [],
    additionals: [],
  };
}

function address(name: string, text: string): ResourceRecord {
  return { kind: 'a', name, class: RecordClass.internet, ttlSeconds: 1, value: Ipv4Address.parse(text) };
}

function patched(octets: Uint8Array, at: number, bytes: readonly number[]): Uint8Array {
  octets.set(bytes, at);
  return octets;
}

/** Makes the name of the first record a pointer to `ahead` octets behind itself. */
function pointing(octets: Uint8Array, ahead: number): Uint8Array {
  // The only record is an address with a compressed name: 16 octets at the end.
  const at = octets.length - 16;
  return patched(octets, at, [0xc0 | ((at + ahead) >> 8), (at + ahead) & 0xff]);
}

elsewhere.bind(0, LIAR_ADDRESS, () =>
  server.bind(53, LIAR_ADDRESS, () => stream.listen(53, LIAR_ADDRESS, () => console.log('liar: ready'))),
);

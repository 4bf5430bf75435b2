import { ByteWriter, Ipv6Prefix, toHex } from '@router7/wire';
import t from 'tap';
import {
  decodeMessage,
  encodeMessage,
  encodeMessageTo,
  HOP_COUNT_LIMIT,
  isRelayMessage,
  type Message,
  MessageType,
  type Option,
  optionValue,
  optionValues,
  type RelayMessage,
  StatusCode,
  statusOf,
} from '../src/index.ts';
import { DB8_1, DB8_2, hex, ip, joined, reply, replyHeader, sameBytes } from './golden.ts';

t.test('every message of clients and servers, both ways (RFC 9915 8)', async (t) => {
  for (const [name, messageType] of Object.entries(MessageType)) {
    if (name.startsWith('relay')) continue;
    const message: Message = { messageType, transactionId: 0x00ff01, options: [{ kind: 'elapsedTime', value: 1 }] };
    const bytes = joined(Uint8Array.of(messageType), hex('00 ff 01  00 08 00 02 00 01'));
    t.strictSame(decodeMessage(bytes), message, name);
    sameBytes(t, encodeMessage(message), bytes, name);
    t.notOk(isRelayMessage(message), name);
  }
});

t.test('messages of relay agents, both ways (RFC 9915 9)', async (t) => {
  for (const messageType of [MessageType.relayForw, MessageType.relayRepl]) {
    const message: Message = {
      messageType,
      hopCount: 3,
      linkAddress: ip('2001:db8::1'),
      peerAddress: ip('2001:db8::2'),
      options: [
        { kind: 'interfaceId', value: hex('07') },
        { kind: 'relayMessage', value: { messageType: 1, transactionId: 5, options: [] } },
      ],
    };
    const bytes = joined(
      Uint8Array.of(messageType),
      hex(`03 ${DB8_1} ${DB8_2}  00 12 00 01 07  00 09 00 04 01 00 00 05`),
    );
    t.strictSame(decodeMessage(bytes), message);
    sameBytes(t, encodeMessage(message), bytes, 'encodes');
    t.ok(isRelayMessage(message));
  }
});

const cutOff: readonly [name: string, bytes: Uint8Array, offset: number][] = [
  ['nothing', hex(''), 0],
  ['a type', hex('01'), 1],
  ['half a transaction id', hex('01 00 00'), 1],
  ['a code of one octet', hex('01 00 00 00  00'), 4],
  ['half a length', hex('01 00 00 00  00 01 00'), 6],
  ['an option that is cut off', hex('01 00 00 00  00 01 00 0a  00 01'), 8],
  ['a length and nothing behind it', hex('07 00 00 00  00 03 ff ff'), 8],
  ['a relay message without hop-count', hex('0c'), 1],
  ['a relay message with half an address', hex(`0c 00 ${DB8_1} 20 01`), 18],
];
for (const [name, bytes, offset] of cutOff) {
  t.test(`${name} is no message`, async (t) => {
    t.throws(() => decodeMessage(bytes), { name: 'DecodeError', code: 'truncated', offset });
  });
}

t.test('options of the same code, in any order, and unknown ones come out as they came in', async (t) => {
  const bytes = joined(
    replyHeader,
    hex(`
      fd e8 00 00                 // unknown, empty
      00 17 00 10 ${DB8_2}
      00 01 00 03 00 09 01
      00 17 00 10 ${DB8_1}
      00 0a 00 01 ff              // never assigned
      00 00 00 02 ab cd           // reserved
      00 2d 00 05 00 01 00 01 01  // client data of leasequery
    `),
  );
  const message = decodeMessage(bytes, { strict: true });
  t.strictSame(
    message.options.map(({ kind }) => kind),
    ['raw', 'dnsServers', 'clientIdentifier', 'dnsServers', 'raw', 'raw', 'raw'],
  );
  t.strictSame(optionValue(message, 'dnsServers'), [ip('2001:db8::2')], 'the first one');
  t.strictSame(optionValues(message, 'dnsServers'), [[ip('2001:db8::2')], [ip('2001:db8::1')]], 'all of them');
  t.equal(optionValue(message, 'preference'), undefined);
  t.strictSame(optionValues(message, 'preference'), []);
  sameBytes(t, encodeMessage(message), bytes, 'encodes');
});

t.test('errors carry offsets of the whole message, however deep', async (t) => {
  const bytes = joined(
    replyHeader,
    hex('00 19 00 18  00 00 00 01 00 00 00 00 00 00 00 00  00 1a 00 08 00 00 00 00 00 00 00 00'),
  );
  t.throws(() => decodeMessage(bytes, { strict: true }), { name: 'DecodeError', code: 'truncated', offset: 32 });
});

/** A Solicit in so many relay messages. */
function relayed(count: number): Message {
  let message: Message = { messageType: MessageType.solicit, transactionId: 1, options: [] };
  for (let hopCount = 0; hopCount < count; hopCount++) {
    message = {
      messageType: MessageType.relayForw,
      hopCount: Math.min(hopCount, 255),
      linkAddress: ip('::'),
      peerAddress: ip('fe80::1'),
      options: [{ kind: 'relayMessage', value: message }],
    };
  }
  return message;
}

/** How many relay messages were decoded, one in the other, and what the last one holds. */
function unwrap(message: Message): [count: number, innermost: Option['kind'] | undefined] {
  let count = 0;
  let inside = message;
  while (isRelayMessage(inside)) {
    count++;
    const next = optionValue(inside, 'relayMessage');
    if (next === undefined) return [count, inside.options[0]?.kind];
    inside = next;
  }
  return [count, undefined];
}

t.test('D6C-27 relay messages are nested as deep as relay agents relay, and no deeper (RFC 9915 19.1.2)', async (t) => {
  const most = relayed(HOP_COUNT_LIMIT + 1);
  t.strictSame(decodeMessage(encodeMessage(most), { strict: true }), most);
  const bytes = encodeMessage(relayed(HOP_COUNT_LIMIT + 2));
  const message = decodeMessage(bytes);
  t.strictSame(unwrap(message), [HOP_COUNT_LIMIT + 1, 'malformed']);
  sameBytes(t, encodeMessage(message), bytes, 'encodes as it came');
  t.throws(() => decodeMessage(bytes, { strict: true }), { name: 'DecodeError', code: 'limit' });
  const deepest = encodeMessage(relayed(1700));
  t.strictSame(unwrap(decodeMessage(deepest)), [HOP_COUNT_LIMIT + 1, 'malformed'], '1,700 deep');
  sameBytes(t, encodeMessage(decodeMessage(deepest)), deepest, 'encodes as it came');
});

t.test('a relay message that is too deep takes nothing else with it', async (t) => {
  const inner = encodeMessage(relayed(HOP_COUNT_LIMIT + 1));
  const outer = decodeMessage(
    joined(
      hex(`0c 09 ${DB8_1} ${DB8_2}  00 09`),
      Uint8Array.of(inner.length >> 8, inner.length & 0xff),
      inner,
      hex('00 09 00 04 01 00 00 05'),
    ),
  ) as RelayMessage;
  t.equal(outer.options[0]?.kind, 'relayMessage');
  t.strictSame(outer.options[1], {
    kind: 'relayMessage',
    value: { messageType: 1, transactionId: 5, options: [] },
  });
});

t.test('only relay messages in each other count: side by side they are not too deep', async (t) => {
  const side: Option = { kind: 'relayMessage', value: relayed(2) };
  const message: Message = { ...(relayed(1) as RelayMessage), options: new Array<Option>(12).fill(side) };
  t.strictSame(decodeMessage(encodeMessage(message), { strict: true }), message);
});

t.test('D6C-27 options in options are bounded', async (t) => {
  let option: Option = { kind: 'rapidCommit', value: true };
  for (let i = 0; i < 2000; i++) {
    option = { kind: 'iaNa', value: { iaid: i, t1Seconds: 0, t2Seconds: 0, options: [option] } };
  }
  const bytes = encodeMessage({ ...reply, options: [option] });
  let depth = 0;
  let options = decodeMessage(bytes).options;
  for (let first = options[0]; first?.kind === 'iaNa'; first = options[0]) {
    depth++;
    options = first.value.options;
  }
  t.equal(depth, 7);
  t.match(options, [{ kind: 'malformed', code: 3, error: 'limit' }]);
  sameBytes(t, encodeMessage(decodeMessage(bytes)), bytes, 'encodes as it came');
});

t.test('D6C-27 malformed options are kept up to a hundred, wherever they are', async (t) => {
  const malformed: Option = { kind: 'raw', code: 1, data: hex('') };
  const options = (count: number): Option[] => new Array<Option>(count).fill(malformed);
  const ia = (count: number): Option => ({ kind: 'iaTa', value: { iaid: 1, options: options(count) } });
  const kept = decodeMessage(encodeMessage({ ...reply, options: [...options(50), ia(50)] }));
  t.equal(kept.options.length, 51);
  for (const many of [options(101), [ia(101)], [...options(50), ia(51)], [ia(101), ...options(1)]]) {
    const bytes = encodeMessage({ ...reply, options: many });
    t.throws(() => decodeMessage(bytes), { name: 'DecodeError', code: 'limit' });
  }
});

t.test('the status of a message, an IA, an address or a prefix (RFC 9915 21.13)', async (t) => {
  const statusOfOptions = (...options: Option[]): number => statusOf({ options });
  t.equal(statusOfOptions(), StatusCode.success, 'none is success');
  t.equal(statusOfOptions({ kind: 'statusCode', value: { status: 6, message: '' } }), StatusCode.noPrefixAvail);
  t.equal(statusOfOptions({ kind: 'statusCode', value: { status: 999, message: '' } }), 999, 'one that nobody knows');
  const [badText] = decodeMessage(joined(replyHeader, hex('00 0d 00 03 00 02 ff'))).options as [Option];
  t.equal(statusOfOptions(badText), StatusCode.noAddrsAvail, 'with a text that is not UTF-8');
  const [cut] = decodeMessage(joined(replyHeader, hex('00 0d 00 01 00'))).options as [Option];
  t.equal(statusOfOptions(cut), StatusCode.unspecFail, 'without even a code');
});

t.test('what is decoded are plain views of the input, also of a Buffer', async (t) => {
  const bytes = Buffer.from(joined(Uint8Array.of(0xee), replyHeader, hex('00 01 00 03 00 09 01'))).subarray(1);
  const value = optionValue(decodeMessage(bytes), 'clientIdentifier') as Uint8Array;
  t.equal(value.constructor, Uint8Array);
  t.equal(toHex(value), '000901');
  bytes[bytes.length - 1] = 2;
  t.equal(toHex(value), '000902', 'borrowed');
});

t.test('encodeMessageTo writes behind what is there, and each result is the caller’s', async (t) => {
  const writer = new ByteWriter();
  writer.u8(0xaa);
  encodeMessageTo(writer, reply);
  t.strictSame(writer.finish(), hex('aa 07 73 8c 3b'));
  const first = encodeMessage(reply);
  encodeMessage({ ...reply, transactionId: 0 });
  t.strictSame(first, replyHeader);
});

t.test('fields that do not fit are refused', async (t) => {
  const prefix = {
    prefix: Ipv6Prefix.parse('::/56'),
    preferredLifetimeSeconds: 0,
    validLifetimeSeconds: 0.5,
    options: [],
  };
  const iaPd = { iaid: 1, t1Seconds: 0, t2Seconds: 0, options: [{ kind: 'iaPrefix', value: prefix }] } as const;
  const outer = relayed(1) as RelayMessage;
  const refused: readonly [message: Message, code: string, path: string][] = [
    [{ ...reply, transactionId: 0x100_0000 }, 'out-of-range', 'transactionId'],
    [{ ...reply, messageType: 256 }, 'out-of-range', 'messageType'],
    [{ ...outer, hopCount: 256 }, 'out-of-range', 'hopCount'],
    [{ ...outer, peerAddress: 'fe80::1' as never }, 'bad-value', 'peerAddress'],
    [{ ...reply, options: [{ kind: 'iaPd', value: iaPd }] }, 'out-of-range', 'iaPd.iaPrefix'],
    [
      { ...outer, options: [{ kind: 'relayMessage', value: { ...reply, transactionId: -1 } }] },
      ...(['out-of-range', 'relayMessage.transactionId'] as const),
    ],
  ];
  for (const [message, code, path] of refused) {
    t.throws(() => encodeMessage(message), { name: 'EncodeError', code, path }, path);
  }
});

t.test('a message is at most what a datagram carries', async (t) => {
  const option = (length: number): Option => ({ kind: 'raw', code: 65000, data: new Uint8Array(length) });
  t.equal(encodeMessage({ ...reply, options: [option(40000), option(25515)] }).length, 65527);
  t.throws(() => encodeMessage({ ...reply, options: [option(40000), option(25516)] }), {
    name: 'EncodeError',
    code: 'too-long',
  });
});

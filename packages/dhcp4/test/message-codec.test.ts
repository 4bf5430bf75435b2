import { ByteWriter, toHex } from '@router7/wire';
import t from 'tap';
import {
  decodeMessage,
  type EncodeMessageOptions,
  encodeMessage,
  encodeMessageTo,
  type Message,
  type Option,
  optionValue,
} from '../src/index.ts';
import { ascii, hex, ip, joined, reply, replyHeader, sameBytes } from './golden.ts';

const END = hex('ff');
const type: Option = { kind: 'dhcpMessageType', value: 5 };

/** A message with its `sname` and `file` fields filled in, to the end of the magic cookie. */
function headerWith(sname: Uint8Array, file: Uint8Array): Uint8Array {
  const header = replyHeader.slice();
  header.set(sname, 44);
  header.set(file, 108);
  return header;
}

function raw(code: number, length: number): Option {
  return { kind: 'raw', code, data: Uint8Array.from({ length }, (_, i) => i % 251) };
}

t.test('fixed fields', async (t) => {
  const message: Message = {
    op: 1,
    htype: 6,
    hops: 3,
    xid: 0xfedcba98,
    secs: 0xffff,
    flags: 0x8000,
    ciaddr: ip('10.0.0.1'),
    yiaddr: ip('10.0.0.2'),
    siaddr: ip('10.0.0.3'),
    giaddr: ip('255.255.255.255'),
    chaddr: hex('00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f'),
    sname: ascii('s'.repeat(64)),
    file: ascii('f'.repeat(127)),
    options: [type],
  };
  const bytes = hex(`
    01 06 10 03  // op, htype, hlen, hops
    fe dc ba 98  // xid
    ff ff 80 00  // secs, flags
    0a 00 00 01  // ciaddr
    0a 00 00 02  // yiaddr
    0a 00 00 03  // siaddr
    ff ff ff ff  // giaddr
    00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f  // chaddr
    ${'73'.repeat(64)}      // sname
    ${'66'.repeat(127)} 00  // file
    63 82 53 63  // magic cookie
    35 01 05     // message type
    ff           // end
  `);
  t.strictSame(decodeMessage(bytes), message);
  sameBytes(t, encodeMessage(message, { minimumSize: 0 }), bytes, 'encodes');
});

t.test('zero octets inside of sname and file are kept', async (t) => {
  const bytes = joined(headerWith(hex('00 61 00 62'), hex('00 00 63')), END);
  const message = decodeMessage(bytes);
  t.equal(toHex(message.sname), '00610062');
  t.equal(toHex(message.file), '000063');
  sameBytes(t, encodeMessage(message, { minimumSize: 0 }), bytes, 'encodes');
});

t.test('zeros before the last octet of sname and file belong to it, wherever that is', async (t) => {
  for (const [name, offset, length] of [['sname', 44, 64] as const, ['file', 108, 128] as const]) {
    for (let at = 0; at < length; at++) {
      const bytes = replyHeader.slice();
      bytes[offset + at] = 7;
      t.equal(decodeMessage(bytes)[name].length, at + 1);
    }
  }
});

t.test('a message is padded to 300 octets, or to what is asked for', async (t) => {
  const unpadded = joined(replyHeader, hex('35 01 05 ff'));
  sameBytes(t, encodeMessage({ ...reply, options: [type] }), joined(unpadded, new Uint8Array(56)), '300');
  t.equal(encodeMessage({ ...reply, options: [type] }, { minimumSize: 576 }).length, 576);
  t.equal(encodeMessage({ ...reply, options: [type] }, { minimumSize: 576, maximumSize: 400 }).length, 400);
});

t.test('what is decoded from a Buffer of Node is views of it, and their slice() copies', async (t) => {
  const buffer = Buffer.from(joined(replyHeader, hex('35 01 05  e0 02 01 02  ff')));
  for (const strict of [false, true]) {
    const { chaddr, options } = decodeMessage(buffer, { strict });
    const { data } = options[1] as { data: Uint8Array };
    const copies = [chaddr.slice(), data.slice()];
    t.equal(data.constructor, Uint8Array);
    buffer.fill(0xee, 28, 34);
    buffer.fill(0xee, 245, 247);
    t.same([toHex(chaddr), toHex(data)], ['eeeeeeeeeeee', 'eeee']);
    t.same(copies.map(toHex), [toHex(replyHeader.subarray(28, 34)), '0102']);
    buffer.set(replyHeader);
    buffer.set([1, 2], 245);
  }
});

t.test('options may be padded, end early, or have no end option', async (t) => {
  const options = [type, { kind: 'hostName', value: 'a' }];
  t.strictSame(decodeMessage(joined(replyHeader, hex('00 35 01 05 00 00 0c 01 61 ff 0c 09'))).options, options);
  t.strictSame(decodeMessage(joined(replyHeader, hex('35 01 05 0c 01 61'))).options, options);
  t.strictSame(decodeMessage(replyHeader).options, []);
});

t.test('the message type comes first and relay agent information last, the order is kept otherwise', async (t) => {
  const relay: Option = { kind: 'raw', code: 82, data: hex('01 01 07') };
  const options = [relay, raw(224, 1), raw(12, 1), type, raw(3, 1)];
  const bytes = encodeMessage({ ...reply, options }, { minimumSize: 0 });
  sameBytes(t, bytes.subarray(240), hex('35 01 05  e0 01 00  0c 01 00  03 01 00  52 03 01 01 07  ff'), 'order');
});

t.test('an option over 255 octets is split, and put together again (RFC 3396, D4C-18)', async (t) => {
  for (const length of [255, 256, 510, 511, 1000]) {
    const option = raw(224, length);
    const bytes = encodeMessage({ ...reply, options: [type, option] }, { minimumSize: 0 });
    t.equal(bytes.length, 240 + 3 + length + 2 * Math.ceil(length / 255) + 1, `${length} octets`);
    t.strictSame(decodeMessage(bytes).options, [type, option]);
  }
  const domainSearch = Array.from({ length: 20 }, (_, i) => `${String(i).padStart(20, 'x')}.example`);
  const long: Option = { kind: 'domainSearch', value: domainSearch };
  t.strictSame(decodeMessage(encodeMessage({ ...reply, options: [long, type] })).options, [type, long]);
});

t.test('pieces of an option are put together wherever they are, at the place of the first', async (t) => {
  const bytes = joined(replyHeader, hex('0c 02 61 62  03 02 c0 00  00  0c 01 63  03 02 02 01  ff'));
  t.strictSame(decodeMessage(bytes).options, [
    { kind: 'hostName', value: 'abc' },
    { kind: 'router', value: [ip('192.0.2.1')] },
  ]);
});

t.test('a strict decoder judges an option with all its pieces', async (t) => {
  const bytes = joined(replyHeader, hex('03 02 c0 00  79 03 18 0a 00  03 02 02 01  79 05 00 0a 00 00 01  ff'));
  t.strictSame(decodeMessage(bytes, { strict: true }), decodeMessage(bytes));
  t.equal(`${optionValue(decodeMessage(bytes), 'classlessStaticRoute')?.[0]?.destination}`, '10.0.0.0/24');
});

t.test('an option of fixed length that comes twice is put together as well, and malformed', async (t) => {
  const options = decodeMessage(joined(replyHeader, hex('35 01 05  35 01 05  ff'))).options;
  t.strictSame(options, [{ kind: 'malformed', code: 53, data: hex('05 05'), error: 'leftover' }]);
});

t.test('overloaded fields are read in the order options, file, sname (RFC 3396 section 5)', async (t) => {
  const header = headerWith(hex('0c 01 63  35 01 05  ff'), hex('00 0c 01 62  34 01 07  ff 00 00 01'));
  const both = decodeMessage(joined(header, hex('0c 01 61  34 01 03  ff')));
  t.strictSame(both.options, [{ kind: 'hostName', value: 'abc' }, type]);
  t.same([both.sname.length, both.file.length], [0, 0]);
  const file = decodeMessage(joined(header, hex('0c 01 61  34 01 01  ff')));
  t.strictSame(file.options, [{ kind: 'hostName', value: 'ab' }]);
  t.equal(toHex(file.sname), '0c0163350105ff');
  const sname = decodeMessage(joined(header, hex('34 01 02  0c 01 61  ff')));
  t.strictSame(sname.options, [{ kind: 'hostName', value: 'ac' }, type]);
  t.equal(toHex(sname.file), '000c0162340107ff000001');
});

t.test('options move into file and sname when the message would get too large', async (t) => {
  const options = [type, raw(224, 250), raw(225, 120), raw(226, 60), raw(227, 40)];
  const message = { ...reply, options };
  const bytes = encodeMessage(message, { maximumSize: 576 });
  t.ok(bytes.length <= 576);
  sameBytes(t, bytes.subarray(240, 246), hex('35 01 05  34 01 03'), 'type and overload first');
  // Each whole where there is room: 224 and 226 in the options field, 225 in file, 227 in sname.
  t.strictSame(decodeMessage(bytes).options, [type, raw(224, 250), raw(226, 60), raw(225, 120), raw(227, 40)]);
  sameBytes(t, bytes.subarray(108, 110), hex('e1 78'), 'file');
  sameBytes(t, bytes.subarray(44, 46), hex('e3 28'), 'sname');
});

t.test('options are split over the fields when none has room for the whole', async (t) => {
  const relay: Option = { kind: 'relayAgentInformation', value: [{ kind: 'agentCircuitId', value: hex('01 02') }] };
  const options = [type, raw(224, 450), relay];
  const bytes = encodeMessage({ ...reply, options }, { maximumSize: 576 });
  t.equal(bytes.length, 576);
  t.strictSame(decodeMessage(bytes).options, options);
  // RFC 3046 2.2: not in file or sname, and the last option.
  sameBytes(t, bytes.subarray(-7), hex('52 04 01 02 01 02 ff').slice(-7), 'relay agent information');
});

t.test('what is full to the last octet fits, one octet more does not', async (t) => {
  const room = 576 - 240 - 1;
  const exact = encodeMessage(
    { ...reply, options: [type, raw(224, room - 3 - 4)] },
    { maximumSize: 576, overload: false },
  );
  t.equal(exact.length, 576);
  // Options field without type, overload and end; file and sname without their ends; two octets for each piece.
  const overloaded = room - 3 - 3 - 4 + (127 - 2) + (63 - 2);
  const full = { ...reply, options: [type, raw(224, overloaded)] };
  t.strictSame(decodeMessage(encodeMessage(full, { maximumSize: 576 })).options, full.options);
  const over = { ...reply, options: [type, raw(224, overloaded + 1)] };
  t.throws(() => encodeMessage(over, { maximumSize: 576 }), { name: 'EncodeError', code: 'too-long' });
});

t.test('fields that are in use are not overloaded', async (t) => {
  const message = { ...reply, options: [type, raw(224, 400)], file: ascii('f'), sname: ascii('s') };
  t.throws(() => encodeMessage(message, { maximumSize: 576 }), { name: 'EncodeError', code: 'too-long' });
  t.throws(() => encodeMessage({ ...message, file: hex('') }, { maximumSize: 576, overload: false }), {
    code: 'too-long',
  });
  const bytes = encodeMessage({ ...message, file: hex('') }, { maximumSize: 576 });
  t.strictSame(decodeMessage(bytes).options, message.options);
  t.strictSame(decodeMessage(bytes).sname, message.sname);
});

t.test('a message is written behind what the writer holds', async (t) => {
  const writer = new ByteWriter(8);
  writer.u32(1);
  encodeMessageTo(writer, { ...reply, options: [type, raw(224, 450)] }, { maximumSize: 576 });
  t.equal(writer.length, 580);
  t.equal(decodeMessage(writer.view().subarray(4)).options.length, 2);
});

t.test('results of encodeMessage do not change each other', async (t) => {
  const first = encodeMessage({ ...reply, options: [type] });
  const copy = first.slice();
  for (let i = 0; i < 100; i++) encodeMessage({ ...reply, xid: i, options: [raw(224, 200)] });
  sameBytes(t, first, copy, 'first');
});

t.test('optionValue gives the first option of a name', async (t) => {
  const message = decodeMessage(joined(replyHeader, hex('35 01 05  33 03 00 00 01  ff')));
  t.equal(optionValue(message, 'dhcpMessageType'), 5);
  t.equal(optionValue(message, 'ipAddressLeaseTime'), undefined, 'malformed');
  t.equal(optionValue(message, 'hostName'), undefined, 'absent');
});

const cut = Array.from({ length: 240 }, (_, length) => replyHeader.subarray(0, length));
const malformed: { name: string; bytes: Uint8Array; code: string }[] = [
  ...cut.map((bytes) => ({ name: `a message of ${bytes.length} octets`, bytes, code: 'truncated' })),
  { name: 'BOOTP without options', bytes: new Uint8Array(300).fill(1, 0, 2), code: 'bad-magic' },
  { name: 'hlen 17', bytes: joined(hex('02 01 11'), replyHeader.subarray(3), END), code: 'bad-length' },
  { name: 'a code without length', bytes: joined(replyHeader, hex('35 01 05 0c')), code: 'truncated' },
  {
    name: 'an option that ends after the message',
    bytes: joined(replyHeader, hex('0c 05 61 62 63 64')),
    code: 'truncated',
  },
  { name: 'option overload of two octets', bytes: joined(replyHeader, hex('34 02 01 01 ff')), code: 'bad-length' },
  { name: 'option overload twice', bytes: joined(replyHeader, hex('34 01 01 34 01 02 ff')), code: 'bad-length' },
  { name: 'option overload 0', bytes: joined(replyHeader, hex('34 01 00 ff')), code: 'bad-value' },
  { name: 'option overload 4', bytes: joined(replyHeader, hex('34 01 04 ff')), code: 'bad-value' },
  {
    name: 'an option of file that ends in the magic cookie',
    bytes: joined(headerWith(hex(''), joined(new Uint8Array(124), hex('0c 03 61 62'))), hex('34 01 01 ff')),
    code: 'truncated',
  },
  {
    name: 'a code at the end of sname',
    bytes: joined(headerWith(joined(new Uint8Array(63), hex('0c')), hex('01 61 00')), hex('34 01 02 ff')),
    code: 'truncated',
  },
];
for (const { name, bytes, code } of malformed) {
  t.test(`refuses ${name}`, async (t) => {
    t.throws(() => decodeMessage(bytes), { name: 'DecodeError', code });
  });
}

type Refused = { name: string; message: Partial<Message>; options?: EncodeMessageOptions; code: string; path?: string };
const refused: Refused[] = [
  { name: 'op 256', message: { op: 256 }, code: 'out-of-range', path: 'op' },
  { name: 'a negative xid', message: { xid: -1 }, code: 'out-of-range', path: 'xid' },
  { name: 'secs of 17 bits', message: { secs: 0x10000 }, code: 'out-of-range', path: 'secs' },
  { name: 'chaddr of 17 octets', message: { chaddr: new Uint8Array(17) }, code: 'too-long', path: 'chaddr' },
  { name: 'sname of 65 octets', message: { sname: new Uint8Array(65) }, code: 'too-long', path: 'sname' },
  { name: 'file of 129 octets', message: { file: new Uint8Array(129) }, code: 'too-long', path: 'file' },
  { name: 'a text for an address', message: { yiaddr: '10.0.0.1' as never }, code: 'bad-value', path: 'yiaddr' },
  {
    name: 'a lease of a fraction of a second',
    message: { options: [{ kind: 'ipAddressLeaseTime', value: 0.5 }] },
    ...{ code: 'out-of-range', path: 'ipAddressLeaseTime' },
  },
  { name: 'fixed fields in 200 octets', message: { options: [] }, options: { maximumSize: 200 }, code: 'too-long' },
  {
    name: 'option 52 where there is no room for it',
    message: { options: [raw(12, 3)] },
    options: { maximumSize: 241 },
    code: 'too-long',
  },
  {
    name: 'relay agent information that has to stay in the options field',
    message: { options: [{ kind: 'raw', code: 82, data: joined(hex('01 3c'), new Uint8Array(60)) }] },
    options: { maximumSize: 260 },
    code: 'too-long',
  },
  { name: 'more than a datagram', message: { options: [raw(224, 65_507)] }, code: 'too-long' },
];
for (const { name, message, options, code, path = '' } of refused) {
  t.test(`does not encode ${name}`, async (t) => {
    t.throws(() => encodeMessage({ ...reply, ...message }, options), { name: 'EncodeError', code, path });
    t.equal(encodeMessage(reply).length, 300, 'and encodes the next message');
  });
}

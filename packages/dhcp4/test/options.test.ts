import t from 'tap';
import { decodeMessage, encodeMessage, type Option } from '../src/index.ts';
import { hex, ip, joined, reply, replyHeader, sameBytes } from './golden.ts';
import { optionTables } from './options/tables.ts';

const END = hex('ff');

for (const { name, option, bytes } of optionTables.flatMap(({ golden }) => golden)) {
  t.test(name, async (t) => {
    const message = joined(replyHeader, bytes, END);
    t.strictSame(decodeMessage(message, { strict: true }).options, [option], 'decodes');
    sameBytes(t, encodeMessage({ ...reply, options: [option] }, { minimumSize: 0 }), message, 'encodes');
  });
}

for (const { name, bytes, code } of optionTables.flatMap(({ malformed }) => malformed)) {
  t.test(`keeps ${name} as malformed`, async (t) => {
    const message = joined(replyHeader, bytes, END);
    const { options } = decodeMessage(message);
    t.strictSame(options, [{ kind: 'malformed', code: bytes[0], data: bytes.slice(2), error: code }]);
    sameBytes(t, encodeMessage({ ...reply, options }, { minimumSize: 0 }), message, 'encodes as it came');
    t.throws(() => decodeMessage(message, { strict: true }), { name: 'DecodeError', code }, 'strict');
  });
}

t.test('trailing zero octets of text are not part of it (RFC 2132 section 2)', async (t) => {
  const message = joined(replyHeader, hex('0c 05  78 70 73 00 00  51 07  00 00 00  78 70 73 00'), END);
  t.strictSame(decodeMessage(message).options, [
    { kind: 'hostName', value: 'xps' },
    { kind: 'clientFqdn', value: { flags: 0, rcode1: 0, rcode2: 0, name: 'xps' } },
  ]);
});

t.test('a replacement character that was sent as such is text', async (t) => {
  t.strictSame(decodeMessage(joined(replyHeader, hex('0c 03  ef bf bd'), END)).options, [
    { kind: 'hostName', value: '\ufffd' },
  ]);
});

const bytes256 = new Uint8Array(256);
const refused: { name: string; option: Option; code: string }[] = [
  { name: 'an empty list of addresses', option: { kind: 'router', value: [] }, code: 'bad-value' },
  { name: 'an empty text', option: { kind: 'hostName', value: '' }, code: 'bad-value' },
  { name: 'a text that ends with U+0000', option: { kind: 'hostName', value: 'a\0' }, code: 'bad-value' },
  { name: 'a lone surrogate', option: { kind: 'hostName', value: '\ud800' }, code: 'bad-value' },
  { name: 'a mask with holes', option: { kind: 'subnetMask', value: ip('255.0.255.0') }, code: 'bad-value' },
  { name: 'an MTU below 68', option: { kind: 'interfaceMtu', value: 67 }, code: 'bad-value' },
  { name: 'a time of 33 bits', option: { kind: 'ipAddressLeaseTime', value: 2 ** 32 }, code: 'out-of-range' },
  { name: 'a fraction of a second', option: { kind: 'renewalTime', value: 1.5 }, code: 'out-of-range' },
  { name: 'an option code of 256', option: { kind: 'parameterRequestList', value: [256] }, code: 'out-of-range' },
  {
    name: 'a client identifier of one octet',
    option: { kind: 'clientIdentifier', value: hex('01') },
    code: 'bad-value',
  },
  { name: 'auto-configure 2', option: { kind: 'autoConfigure', value: 2 }, code: 'bad-value' },
  { name: 'a user class of 256 octets', option: { kind: 'userClass', value: [bytes256] }, code: 'too-long' },
  {
    name: 'a sub-option of 256 octets',
    option: { kind: 'relayAgentInformation', value: [{ kind: 'agentCircuitId', value: bytes256 }] },
    code: 'too-long',
  },
  {
    name: 'a static default route',
    option: { kind: 'staticRoute', value: [{ destination: ip('0.0.0.0'), router: ip('192.0.2.1') }] },
    code: 'bad-value',
  },
  {
    name: 'a GUID of one octet',
    option: { kind: 'clientMachineIdentifier', value: { type: 0, identifier: hex('01') } },
    code: 'bad-value',
  },
  { name: 'a name with an empty label', option: { kind: 'domainSearch', value: ['a..b'] }, code: 'bad-value' },
  {
    name: 'vendor information of over 255 octets',
    option: {
      kind: 'vendorIdentifyingInformation',
      value: [{ enterpriseNumber: 1, options: [{ code: 1, data: bytes256.subarray(1) }] }],
    },
    code: 'too-long',
  },
  { name: 'a raw pad', option: { kind: 'raw', code: 0, data: hex('') }, code: 'bad-value' },
  { name: 'a raw option overload', option: { kind: 'raw', code: 52, data: hex('03') }, code: 'bad-value' },
  { name: 'a raw end', option: { kind: 'raw', code: 255, data: hex('') }, code: 'bad-value' },
  { name: 'a raw option 256', option: { kind: 'raw', code: 256, data: hex('') }, code: 'out-of-range' },
  { name: 'an option of no name', option: { kind: 'nothing', value: 1 } as unknown as Option, code: 'bad-value' },
];
for (const { name, option, code } of refused) {
  t.test(`does not encode ${name}`, async (t) => {
    t.throws(() => encodeMessage({ ...reply, options: [option] }), { name: 'EncodeError', code });
  });
}

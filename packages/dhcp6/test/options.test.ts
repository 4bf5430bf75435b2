import t from 'tap';
import { decodeMessage, encodeMessage, encodeOption, type Option } from '../src/index.ts';
import { hex, ip, joined, net, reply, replyHeader, sameBytes } from './golden.ts';
import { optionTables } from './options/tables.ts';

for (const { name, option, bytes } of optionTables.flatMap(({ golden }) => golden)) {
  t.test(name, async (t) => {
    const message = joined(replyHeader, bytes);
    t.strictSame(decodeMessage(message).options, [option], 'decodes');
    sameBytes(t, encodeMessage({ ...reply, options: [option] }), message, 'encodes');
    const { code, data } = encodeOption(option);
    t.equal(code, ((bytes[0] as number) << 8) | (bytes[1] as number));
    sameBytes(t, data, bytes.slice(4), 'by itself');
  });
}

for (const { name, bytes, code } of optionTables.flatMap(({ malformed }) => malformed)) {
  t.test(`keeps ${name} as malformed`, async (t) => {
    const message = joined(replyHeader, bytes);
    const { options } = decodeMessage(message);
    const number = ((bytes[0] as number) << 8) | (bytes[1] as number);
    t.strictSame(options, [{ kind: 'malformed', code: number, data: bytes.slice(4), error: code }]);
    sameBytes(t, encodeMessage({ ...reply, options }), message, 'encodes as it came');
    t.throws(() => decodeMessage(message, { strict: true }), { name: 'DecodeError', code }, 'strict');
  });
}

t.test('a replacement character that was sent as such is text', async (t) => {
  t.strictSame(decodeMessage(joined(replyHeader, hex('00 67 00 03  ef bf bd'))).options, [
    { kind: 'captivePortal', value: '\ufffd' },
  ]);
});

const big = new Uint8Array(65536);
const refused: { name: string; option: Option; code: string }[] = [
  { name: 'a DUID of two octets', option: { kind: 'clientIdentifier', value: hex('00 01') }, code: 'bad-value' },
  { name: 'a DUID of 131 octets', option: { kind: 'serverIdentifier', value: big.subarray(0, 131) }, code: 'too-long' },
  { name: 'an empty list of addresses', option: { kind: 'dnsServers', value: [] }, code: 'bad-value' },
  { name: 'an empty list of names', option: { kind: 'domainSearchList', value: [] }, code: 'bad-value' },
  { name: 'a name with an empty label', option: { kind: 'domainSearchList', value: ['a..b'] }, code: 'bad-value' },
  { name: 'an empty text', option: { kind: 'captivePortal', value: '' }, code: 'bad-value' },
  { name: 'a lone surrogate', option: { kind: 'captivePortal', value: '\ud800' }, code: 'bad-value' },
  { name: 'an option code of 65536', option: { kind: 'optionRequest', value: [65536] }, code: 'out-of-range' },
  { name: 'a preference of 256', option: { kind: 'preference', value: 256 }, code: 'out-of-range' },
  { name: 'a time of 33 bits', option: { kind: 'solMaxRt', value: 2 ** 32 }, code: 'out-of-range' },
  { name: 'a fraction of a second', option: { kind: 'informationRefreshTime', value: 1.5 }, code: 'out-of-range' },
  { name: 'no user class', option: { kind: 'userClass', value: [] }, code: 'bad-value' },
  { name: 'a user class of 65536 octets', option: { kind: 'userClass', value: [big] }, code: 'too-long' },
  {
    name: 'user classes of 65536 octets',
    option: { kind: 'userClass', value: [big.subarray(0, 40000), big.subarray(0, 30000)] },
    code: 'too-long',
  },
  {
    name: 'a vendor option of 65536 octets',
    option: { kind: 'vendorOptions', value: { enterpriseNumber: 1, options: [{ code: 1, data: big }] } },
    code: 'too-long',
  },
  {
    name: 'a remote-id without octets',
    option: { kind: 'remoteId', value: { enterpriseNumber: 1, identifier: hex('') } },
    code: 'bad-value',
  },
  {
    name: 'a link-layer address without octets',
    option: { kind: 'clientLinkLayerAddress', value: { hardwareType: 1, address: hex('') } },
    code: 'bad-value',
  },
  { name: 'no time source', option: { kind: 'ntpServer', value: [] }, code: 'bad-value' },
  { name: 'no boot parameter', option: { kind: 'bootfileParameters', value: [] }, code: 'bad-value' },
  {
    name: 'a boot parameter of 65536 octets',
    option: { kind: 'bootfileParameters', value: ['x'.repeat(65536)] },
    code: 'too-long',
  },
  { name: 'no architecture', option: { kind: 'clientArchitectureTypes', value: [] }, code: 'bad-value' },
  {
    name: 'an excluded prefix of 129 bits',
    option: { kind: 'pdExclude', value: { prefixLength: 129, subnetId: hex('01') } },
    code: 'bad-value',
  },
  {
    name: 'an excluded prefix without a subnet id',
    option: { kind: 'pdExclude', value: { prefixLength: 64, subnetId: hex('') } },
    code: 'bad-value',
  },
  {
    name: 'an excluded prefix with 17 octets of subnet id',
    option: { kind: 'pdExclude', value: { prefixLength: 64, subnetId: big.subarray(0, 17) } },
    code: 'too-long',
  },
  {
    name: 'an offset of 16',
    option: { kind: 's46Portparams', value: { offset: 16, psidLength: 0, psid: 0 } },
    code: 'bad-value',
  },
  {
    name: 'a resolver without an address',
    option: {
      kind: 'encryptedDns',
      value: { servicePriority: 1, authenticationDomainName: 'a', service: { addresses: [], parameters: hex('') } },
    },
    code: 'bad-value',
  },
  {
    name: 'a resolver with 4096 addresses',
    option: {
      kind: 'encryptedDns',
      value: {
        servicePriority: 1,
        authenticationDomainName: 'a',
        service: { addresses: new Array(4096).fill(ip('::1')), parameters: hex('') },
      },
    },
    code: 'too-long',
  },
  {
    name: 'what is wrong inside of an IA',
    option: {
      kind: 'iaPd',
      value: {
        iaid: 1,
        t1Seconds: 0,
        t2Seconds: 0,
        options: [
          {
            kind: 'iaPrefix',
            value: { prefix: net('::/0'), preferredLifetimeSeconds: -1, validLifetimeSeconds: 0, options: [] },
          },
        ],
      },
    },
    code: 'out-of-range',
  },
  { name: 'a raw option 65536', option: { kind: 'raw', code: 65536, data: hex('') }, code: 'out-of-range' },
  { name: 'a raw option of 65536 octets', option: { kind: 'raw', code: 65000, data: big }, code: 'too-long' },
  { name: 'an option of no name', option: { kind: 'nothing', value: 1 } as unknown as Option, code: 'bad-value' },
];
for (const { name, option, code } of refused) {
  t.test(`does not encode ${name}`, async (t) => {
    t.throws(() => encodeMessage({ ...reply, options: [option] }), { name: 'EncodeError', code });
  });
}

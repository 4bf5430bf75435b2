import { fromHex } from '@router7/wire';
import t from 'tap';
import { type Duid, decodeDuid, encodeDuid } from '../src/index.ts';
import { hex } from './golden.ts';

const golden: readonly { name: string; duid: Duid; bytes: Uint8Array }[] = [
  {
    name: 'DUID-LLT',
    duid: {
      kind: 'linkLayerTime',
      hardwareType: 1,
      timeSeconds: 0x1234_5678,
      linkLayerAddress: hex('02 00 73 53 00 01'),
    },
    bytes: hex('00 01  00 01  12 34 56 78  02 00 73 53 00 01'),
  },
  {
    name: 'DUID-EN',
    duid: { kind: 'enterprise', enterpriseNumber: 43793, identifier: hex('00 01 02 03 04 05 06 07') },
    bytes: hex('00 02  00 00 ab 11  00 01 02 03 04 05 06 07'),
  },
  {
    name: 'DUID-LL',
    duid: { kind: 'linkLayer', hardwareType: 27, linkLayerAddress: hex('01 02 03 04 05 06 07 08') },
    bytes: hex('00 03  00 1b  01 02 03 04 05 06 07 08'),
  },
  {
    name: 'DUID-UUID',
    duid: { kind: 'uuid', uuid: fromHex('00112233445566778899aabbccddeeff') },
    bytes: hex('00 04  00 11 22 33 44 55 66 77 88 99 aa bb cc dd ee ff'),
  },
  {
    name: 'D6C-02 a type that is not defined, as fiber7 has it',
    duid: { kind: 'opaque', type: 10, data: hex('00 03 00 01 4c 5e 0c 43 bf 39') },
    bytes: hex('00 0a  00 03 00 01 4c 5e 0c 43 bf 39'),
  },
];
for (const { name, duid, bytes } of golden) {
  t.test(`${name} (RFC 9915 11)`, async (t) => {
    t.strictSame(decodeDuid(bytes), duid, 'decodes');
    t.strictSame(encodeDuid(duid), bytes, 'encodes');
  });
}

const malformed: readonly { name: string; bytes: Uint8Array; code: string }[] = [
  { name: 'no octets', bytes: hex(''), code: 'truncated' },
  { name: 'a type and nothing else', bytes: hex('00 05'), code: 'bad-length' },
  { name: 'a DUID-LLT without its address', bytes: hex('00 01 00 01 12 34 56 78'), code: 'bad-length' },
  { name: 'a DUID-LLT without its time', bytes: hex('00 01 00 01 12 34'), code: 'truncated' },
  { name: 'a DUID-EN without its identifier', bytes: hex('00 02 00 00 ab 11'), code: 'bad-length' },
  { name: 'a DUID-LL without its address', bytes: hex('00 03 00 01'), code: 'bad-length' },
  { name: 'a UUID of 15 octets', bytes: hex(`00 04 ${'11'.repeat(15)}`), code: 'bad-length' },
  { name: 'a UUID of 17 octets', bytes: hex(`00 04 ${'11'.repeat(17)}`), code: 'bad-length' },
  { name: '131 octets', bytes: new Uint8Array(131), code: 'bad-length' },
];
for (const { name, bytes, code } of malformed) {
  t.test(`${name} is no DUID`, async (t) => {
    t.throws(() => decodeDuid(bytes), { name: 'DecodeError', code });
  });
}

t.test('what is no DUID is not encoded', async (t) => {
  const none = new Uint8Array(0);
  const refused: readonly [duid: Duid, code: string][] = [
    [{ kind: 'linkLayerTime', hardwareType: 1, timeSeconds: 0, linkLayerAddress: none }, 'bad-value'],
    [{ kind: 'linkLayerTime', hardwareType: 1, timeSeconds: -1, linkLayerAddress: hex('01') }, 'out-of-range'],
    [{ kind: 'enterprise', enterpriseNumber: 1, identifier: none }, 'bad-value'],
    [{ kind: 'linkLayer', hardwareType: 65536, linkLayerAddress: hex('01') }, 'out-of-range'],
    [{ kind: 'uuid', uuid: new Uint8Array(15) }, 'bad-value'],
    [{ kind: 'opaque', type: 9, data: none }, 'bad-value'],
    [{ kind: 'opaque', type: 9, data: new Uint8Array(129) }, 'too-long'],
  ];
  for (const [duid, code] of refused) t.throws(() => encodeDuid(duid), { name: 'EncodeError', code });
  t.equal(encodeDuid({ kind: 'opaque', type: 9, data: new Uint8Array(128) }).length, 130);
});

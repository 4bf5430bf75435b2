import { MacAddress, toHex } from '@router7/wire';
import t from 'tap';
import { hardwareClientIdentifier, rfc4361ClientIdentifier } from '../../src/index.ts';
import { hex } from '../golden.ts';

t.test('the usual client identifier is type 1 and the hardware address (D4C-19)', async (t) => {
  t.equal(toHex(hardwareClientIdentifier(MacAddress.parse('d8:58:d7:00:4e:df'))), '01d858d7004edf');
});

t.test('a client identifier of IAID and DUID (RFC 4361 section 6.1, D4C-19)', async (t) => {
  const duid = hex('00 03 00 01 d8 58 d7 00 4e df');
  t.equal(toHex(rfc4361ClientIdentifier(0xd7004edf, duid)), 'ffd7004edf00030001d858d7004edf');
  t.throws(() => rfc4361ClientIdentifier(2 ** 32, duid), { name: 'EncodeError', code: 'out-of-range' });
  t.throws(() => rfc4361ClientIdentifier(1, hex('00 03')), { name: 'EncodeError', code: 'bad-value' });
  t.throws(() => rfc4361ClientIdentifier(1, new Uint8Array(131)), { name: 'EncodeError', code: 'too-long' });
});

import fc from 'fast-check';
import t from 'tap';
import { MacAddress } from '../src/index.ts';
import { encodeError, hex } from './golden.ts';

t.test('text, number and octets', async (t) => {
  const rows: [string, number, string][] = [
    ['00:00:00:00:00:00', 0, '000000000000'],
    ['02:73:53:00:ca:fe', 0x0273_5300_cafe, '02735300cafe'],
    ['00:00:5e:00:53:01', 0x5e00_5301, '00005e005301'],
    ['ff:ff:ff:ff:ff:ff', 0xffff_ffff_ffff, 'ffffffffffff'],
  ];
  for (const [text, value, octets] of rows) {
    t.equal(MacAddress.parse(text).value, value);
    t.equal(new MacAddress(value).toString(), text);
    t.strictSame(new MacAddress(value).toBytes(), hex(octets));
    t.equal(MacAddress.fromBytes(hex(octets)).value, value);
    t.equal(JSON.stringify([new MacAddress(value)]), `["${text}"]`);
  }
  t.ok(MacAddress.broadcast.equals(MacAddress.parse('ff:ff:ff:ff:ff:ff')));
  t.ok(MacAddress.zero.equals(MacAddress.parse('00:00:00:00:00:00')));
  t.notOk(MacAddress.zero.equals(MacAddress.broadcast));
});

t.test('other ways to write it', async (t) => {
  for (const text of ['02-73-53-00-CA-FE', '02:73:53:00:CA:fe', '2:73:53:0:ca:fe']) {
    t.equal(`${MacAddress.parse(text)}`, '02:73:53:00:ca:fe', text);
  }
});

t.test('text that is no address', async (t) => {
  const bad = ['', '02:73:53:00:ca', '02:73:53:00:ca:fe:00', '02:73-53:00:ca:fe', '0273.5300.cafe', '02735300cafe'];
  bad.push('02:73:53:00:ca:fg', '002:73:53:00:ca:fe', '02::53:00:ca:fe', '02:73:53:00:ca:fe ', '02:73:53:00:ca:fe\n');
  for (const text of bad) t.throws(() => MacAddress.parse(text), encodeError('bad-value'), JSON.stringify(text));
});

t.test('numbers and octets that are no address', async (t) => {
  for (const value of [-1, 2 ** 48, 0.5, Number.NaN])
    t.throws(() => new MacAddress(value), encodeError('out-of-range'));
  for (const length of [0, 5, 7])
    t.throws(() => MacAddress.fromBytes(new Uint8Array(length)), encodeError('bad-value'));
});

t.test('group and local bits', async (t) => {
  const rows: [string, boolean, boolean][] = [
    ['00:00:5e:00:53:01', false, false],
    ['01:00:5e:00:00:01', true, false],
    ['02:73:53:00:ca:fe', false, true],
    ['33:33:00:00:00:01', true, true],
    ['fc:ff:ff:ff:ff:ff', false, false],
    ['ff:ff:ff:ff:ff:ff', true, true],
  ];
  for (const [text, multicast, local] of rows) {
    t.equal(MacAddress.parse(text).isMulticast, multicast, text);
    t.equal(MacAddress.parse(text).isLocal, local, text);
  }
});

t.test('every number has its text, and comes back', async () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (n) => {
      const address = new MacAddress(n % 2 ** 48);
      return (
        /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(`${address}`) &&
        MacAddress.parse(`${address}`).equals(address) &&
        MacAddress.fromBytes(address.toBytes()).equals(address)
      );
    }),
  );
});

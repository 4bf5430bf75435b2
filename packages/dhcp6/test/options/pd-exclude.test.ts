import t from 'tap';
import { excludedPrefix, pdExcludeOf } from '../../src/index.ts';
import { hex, net } from '../golden.ts';

const rows: readonly [delegated: string, excluded: string, subnetId: string][] = [
  ['2001:db8:dead:bee0::/59', '2001:db8:dead:beef::/64', '78'], // RFC 6603 4.2's own example
  ['2001:db8:1::/56', '2001:db8:1:ff::/64', 'ff'],
  ['2001:db8:1::/56', '2001:db8:1::/64', '00'],
  ['2001:db8::/48', '2001:db8:0:8001::/64', '80 01'],
  ['2001:db8::/63', '2001:db8:0:1::/64', '80'],
  ['2001:db8::/40', '2001:db8:30::/44', '30'],
  ['::/0', '2001:db8::1/128', '20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01'],
  ['2001:db8::/60', '2001:db8:0:f:8000::/65', 'f8'],
];
for (const [delegated, excluded, text] of rows) {
  const subnetId = hex(text);
  t.test(`D6C-16 ${excluded} out of ${delegated} (RFC 6603 4.2)`, async (t) => {
    const option = { prefixLength: net(excluded).length, subnetId };
    t.strictSame(pdExcludeOf(net(delegated), net(excluded)), option, 'as an option');
    t.strictSame(excludedPrefix(net(delegated), option), net(excluded), 'back');
  });
}

t.test('D6C-16 bits behind the subnet id, and those of the delegated prefix, are ignored', async (t) => {
  t.strictSame(
    excludedPrefix(net('2001:db8:dead:bee7::1/59'), { prefixLength: 64, subnetId: hex('7f') }),
    net('2001:db8:dead:beef::/64'),
  );
});

t.test('D6C-16 an option that does not fit excludes nothing', async (t) => {
  const delegated = net('2001:db8:1::/56');
  t.equal(excludedPrefix(delegated, { prefixLength: 56, subnetId: hex('00') }), undefined, 'as long');
  t.equal(excludedPrefix(delegated, { prefixLength: 48, subnetId: hex('00') }), undefined, 'shorter');
  t.equal(excludedPrefix(delegated, { prefixLength: 64, subnetId: hex('00 00') }), undefined, 'an octet too many');
  t.equal(excludedPrefix(delegated, { prefixLength: 65, subnetId: hex('00') }), undefined, 'an octet too few');
  t.equal(excludedPrefix(delegated, { prefixLength: 129, subnetId: new Uint8Array(10) }), undefined, '129 bits');
});

t.test('only a part of a prefix can be excluded from it', async (t) => {
  for (const [delegated, excluded] of [
    ['2001:db8:1::/56', '2001:db8:2::/64'],
    ['2001:db8:1::/56', '2001:db8:1::/56'],
    ['2001:db8:1::/56', '2001:db8::/32'],
  ] as const) {
    t.throws(() => pdExcludeOf(net(delegated), net(excluded)), { name: 'EncodeError', code: 'bad-value' });
  }
});

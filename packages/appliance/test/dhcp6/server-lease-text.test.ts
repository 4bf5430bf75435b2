/** The text of leases.json is the same whether it is made quickly or by way of entries. */
import type { Lease } from '@router7/dhcp6';
import { Ipv6Address, Ipv6Prefix } from '@router7/wire';
import fc from 'fast-check';
import t from 'tap';
import { entryOf } from '../../src/dhcp6/server-lease-entry.ts';
import { LeaseText } from '../../src/dhcp6/server-lease-text.ts';
import { formatDhcp6dLeases } from '../../src/state/dhcp6d-leases.ts';

const time = fc.oneof(
  fc.double({ min: -1e6, max: 1e10, noNaN: true }),
  fc.integer({ min: 0, max: 99 }).map((tens) => tens * 10),
  fc.constantFrom(Infinity, -1e16, 1e16, 0.5),
);
const word = fc.oneof(fc.constantFrom(0, 0, 1, -1, 0x2001_0db8, 0xffff), fc.integer());
const address = fc.tuple(word, word, word, word).map((words) => new Ipv6Address(...words));
const network = fc.tuple(address, fc.nat(128)).map(([network, length]) => new Ipv6Prefix(network, length));
/** Leases have these in common, as those of a table have. */
const sharedNetworks = [[], [Ipv6Prefix.parse('2001:db8:7::/64')], [Ipv6Prefix.parse('fd00:7::/48')]];

/** A lease of any kind. */
const anyLease: fc.Arbitrary<Lease> = fc.record({
  kind: fc.constantFrom('address', 'prefix'),
  link: fc.oneof(fc.constantFrom('lan0', 'lan0', 'wlan-guest', 'a"b', 'é\u2028', '\\', '<&>'), fc.string()),
  slot: fc.nat(0xff_ffff),
  length: fc.nat(128),
  state: fc.constantFrom('bound', 'bound', 'bound', 'released', 'declined'),
  key: fc.constant(''),
  duid: fc.uint8Array({ maxLength: 130 }),
  iaid: fc.nat(0xffff_ffff),
  given: fc.oneof(fc.constantFrom(...sharedNetworks), fc.array(network, { maxLength: 64, size: 'max' })),
  peer: fc.oneof(fc.constant(Ipv6Address.parse('fe80::2')), address),
  reconfigureKey: fc.oneof(fc.constant(undefined), fc.uint8Array({ minLength: 16, maxLength: 16 })),
  expiresAt: time,
  lastReplyAt: time,
});

t.test('D6S-05: the text of any leases is the one of their entries', (t) => {
  const text = new LeaseText();
  const offsets = fc.constantFrom(0, 1_700_000_000_000, 1_700_000_000_123.25, -1);
  fc.assert(
    fc.property(fc.array(anyLease, { maxLength: 4 }), offsets, (leases, offset) => {
      const expected = formatDhcp6dLeases(leases.map((lease) => entryOf(lease, offset)));
      return Buffer.from(text.format(leases, offset)).toString() === expected;
    }),
    { numRuns: 2000 },
  );
  t.end();
});

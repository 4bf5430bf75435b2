/** The text of leases.json is the same whether it is made quickly or by way of entries. */
import type { Lease } from '@router7/dhcp4';
import { Ipv4Address, toHex } from '@router7/wire';
import fc from 'fast-check';
import t from 'tap';
import { entryOf } from '../../src/dhcp4/lease-entry.ts';
import { LeaseText } from '../../src/dhcp4/lease-text.ts';
import { formatDhcp4dLeases } from '../../src/state/dhcp4d-leases.ts';

const octets = (maxLength: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ maxLength });
const time = fc.oneof(
  fc.double({ min: -1e6, max: 1e10, noNaN: true }),
  fc.integer({ min: 0, max: 99 }).map((tens) => tens * 10),
  fc.constantFrom(Infinity, -1e16, 1e16, 0.5),
);
const name = fc.oneof(fc.constantFrom('', 'laptop', 'printer-7', 'a"b', '<&>', 'é\u2028', '\\'), fc.string());

/** A lease of any kind, known by its identifier, its hardware address or something else. */
const anyLease: fc.Arbitrary<Lease> = fc
  .record({
    address: fc.nat({ max: 0xffff_ffff }).map((value) => new Ipv4Address(value)),
    state: fc.constantFrom('bound' as const, 'bound' as const, 'released' as const, 'declined' as const),
    hardwareAddress: fc.oneof(fc.uint8Array({ minLength: 6, maxLength: 6 }), octets(16)),
    clientIdentifier: fc.oneof(fc.constant(undefined), octets(300)),
    hostName: name,
    hostNameOverride: name,
    expiresAt: time,
    lastAckAt: time,
    otherKey: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, fc.string()),
  })
  .map(({ otherKey, ...lease }) => {
    const { clientIdentifier, hardwareAddress } = lease;
    const usual = clientIdentifier === undefined ? `01${toHex(hardwareAddress)}` : toHex(clientIdentifier);
    return { ...lease, clientKey: otherKey ?? usual };
  });

t.test('D4S-05: the text of any leases is the one of their entries', (t) => {
  const text = new LeaseText();
  const numbers = fc.nat({ max: 0xffff_ffff });
  const offsets = fc.constantFrom(0, 1_700_000_000_000, 1_700_000_000_123.25, -1);
  fc.assert(
    fc.property(fc.array(anyLease, { maxLength: 4 }), numbers, offsets, (leases, first, offset) => {
      const expected = formatDhcp4dLeases(leases.map((lease) => entryOf(lease, first, offset)));
      return Buffer.from(text.format(leases, first, offset)).toString() === expected;
    }),
    { numRuns: 3000 },
  );
  t.end();
});

import t from 'tap';
import { addressValidUntil } from '../../src/host/address-lifetime.ts';
import { prefix } from '../golden.ts';
import { left, prefixOption, SimulatedHost, told } from './simulated-host.ts';

const HOUR = 3600;
const FOR_EVER = 0xffff_ffff;

function hearing(...options: ReturnType<typeof prefixOption>[]): SimulatedHost {
  const host = new SimulatedHost({ solicit: false });
  host.hear({ options });
  return host;
}

t.test('WAA-1: a prefix is on the link, and one to form addresses from, for as long as it is valid', async (t) => {
  const host = hearing(prefixOption('2001:db8:1::/64', 600, 300));
  t.match(host.engine.heard('onLinkPrefix'), [{ prefix: prefix('2001:db8:1::/64'), until: host.now + 600_000 }]);
  t.match(host.engine.heard('addressPrefix'), [{ preferred: true, preferredUntil: host.now + 300_000 }]);
  t.strictSame(told(host.advance(299_999)), []);
  t.strictSame(told(host.advance(1)), ['changed addressPrefix'], 'deprecated');
  t.match(host.engine.heard('addressPrefix'), [{ preferred: false }]);
  t.strictSame(told(host.advance(300_000)), ['lost onLinkPrefix', 'lost addressPrefix']);
});

t.test('WAA-2: L alone makes no addresses, A alone nothing on the link (RFC 5942)', async (t) => {
  const host = hearing(
    prefixOption('2001:db8:1::/64', 600, 300, { autonomous: false }),
    prefixOption('2001:db8:2::/64', 600, 300, { onLink: false, dhcpv6PdPreferred: true }),
    prefixOption('2001:db8:3::/64', 600, 300, { onLink: false, autonomous: false }),
  );
  t.match(host.engine.heard('onLinkPrefix'), [{ prefix: prefix('2001:db8:1::/64') }]);
  t.equal(host.engine.heard('onLinkPrefix').length, 1);
  t.match(host.engine.heard('addressPrefix'), [{ prefix: prefix('2001:db8:2::/64'), dhcpv6PdPreferred: true }]);
  t.equal(host.engine.heard('addressPrefix').length, 1);
  host.hear({ options: [prefixOption('2001:db8:1::/64', 900, 900, { onLink: false, autonomous: false })] });
  t.equal(left(host.engine.heard('onLinkPrefix')[0], host.now), 600, 'L that is not set says nothing');
});

t.test('an on-link prefix of lifetime 0 is over at once (RFC 4861 6.3.4), its addresses are not', async (t) => {
  const host = hearing(prefixOption('2001:db8:1::/64', 24 * HOUR, HOUR));
  const outputs = host.hear({ options: [prefixOption('2001:db8:1::/64', 0, 0)] });
  t.strictSame(told(outputs), ['lost onLinkPrefix', 'changed addressPrefix']);
  t.match(host.engine.heard('addressPrefix'), [{ preferred: false, until: host.now + 2 * HOUR * 1000 }]);
});

t.test('RFC 9096 3.5, RA-05: a withdrawn prefix is deprecated at once and gone within two hours', async (t) => {
  const host = hearing(prefixOption('2001:db8:1::/64', 24 * HOUR, HOUR));
  for (let minute = 0; minute < 120; minute++) {
    host.hear({ options: [prefixOption('2001:db8:1::/64', 0, 0)] });
    host.advance(60_000);
  }
  t.strictSame(host.engine.heard('addressPrefix'), [], 'however often that is said');
});

const ignored: [name: string, option: ReturnType<typeof prefixOption>][] = [
  ['b) the link-local prefix', prefixOption('fe80::/64', 600, 300)],
  ['c) preferred for longer than valid', prefixOption('2001:db8::/64', 300, 600, { onLink: false })],
  ['d) of lifetime 0 and not known', prefixOption('2001:db8::/64', 0, 0)],
  ['d) of a length that makes no address', prefixOption('2001:db8::/63', 600, 300, { onLink: false })],
];
for (const [name, option] of ignored) {
  t.test(`RFC 4862 5.5.3 ${name}: ignored`, async (t) => {
    const host = hearing(option);
    t.strictSame(told(host.log.map(({ output }) => output)), ['learned router', 'flags']);
  });
}

t.test('prefixes are told apart without their host bits', async (t) => {
  const host = hearing(prefixOption('2001:db8:1::1/64', 600, 300), prefixOption('2001:db8:1::2/64', 900, 300));
  t.match(host.engine.heard('addressPrefix'), [{ prefix: prefix('2001:db8:1::/64'), until: host.now + 900_000 }]);
  t.equal(host.engine.heard('addressPrefix').length, 1);
});

t.test('a prefix for ever has no end, until another one is said', async (t) => {
  const host = hearing(prefixOption('2001:db8:1::/64', FOR_EVER, FOR_EVER));
  t.equal(host.engine.heard('addressPrefix')[0]?.until, Number.POSITIVE_INFINITY);
  host.advance(100 * 365 * 86_400_000);
  t.match(host.engine.heard('addressPrefix'), [{ preferred: true }]);
  host.hear({ options: [prefixOption('2001:db8:1::/64', 600, 300)] });
  t.equal(left(host.engine.heard('onLinkPrefix')[0], host.now), 600);
  t.equal(left(host.engine.heard('addressPrefix')[0], host.now), 2 * HOUR);
});

/** What is left, what is advertised, what is left then, in seconds (RFC 4862 section 5.5.3 e). */
const twoHours: [remaining: number, received: number, then: number][] = [
  [100, 7201, 7201], // 1: greater than 2 hours
  [86_400, 7201, 7201], // 1: also when it cuts
  [100, 200, 200], // 1: greater than what remains
  [7200, 100, 7200], // 2: ignored
  [7200, 7200, 7200],
  [100, 0, 100], // 2: ignored
  [7201, 100, 7200], // 3: reset to 2 hours
  [7201, 7200, 7200],
  [86_400, 0, 7200],
  [Number.POSITIVE_INFINITY, 0, 7200],
  [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  [100, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
];
for (const [remaining, received, then] of twoHours) {
  t.test(`RFC 4862 5.5.3 e) ${remaining} s left, ${received} s advertised: ${then} s (RA-17)`, async (t) => {
    const now = 5_000_000;
    t.equal(addressValidUntil(now + remaining * 1000, now + received * 1000, now), now + then * 1000);
  });
}

import t from 'tap';
import { DEFAULT_IPV6_CONFIG, parseIpv6Config } from '../../src/state/ipv6-config.ts';
import { formatSubnets, generateUla, parseSubnets } from '../../src/state/subnets.ts';

t.test('ipv6.json: without it, all of it, and one line for each mistake', (t) => {
  t.same(DEFAULT_IPV6_CONFIG, {
    ula: 'auto',
    interfaces: {},
    lifetimes: { preferred_seconds: 2700, valid_seconds: 5400 },
    radvd: {},
    dhcp6: {},
    dhcp6d: {},
  });
  const all = { ula: 'fd00:1:2::/48', interfaces: { lan0: { subnet: 7 } }, radvd: { any: 1 } };
  t.match(parseIpv6Config(JSON.stringify(all)), { value: all, warnings: [], damaged: false });
  const { value, warnings } = parseIpv6Config(
    JSON.stringify({
      ula: 'fc00::/48',
      interfaces: { lan0: { subnet: 70_000 }, a0: { subnet: 2, prefix: true } },
      lifetimes: { preferred_seconds: 3600, valid_seconds: 1800 },
      dhcp6: [],
    }),
    'ipv6.json',
  );
  t.same([...warnings].sort(), [
    'ipv6.json: dhcp6: found [], expected a record; dhcp6 passed over',
    'ipv6.json: interfaces.a0.prefix: unknown key, passed over',
    'ipv6.json: interfaces.lan0.subnet: found 70000, expected at most 65535; interfaces.lan0.subnet passed over',
    'ipv6.json: lifetimes: found {"preferred_seconds":3600,"valid_seconds":1800}, expected preferred_seconds not above valid_seconds; lifetimes passed over',
    'ipv6.json: ula: found "fc00::/48", expected "auto", "off" or a prefix of 48 bits in fd00::/8; ula passed over',
  ]);
  t.match(value, { ula: 'auto', interfaces: { a0: { subnet: 2 }, lan0: {} }, dhcp6: {} });
  t.end();
});

t.test('subnets.json is read as it was written', (t) => {
  const subnets = { subnets: { lan0: 0, guest0: 3 }, ula: 'fd12:3456:789a::/48' };
  t.same(parseSubnets(formatSubnets(subnets)).value, subnets);
  t.same(parseSubnets(formatSubnets({ subnets: {} })).value, { subnets: {} });
  t.equal(parseSubnets('{"subnets":{"lan0":-1,"a0":1},"ula":"fd00::/8"}').warnings.length, 2);
  t.end();
});

t.test('ULA-1: a prefix by RFC 4193 section 3.2.2, in fd00::/8 and for each router another one', (t) => {
  const now = Date.parse('2026-01-01T00:00:00.500Z');
  const identifier = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  // printf ed003780800000000102030405060708 | xxd -r -p | sha1sum
  t.equal(String(generateUla(now, identifier)), 'fd25:ec4d:bf13::/48');
  const all = new Set(
    Array.from({ length: 1000 }, (_, index) =>
      String(generateUla(now, Uint8Array.of(0, 0, 0, 0, 0, 0, index >> 8, index))),
    ),
  );
  t.equal(all.size, 1000);
  t.ok([...all].every((text) => /^fd.*\/48$/.test(text)));
  t.end();
});

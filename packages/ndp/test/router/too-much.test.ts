import t from 'tap';
import { optionValues } from '../../src/index.ts';
import { decodeMessage } from '../../src/message-codec.ts';
import type { RememberedOption } from '../../src/router/held-options.ts';
import { INFINITE_LIFETIME } from '../../src/router/lifetime.ts';
import { ip, net, prefix, routerConfig, SimulatedLink } from './simulated-link.ts';

/** Domain names of 200 octets each. */
const names = (count: number, letter: string): string[] =>
  Array.from({ length: count }, (_, index) => `${`${letter.repeat(48)}.`.repeat(4)}n${index}`);
const domains = (list: readonly string[]) => list.map((name) => ({ name, lifetime: { mostSeconds: 1800 } }));

/** Octets of the longest message that was sent. */
const longest = (link: SimulatedLink): number => Math.max(...link.sent.map(({ send }) => send.payload.length));

t.test('RA-06: domains that are taken back are more than one option holds', (t) => {
  const link = new SimulatedLink(routerConfig({ searchDomains: domains(names(6, 'a')) }));
  link.run(20_000);
  for (const letter of ['b', 'c', 'd']) {
    link.input({ kind: 'configure', config: routerConfig({ searchDomains: domains(names(6, letter)) }) });
    link.run(4000);
  }
  const over = link.sent.slice(-3).flatMap(({ send }) => {
    const message = decodeMessage(send.payload);
    return message.kind === 'routerAdvertisement' ? optionValues(message, 'dnssl') : [];
  });
  const taken = over.filter(({ lifetimeSeconds }) => lifetimeSeconds === 0).flatMap(({ domainNames }) => domainNames);
  t.strictSame(new Set(taken), new Set(['a', 'b', 'c'].flatMap((letter) => names(6, letter))));
  t.ok(longest(link) <= 1460, 'RFC 6980 section 5: nothing is fragmented');
  t.end();
});

t.test('RFC 4861 6.2.3: servers that one message does not hold are told in several', (t) => {
  const addresses = Array.from({ length: 200 }, (_, index) => ip(`2001:db8::${(index + 1).toString(16)}`));
  const dnsServers = addresses.map((address) => ({ address, lifetime: { mostSeconds: 1800 } }));
  const link = new SimulatedLink(routerConfig({ dnsServers, maximumMessageSize: 1240 }));
  link.run(0);
  const told = link.sent.flatMap(({ send }) => {
    const message = decodeMessage(send.payload);
    return message.kind === 'routerAdvertisement'
      ? optionValues(message, 'rdnss').flatMap((option) => option.addresses)
      : [];
  });
  t.strictSame(told.map(String), addresses.map(String));
  t.ok(longest(link) <= 1240);
  t.end();
});

t.test('an option that no message holds is refused', (t) => {
  const config = routerConfig({ captivePortal: `https://example.com/${'a'.repeat(1300)}`, maximumMessageSize: 1240 });
  t.throws(() => new SimulatedLink(config), { name: 'RouterVariableError' });
  t.doesNotThrow(() => new SimulatedLink({ ...config, maximumMessageSize: 1460 }));
  t.end();
});

t.test('RA-06: what is remembered and has no encoding does not keep the rest from being told', (t) => {
  const bad: RememberedOption[] = [
    { option: { kind: 'dnssl', value: { lifetimeSeconds: 0, domainNames: ['a..b'] } }, lifetimeSeconds: 1800 },
    { option: { kind: 'dnssl', value: { lifetimeSeconds: 0, domainNames: ['x'.repeat(300)] } }, lifetimeSeconds: 1800 },
    { option: { kind: 'pref64', value: { lifetimeSeconds: 0, prefix: net('64:ff9b::/63') } }, lifetimeSeconds: 1800 },
    {
      option: {
        kind: 'prefixInformation',
        value: {
          prefix: net('2001:db8:9::/64'),
          onLink: true,
          autonomous: true,
          routerAddress: false,
          dhcpv6PdPreferred: false,
          validLifetimeSeconds: 0,
          preferredLifetimeSeconds: 0,
        },
      },
      lifetimeSeconds: INFINITE_LIFETIME,
    },
  ];
  const link = new SimulatedLink(routerConfig(), { remembered: bad });
  link.run(1000);
  t.strictSame(link.prefixes, ['2001:db8:1::/64 LA 5400 2700', '2001:db8:9::/64 LA 0 0']);
  t.end();
});

t.test('WPD-10: however much is told, a prefix that is over is taken back', (t) => {
  const searchDomains = domains(Array.from({ length: 80 }, (_, index) => `d${index}.example`));
  const link = new SimulatedLink(routerConfig({ searchDomains }));
  link.run(20_000);
  link.input({ kind: 'configure', config: routerConfig({ searchDomains, prefixes: [prefix('2001:db8:2::/64')] }) });
  link.run(0);
  const taken = link.sent.flatMap(({ send }) => {
    const message = decodeMessage(send.payload);
    return message.kind === 'routerAdvertisement' ? optionValues(message, 'prefixInformation') : [];
  });
  t.ok(taken.some((option) => `${option.prefix}` === '2001:db8:1::/64' && option.validLifetimeSeconds === 0));
  t.end();
});

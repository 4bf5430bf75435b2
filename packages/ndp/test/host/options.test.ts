import t from 'tap';
import type { Heard, HeardKind, Option } from '../../src/index.ts';
import { hex, ip, prefix } from '../golden.ts';
import { OTHER, ROUTER, SimulatedHost, told } from './simulated-host.ts';

/** An option that says one thing for some time, and what is heard. */
const lasting: { kind: HeardKind; option: (seconds: number) => Option; heard: Partial<Heard> }[] = [
  {
    kind: 'route',
    option: (routeLifetimeSeconds) => ({
      kind: 'routeInformation',
      value: { prefix: prefix('fd00:1::/48'), preference: 1, routeLifetimeSeconds },
    }),
    heard: { prefix: prefix('fd00:1::/48'), preference: 1 },
  },
  {
    kind: 'dnsServer',
    option: (lifetimeSeconds) => ({ kind: 'rdnss', value: { lifetimeSeconds, addresses: [ip('fe80::53')] } }),
    heard: { address: ip('fe80::53') },
  },
  {
    kind: 'searchDomain',
    option: (lifetimeSeconds) => ({ kind: 'dnssl', value: { lifetimeSeconds, domainNames: ['lan'] } }),
    heard: { domainName: 'lan' },
  },
  {
    kind: 'pref64',
    option: (seconds) => ({
      kind: 'pref64',
      value: { prefix: prefix('64:ff9b::/96'), lifetimeSeconds: seconds === 0xffff_ffff ? 65528 : seconds },
    }),
    heard: { prefix: prefix('64:ff9b::/96') },
  },
  {
    kind: 'encryptedResolver',
    option: (lifetimeSeconds) => ({
      kind: 'encryptedDns',
      value: {
        servicePriority: 1,
        lifetimeSeconds,
        authenticationDomainName: 'dns.example',
        service: { addresses: [ip('2001:db8::53')], parameters: hex('00 01 00 04 03 64 6f 74') },
      },
    }),
    heard: {
      resolver: {
        servicePriority: 1,
        authenticationDomainName: 'dns.example',
        service: { addresses: [ip('2001:db8::53')], parameters: hex('00 01 00 04 03 64 6f 74') },
      },
    },
  },
];

for (const { kind, option, heard } of lasting) {
  t.test(`${kind} holds for its own lifetime, whatever its router's is`, async (t) => {
    const host = new SimulatedHost({ solicit: false });
    host.hear();
    t.strictSame(told(host.hear({ options: [option(2400)] })), [`learned ${kind}`]);
    t.strictSame(host.engine.heard(kind), [{ kind, router: ROUTER, ...heard, until: host.now + 2_400_000 }]);
    t.strictSame(told(host.hear({ options: [] })), [], 'an advertisement without it takes nothing back');
    t.strictSame(told(host.advance(1_800_000)), ['lost router', 'flags'].slice(0, 1));
    t.strictSame(told(host.hear({ options: [option(800)] })), ['learned router'], 'refreshed');
    t.strictSame(told(host.advance(799_999)), []);
    t.strictSame(told(host.advance(1)), [`lost ${kind}`]);
  });

  t.test(`${kind} with a lifetime of 0 is taken back at once, by its own router only`, async (t) => {
    const host = new SimulatedHost({ solicit: false });
    host.hear({ options: [option(2400)] });
    host.hear({ options: [option(0)] }, OTHER);
    t.equal(host.engine.heard(kind).length, 1);
    t.strictSame(told(host.hear({ options: [option(0)] })), [`lost ${kind}`]);
    t.strictSame(told(host.hear({ options: [option(0)] })), [], 'not twice');
  });

  t.test(`${kind} is bounded: who floods pushes nobody out`, async (t) => {
    const host = new SimulatedHost({ solicit: false });
    host.hear({ options: [option(2400)] });
    const [first] = host.engine.heard(kind);
    for (let i = 0; i < 200; i++)
      host.hear({ routerLifetimeSeconds: 65535, options: [option(65528)] }, ip(`fe80::${i + 100}`));
    t.ok(host.engine.heard(kind).length <= 32);
    t.ok(host.engine.heard('router').length <= 16);
    t.strictSame(host.engine.heard(kind)[0], first);
    t.match(host.engine.heard('router')[0], { address: ROUTER });
    t.strictSame(told(host.hear({ options: [option(2408)] })), [], 'it is still refreshed');
    t.equal(host.log.filter(({ output }) => output.kind === 'overflow').length, 2, 'told once of each');
    host.advance(60_000);
    t.ok(told(host.hear({ options: [option(2400)] }, ip('fe80::9'))).includes('overflow'), 'and once a minute');
  });
}

t.test('something for ever has no end', async (t) => {
  const host = new SimulatedHost({ solicit: false });
  host.hear({ options: lasting.filter(({ kind }) => kind !== 'pref64').map(({ option }) => option(0xffff_ffff)) });
  t.strictSame(told(host.advance(1e13)), ['lost router']);
  t.equal(host.engine.deadline(), undefined);
});

t.test('RFC 8106: each server and each name of an option is one', async (t) => {
  const host = new SimulatedHost({ solicit: false });
  const addresses = [ip('2001:db8::1'), ip('2001:db8::2'), ip('ff02::fb'), ip('::'), ip('::1')];
  host.hear({
    options: [
      { kind: 'rdnss', value: { lifetimeSeconds: 100, addresses } },
      { kind: 'rdnss', value: { lifetimeSeconds: 200, addresses: [ip('2001:db8::3')] } },
      { kind: 'dnssl', value: { lifetimeSeconds: 100, domainNames: ['a.example', 'b.example'] } },
    ],
  });
  t.strictSame(
    host.engine.heard('dnsServer').map(({ address, until }) => `${address} ${(until - host.now) / 1000}`),
    ['2001:db8::1 100', '2001:db8::2 100', '2001:db8::3 200'],
    'but nobody asks a group or itself',
  );
  t.strictSame(
    host.engine.heard('searchDomain').map(({ domainName }) => domainName),
    ['a.example', 'b.example'],
  );
});

t.test('what changes beside its end is told', async (t) => {
  const host = new SimulatedHost({ solicit: false });
  const route = (preference: 0 | 1): Option => ({
    kind: 'routeInformation',
    value: { prefix: prefix('::/0'), preference, routeLifetimeSeconds: 60 },
  });
  const resolver = (octet: number): Option => ({
    kind: 'encryptedDns',
    value: {
      servicePriority: 1,
      lifetimeSeconds: 60,
      authenticationDomainName: 'a',
      service: { addresses: [ip('::2')], parameters: Uint8Array.of(octet) },
    },
  });
  host.hear({ options: [route(0), resolver(1)] });
  t.strictSame(told(host.hear({ options: [route(0), resolver(1)] })), []);
  t.strictSame(told(host.hear({ options: [route(1), resolver(2)] })), ['changed route', 'changed encryptedResolver']);
});

t.test('malformed options say nothing', async (t) => {
  const host = new SimulatedHost({ solicit: false });
  host.hear({ options: [{ kind: 'malformed', code: 24, data: hex('00 10 00 00 07 08'), error: 'bad-value' }] });
  t.strictSame(host.engine.heard('route'), [], 'RFC 4191 2.3: of the reserved preference');
});

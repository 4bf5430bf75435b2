import fc from 'fast-check';
import t from 'tap';
import { counterAdvertisement, encodeMessage, isLasting, type Option } from '../../src/index.ts';
import { ip, prefix } from '../golden.ts';
import { ALL_NODES, advertisement, OTHER, prefixOption, ROUTER, SimulatedHost, told } from './simulated-host.ts';

t.test('RA-16: an advertisement that is not ours is told, and whether it says the same as before', async (t) => {
  const host = new SimulatedHost({ solicit: false, expectedRouters: [ROUTER] });
  t.strictSame(told(host.hear()), ['learned router', 'flags'], 'ours');
  const outputs = host.hear({ options: [prefixOption('2001:db8:bad::/64', 7200, 3600)] }, OTHER);
  t.match(
    outputs.find(({ kind }) => kind === 'rogue'),
    {
      kind: 'rogue',
      router: { address: OTHER, isDefault: true },
      advertisement: { options: [{ kind: 'prefixInformation' }] },
    },
  );
  host.advance(60_000);
  const again = host.hear({ options: [prefixOption('2001:db8:bad::/64', 7200, 3600)] }, OTHER);
  t.match(again, [{ kind: 'rogue', isNews: false }]);
  t.match(host.hear({ options: [prefixOption('2001:db8:bad:1::/64', 7200, 3600)] }, OTHER).at(-1), { isNews: true });
  t.match(
    host.hear({ routerLifetimeSeconds: 0 }, OTHER).at(-1),
    { kind: 'rogue', isNews: true },
    'also when it leaves',
  );
});

t.test('RA-16: lifetimes that are others, and something that ended in between, are no news', async (t) => {
  const host = new SimulatedHost({ solicit: false, expectedRouters: [] });
  const dns = (lifetimeSeconds: number): Option => {
    return { kind: 'rdnss', value: { lifetimeSeconds, addresses: [ip('2001:db8::53')] } };
  };
  t.match(host.hear({ options: [dns(4), prefixOption('2001:db8:bad::/64', 60, 60)] }).at(-1), { kind: 'flags' });
  host.advance(5000);
  t.match(
    host.hear({ routerLifetimeSeconds: 9, options: [dns(5), prefixOption('2001:db8:bad::/64', 55, 55)] }).at(-1),
    {
      kind: 'rogue',
      isNews: false,
    },
  );
  t.match(host.hear({ options: [dns(0), prefixOption('2001:db8:bad::/64', 55, 55)] }).at(-1), { isNews: true });
  host.advance(10_000_000);
  t.ok(
    host.hear({ options: [] }).some((output) => output.kind === 'rogue' && output.isNews),
    'back after a while',
  );
});

t.test('RA-16: what there is to take back', async (t) => {
  const none = { routerLifetimeSeconds: 0 };
  t.ok(isLasting(advertisement()));
  t.notOk(isLasting(advertisement(none)));
  t.notOk(
    isLasting(advertisement({ ...none, options: [prefixOption('2001:db8::/64', 0, 0), { kind: 'mtu', value: 1500 }] })),
  );
  t.ok(isLasting(advertisement({ ...none, options: [prefixOption('2001:db8::/64', 60, 0)] })));
});

t.test('RA-16: which routers are ours may change', async (t) => {
  const host = new SimulatedHost({ solicit: false, expectedRouters: [] });
  t.ok(told(host.hear()).includes('rogue'));
  host.handle({ kind: 'expect', routers: [ROUTER] });
  t.notOk(told(host.hear({ otherConfiguration: true })).includes('rogue'));
  host.handle({ kind: 'expect', routers: undefined });
  t.notOk(told(host.hear({}, OTHER)).includes('rogue'), 'any router is welcome');
});

t.test('RA-16: a flood of rogue routers is told within bounds', async (t) => {
  const host = new SimulatedHost({ solicit: false, expectedRouters: [ROUTER] });
  for (let i = 0; i < 10_000; i++) host.hear({}, ip(`fe80::1:${(i + 1).toString(16)}`));
  const kinds = told(host.log.map(({ output }) => output));
  t.equal(kinds.filter((kind) => kind === 'rogue').length, 16);
  t.equal(kinds.filter((kind) => kind === 'overflow').length, 1);
});

t.test('a caller that does not drain loses the news of dropped messages first', async (t) => {
  const host = new SimulatedHost({ solicit: false });
  const packet = { kind: 'packet', source: ROUTER, destination: ALL_NODES, hopLimit: 255 } as const;
  host.engine.handle({ ...packet, payload: encodeMessage(advertisement()) }, host.now);
  for (let i = 0; i < 3000; i++) host.engine.handle({ ...packet, payload: new Uint8Array(i % 8) }, host.now);
  for (let i = 0; i < 10; i++) {
    const payload = encodeMessage(advertisement({ curHopLimit: i + 1 }));
    host.engine.handle({ ...packet, payload }, host.now);
  }
  const kinds = told(host.handle({ kind: 'timeout' }));
  t.equal(kinds.length, 1024);
  t.strictSame(kinds.slice(0, 2), ['learned router', 'flags']);
  t.equal(kinds.filter((kind) => kind === 'changed router').length, 10);
});

t.test('whatever is heard whenever: bounded, nothing over is known, no deadline in the past', async () => {
  const seconds = fc.constantFrom(0, 1, 60, 7200, 7201, 86_400, 0xffff_ffff);
  const option = fc
    .tuple(fc.nat(40), seconds, seconds)
    .map(([net, valid, preferred]) => prefixOption(`2001:db8:${net}::/64`, valid, preferred));
  const step = fc.record({
    router: fc.nat(20),
    lifetime: fc.constantFrom(0, 30, 1800, 65535),
    options: fc.array(option, { maxLength: 4 }),
    pause: fc.constantFrom(0, 1, 1000, 3_600_000, 86_400_000),
    carrier: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const host = new SimulatedHost();
      const known = new Set<string>();
      for (const { router, lifetime, options, pause, carrier } of steps) {
        host.handle({ kind: 'carrier', up: carrier });
        host.hear({ routerLifetimeSeconds: lifetime, options }, ip(`fe80::${router + 1}`));
        host.advance(pause);
        host.handle({ kind: 'timeout' });
        const all = (['router', 'onLinkPrefix', 'addressPrefix'] as const).flatMap((kind) => host.engine.heard(kind));
        if (all.some(({ until }) => until <= host.now) || all.length > 80) return false;
        if ((host.engine.deadline() ?? Number.POSITIVE_INFINITY) < host.now) return false;
      }
      // Learned and lost balance: what was learned and not lost is what is known.
      for (const { output } of host.log) {
        if (!('heard' in output)) continue;
        const { heard } = output;
        const name =
          'prefix' in heard ? `${heard.kind} ${heard.prefix}` : `${heard.kind} ${'address' in heard && heard.address}`;
        if (output.kind === 'learned' && known.has(name)) return false;
        if (output.kind !== 'learned' && !known.has(name)) return false;
        if (output.kind === 'learned') known.add(name);
        if (output.kind === 'lost') known.delete(name);
      }
      const count = (['router', 'onLinkPrefix', 'addressPrefix'] as const).flatMap((kind) =>
        host.engine.heard(kind),
      ).length;
      return count === known.size;
    }),
    { numRuns: 300 },
  );
});

t.test('RA-16: a counter-advertisement takes back all that lasts', async (t) => {
  const host = new SimulatedHost({ solicit: false });
  const service = { addresses: [ip('::2')], parameters: new Uint8Array() };
  const said = advertisement({
    preference: 1,
    managedAddressConfiguration: true,
    otherConfiguration: true,
    options: [
      { kind: 'mtu', value: 1500 },
      prefixOption('2001:db8:bad::/64', 86_400, 86_400),
      { kind: 'routeInformation', value: { prefix: prefix('::/0'), preference: 1, routeLifetimeSeconds: 60 } },
      { kind: 'rdnss', value: { lifetimeSeconds: 60, addresses: [ip('::2')] } },
      { kind: 'dnssl', value: { lifetimeSeconds: 60, domainNames: ['bad.example'] } },
      { kind: 'pref64', value: { lifetimeSeconds: 64, prefix: prefix('64:ff9b::/96') } },
      {
        kind: 'encryptedDns',
        value: { servicePriority: 1, lifetimeSeconds: 60, authenticationDomainName: 'bad.example', service },
      },
      { kind: 'raw', code: 200, data: new Uint8Array(6) },
    ],
  });
  host.hear(said, OTHER);
  const kinds = ['router', 'onLinkPrefix', 'addressPrefix', 'route', 'dnsServer', 'searchDomain', 'pref64'] as const;
  for (const kind of [...kinds, 'encryptedResolver'] as const) t.equal(host.engine.heard(kind).length, 1, kind);
  host.hear(counterAdvertisement(said), OTHER);
  t.match(host.engine.heard('router'), [{ isDefault: false, managedAddressConfiguration: false, preference: 0 }]);
  t.match(host.engine.heard('addressPrefix'), [{ preferred: false, until: host.now + 7_200_000 }]);
  for (const kind of ['onLinkPrefix', 'route', 'dnsServer', 'searchDomain', 'pref64', 'encryptedResolver'] as const) {
    t.equal(host.engine.heard(kind).length, 0, kind);
  }
});

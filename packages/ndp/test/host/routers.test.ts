import t from 'tap';
import { encodeMessage, Preference } from '../../src/index.ts';
import { hex, ip } from '../golden.ts';
import { ALL_NODES, advertisement, OTHER, ROUTER, SimulatedHost, told } from './simulated-host.ts';

t.test('W-3: a default router is there for its lifetime, which each advertisement sets anew', async (t) => {
  const host = new SimulatedHost({ solicit: false });
  t.strictSame(told(host.hear({ preference: Preference.high })), ['learned router', 'flags']);
  t.match(host.engine.heard('router'), [
    { address: ROUTER, isDefault: true, preference: 1, until: host.now + 1_800_000 },
  ]);
  host.advance(1_000_000);
  t.strictSame(told(host.hear({ preference: Preference.high })), [], 'a later end is no news');
  t.strictSame(told(host.advance(1_799_999)), []);
  t.strictSame(told(host.advance(1)), ['lost router']);
  t.strictSame(host.engine.heard('router'), []);
  t.equal(host.engine.deadline(), undefined);
});

t.test('G-5: a lifetime of 0 takes it out of the default routers at once, what else it says holds', async (t) => {
  const host = new SimulatedHost({ solicit: false });
  host.hear({ otherConfiguration: true, preference: Preference.low });
  t.strictSame(told(host.hear({ otherConfiguration: true, routerLifetimeSeconds: 0, preference: Preference.low })), [
    'changed router',
  ]);
  t.match(host.engine.heard('router'), [{ isDefault: false, preference: 0, otherConfiguration: true }]);
  t.strictSame(told(host.advance(5_400_000)), ['lost router', 'flags']);
});

t.test('WPD-4, D6C-19: M and O are those of all routers together, told when they change', async (t) => {
  const host = new SimulatedHost({ solicit: false });
  t.strictSame(host.handle({ kind: 'timeout' }), [], 'nothing is known yet');
  const flags = (outputs: ReturnType<SimulatedHost['hear']>): object | undefined =>
    outputs.find((output) => output.kind === 'flags');
  t.strictSame(flags(host.hear()), {
    kind: 'flags',
    managedAddressConfiguration: false,
    otherConfiguration: false,
  });
  t.equal(flags(host.hear()), undefined);
  t.match(flags(host.hear({ otherConfiguration: true }, OTHER)), { otherConfiguration: true });
  t.equal(flags(host.hear()), undefined, 'the first router takes nothing back that the other says');
  t.match(flags(host.hear({ managedAddressConfiguration: true })), {
    managedAddressConfiguration: true,
    otherConfiguration: true,
  });
  t.match(flags(host.hear({}, OTHER)), { managedAddressConfiguration: true, otherConfiguration: false });
});

t.test('what an advertisement leaves open stays as it was (RFC 4861 6.3.4)', async (t) => {
  const host = new SimulatedHost({ solicit: false });
  host.hear({
    curHopLimit: 64,
    reachableTimeMilliseconds: 30_000,
    retransTimerMilliseconds: 1000,
    options: [
      { kind: 'mtu', value: 1492 },
      { kind: 'captivePortal', value: 'https://portal.example/' },
      { kind: 'sourceLinkLayerAddress', value: hex('02 00 5e 10 00 01') },
    ],
  });
  const before = host.engine.heard('router');
  t.match(before, [
    {
      curHopLimit: 64,
      reachableTimeMilliseconds: 30_000,
      retransTimerMilliseconds: 1000,
      mtu: 1492,
      captivePortal: 'https://portal.example/',
      linkLayerAddress: hex('02 00 5e 10 00 01'),
    },
  ]);
  t.strictSame(told(host.hear()), []);
  t.strictSame(host.engine.heard('router'), before);
  t.strictSame(told(host.hear({ curHopLimit: 255 })), ['changed router']);
});

t.test('an MTU below 1280 is none (RFC 8200 section 5)', async (t) => {
  const host = new SimulatedHost({ solicit: false });
  host.hear({ options: [{ kind: 'mtu', value: 1279 }] });
  t.equal(host.engine.heard('router')[0]?.mtu, undefined);
});

t.test('what is not valid is dropped and told (RFC 4861 6.1.2)', async (t) => {
  const host = new SimulatedHost({ solicit: false });
  const payload = encodeMessage(advertisement());
  const packet = { kind: 'packet', payload, source: ROUTER, destination: ALL_NODES, hopLimit: 255 } as const;
  const discarded = (reason: string): object[] => [{ kind: 'discarded', reason }];
  t.strictSame(host.handle({ ...packet, hopLimit: 254 }), discarded('hop-limit'));
  t.strictSame(host.handle({ ...packet, source: ip('2001:db8::1') }), discarded('source'));
  t.strictSame(host.handle({ ...packet, payload: hex('86 01 00 00') }), discarded('bad-value'));
  t.strictSame(host.handle({ ...packet, payload: payload.subarray(0, 15) }), discarded('truncated'));
  t.strictSame(host.handle({ ...packet, payload: hex('80 00 00 00') }), discarded('bad-magic'));
  const solicitation = encodeMessage({ kind: 'routerSolicitation', options: [] });
  t.strictSame(host.handle({ ...packet, payload: solicitation }), discarded('unexpected-type'));
  t.strictSame(host.engine.heard('router'), []);
});

t.test('nothing known is a view of the packet', async (t) => {
  const host = new SimulatedHost({ solicit: false });
  const options = [{ kind: 'sourceLinkLayerAddress', value: hex('02 00 5e 10 00 01') }] as const;
  const payload = encodeMessage(advertisement({ options }));
  host.handle({ kind: 'packet', payload, source: ROUTER, destination: ALL_NODES, hopLimit: 255 });
  payload.fill(0xff);
  t.strictSame(host.engine.heard('router')[0]?.linkLayerAddress, hex('02 00 5e 10 00 01'));
});

import fc from 'fast-check';
import t from 'tap';
import { encodeMessage, Preference, type RouterAdvertisement } from '../../src/index.ts';
import { ALL_NODES, HOST, ip, net, ROUTER, routerConfig, SimulatedLink, solicitation } from './simulated-link.ts';

const OTHER = ip('fe80::2');

/** An advertisement of another router. */
function advertisement(changes: Partial<RouterAdvertisement> = {}): Uint8Array {
  return encodeMessage({
    kind: 'routerAdvertisement',
    curHopLimit: 64,
    managedAddressConfiguration: false,
    otherConfiguration: false,
    homeAgent: false,
    preference: Preference.medium,
    proxy: false,
    routerLifetimeSeconds: 1800,
    reachableTimeMilliseconds: 0,
    retransTimerMilliseconds: 0,
    options: [],
    ...changes,
  });
}

t.test('RA-10: solicitations that are not valid get no answer (RFC 4861 6.1.1)', (t) => {
  const link = new SimulatedLink();
  link.run(40_000);
  const before = link.sent.length;
  const good = solicitation();
  const withCode = good.slice();
  withCode[1] = 1;
  const emptyOption = good.slice();
  emptyOption[9] = 0;
  const rows: [reason: string, act: () => void][] = [
    ['hop-limit', () => link.receive(good, { hopLimit: 254 })],
    ['bad-value', () => link.receive(withCode)],
    ['truncated', () => link.receive(good.subarray(0, 7))],
    ['truncated', () => link.receive(new Uint8Array())],
    ['truncated', () => link.receive(good.subarray(0, 15))],
    ['bad-length', () => link.receive(emptyOption)],
    ['source-link-layer-address', () => link.receive(good, { source: ip('::') })],
    ['source', () => link.receive(advertisement(), { source: ip('2001:db8::1'), destination: ALL_NODES })],
    ['hop-limit', () => link.receive(advertisement(), { source: OTHER, hopLimit: 64 })],
    [
      'unexpected-type',
      () => link.receive(encodeMessage({ kind: 'neighborSolicitation', targetAddress: ROUTER, options: [] })),
    ],
  ];
  for (const [reason, act] of rows) {
    const said = link.discarded.length;
    act();
    t.strictSame(link.discarded.slice(said), [reason]);
  }
  link.run(4000);
  t.equal(link.sent.length, before);
  t.end();
});

t.test('RA-10: options that nobody knows do not matter (RFC 4861 6.1.1)', (t) => {
  const link = new SimulatedLink();
  link.run(40_000);
  const before = link.sent.length;
  link.receive(Uint8Array.from([...solicitation(), 253, 1, 1, 2, 3, 4, 5, 6]));
  link.run(500);
  t.equal(link.sent.length, before + 1);
  t.end();
});

t.test('whatever octets come in, the engine goes on', (t) => {
  const link = new SimulatedLink();
  const octets = fc.tuple(
    fc.constantFrom(solicitation(), advertisement(), advertisement({ options: [{ kind: 'mtu', value: 1500 }] })),
    fc.array(fc.tuple(fc.nat(30), fc.nat(255)), { maxLength: 4 }),
    fc.nat(40),
  );
  fc.assert(
    fc.property(octets, fc.boolean(), ([seed, changes, length], known) => {
      const bytes = seed.slice(0, length);
      for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
      link.receive(bytes, { source: known ? HOST : OTHER });
      link.run(1);
    }),
    { numRuns: 3000 },
  );
  link.run(100_000);
  t.match(link.last, { routerLifetimeSeconds: 2700 });
  t.end();
});

t.test('another router that says otherwise is told of, once (RFC 4861 6.2.7)', (t) => {
  const link = new SimulatedLink(
    routerConfig({ linkMtu: 1500, reachableTimeMilliseconds: 30_000, retransTimerMilliseconds: 1000 }),
  );
  link.run(40_000);
  const hear = (changes: Partial<RouterAdvertisement>, source = OTHER): readonly string[] | undefined => {
    const before = link.told.length;
    link.receive(advertisement(changes), { source, destination: ALL_NODES });
    const event = link.told.slice(before).find((output) => output.kind === 'inconsistent');
    return event?.variables;
  };
  const pio = (text: string, valid: number, preferred: number): Partial<RouterAdvertisement> => ({
    options: [
      {
        kind: 'prefixInformation',
        value: {
          prefix: net(text),
          onLink: true,
          autonomous: true,
          routerAddress: false,
          dhcpv6PdPreferred: false,
          validLifetimeSeconds: valid,
          preferredLifetimeSeconds: preferred,
        },
      },
    ],
  });
  t.equal(hear({}), undefined, '0 leaves it to the hosts, and other prefixes are no contradiction');
  t.equal(hear(pio('2001:db8:99::/64', 1, 1)), undefined);
  t.equal(hear(pio('2001:db8:1::/64', 5395, 2690)), undefined, 'some seconds are how clocks are');
  t.strictSame(hear({ curHopLimit: 255 }), ['curHopLimit']);
  t.equal(hear({ curHopLimit: 255 }), undefined, 'once');
  t.strictSame(hear({ curHopLimit: 255 }, ip('fe80::3')), ['curHopLimit'], 'of each router');
  t.strictSame(hear({ managedAddressConfiguration: true, otherConfiguration: true }), [
    'managedAddressConfiguration',
    'otherConfiguration',
  ]);
  t.strictSame(hear({ reachableTimeMilliseconds: 1, retransTimerMilliseconds: 2 }), [
    'reachableTimeMilliseconds',
    'retransTimerMilliseconds',
  ]);
  t.strictSame(hear({ options: [{ kind: 'mtu', value: 1400 }] }), ['linkMtu']);
  t.strictSame(hear(pio('2001:db8:1::/64', 86_400, 2700)), ['2001:db8:1::/64 valid']);
  t.strictSame(hear(pio('2001:db8:1::/64', 0xffff_ffff, 0)), ['2001:db8:1::/64 valid', '2001:db8:1::/64 preferred']);
  t.equal(hear({ curHopLimit: 255 }, ROUTER), undefined, 'its own that came back are not looked at');
  for (let router = 0; router < 100; router++) hear({ curHopLimit: 255 }, ip(`fe80::4:${router}`));
  t.ok(link.told.filter(({ kind }) => kind === 'inconsistent').length < 30, 'a hundred routers do not fill the log');
  t.end();
});

t.test('routers that are gone do not keep the news of another one away (RFC 4861 6.2.7)', (t) => {
  const link = new SimulatedLink();
  link.run(40_000);
  const receive = (number: number): void =>
    link.receive(advertisement({ curHopLimit: 3 }), { source: ip(`fe80::1:${number}`), destination: ALL_NODES });
  const told = (): number => link.told.filter(({ kind }) => kind === 'inconsistent').length;
  for (let number = 1; number <= 20; number++) receive(number);
  t.equal(told(), 16, 'more routers than a home has are not told apart');
  link.run(1_900_000);
  receive(1);
  link.run(1_800_000);
  receive(1);
  t.equal(told(), 16, 'one that is still there is told once');
  for (let number = 30; number <= 50; number++) receive(number);
  t.equal(told(), 16 + 15, 'the others have been silent for an hour');
  t.end();
});

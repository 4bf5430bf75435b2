/** Several servers on the link: which offer is taken, and how a bad one does not stand in the way of a good one. */
import type { Ipv4Address } from '@router7/wire';
import t from 'tap';
import { MOST_OFFERS, ServerFailures } from '../../src/client/offer-choice.ts';
import { MessageType, optionValue } from '../../src/message.ts';
import type { Option } from '../../src/option.ts';
import { ADDRESS, first, ip, OTHER_SERVER, type ReplyParts, SERVER, SimulatedClient } from './simulated-client.ts';

const WINDOW = { selectingWindowMs: 1000 };
const ROUTER: Option = { kind: 'router', value: [SERVER] };
const DNS: Option = { kind: 'domainNameServer', value: [SERVER] };

const HERE: ReplyParts = { server: SERVER, source: SERVER };
const THERE: ReplyParts = { server: OTHER_SERVER, source: OTHER_SERVER, yiaddr: ip('192.0.2.88') };

/** Delivers offers in SELECTING, waits for the choice, and tells whose was taken. */
function choice(client: SimulatedClient, ...offers: ReplyParts[]): string | undefined {
  for (const offer of offers) client.answer({ ...offer, type: MessageType.offer });
  client.advance(1000);
  return optionValue(client.last(), 'serverIdentifier')?.toString();
}

function fresh(): SimulatedClient {
  const client = new SimulatedClient(WINDOW);
  client.up();
  return client;
}

t.test('offers are collected for the window that the first good one opens', async (t) => {
  const client = fresh();
  client.answer({ yiaddr: ip('0.0.0.0') });
  const retryAt = client.engine.deadline() as number;
  t.ok(retryAt > client.now + 2000, 'a bad offer opens no window');
  client.advance(500);
  client.answer(HERE);
  t.equal(client.engine.deadline(), client.now + 1000);
  client.advance(999);
  client.answer(THERE);
  t.equal(client.engine.state, 'selecting');
  client.advance(1);
  t.equal(client.engine.state, 'requesting');
});

t.test('a flood of offers by one server does not shut the others out', async (t) => {
  const flood = Array.from({ length: 40 }, (_, host) => ({ ...HERE, lease: 1, yiaddr: ip(`192.0.2.${100 + host}`) }));
  t.equal(choice(fresh(), ...flood, { ...THERE, lease: 86_400, options: [ROUTER, DNS] }), String(OTHER_SERVER));
});

t.test('no window: the first good offer is taken', async (t) => {
  const client = new SimulatedClient({ selectingWindowMs: 0 });
  client.up();
  client.answer(THERE);
  t.ok(optionValue(client.last(), 'serverIdentifier')?.equals(OTHER_SERVER));
});

t.test('more complete before longer, longer before earlier', async (t) => {
  const full = [ROUTER, DNS];
  t.equal(choice(fresh(), HERE, THERE), '192.0.2.1', 'alike: the first');
  t.equal(choice(fresh(), HERE, { ...THERE, lease: 7200 }), '192.0.2.2', 'the longer lease');
  t.equal(choice(fresh(), HERE, { ...THERE, lease: 60, options: [DNS] }), '192.0.2.2', 'with a name server');
  t.equal(choice(fresh(), { ...HERE, options: [DNS] }, { ...THERE, options: full }), '192.0.2.2', 'and a router');
  t.equal(choice(fresh(), { ...HERE, mask: undefined, lease: 7200 }, THERE), '192.0.2.2', 'with a mask');
  t.equal(choice(fresh(), { ...HERE, mask: ip('255.0.255.0'), lease: 7200 }, THERE), '192.0.2.2', 'that is one');
  const nowhere: Option[] = [
    { kind: 'router', value: [ip('0.0.0.0')] },
    { kind: 'domainNameServer', value: [ip('224.0.0.1')] },
  ];
  t.equal(choice(fresh(), { ...HERE, options: nowhere, lease: 7200 }, { ...THERE, options: full }), '192.0.2.2');
  t.equal(choice(fresh(), { ...HERE, lease: undefined }, { ...THERE, lease: 601 }), '192.0.2.2', 'none: ten minutes');
});

t.test('D4C-07 the address held before, then its server, before all that', async (t) => {
  const expired = (): SimulatedClient => {
    const client = new SimulatedClient(WINDOW);
    client.up();
    choice(client, HERE);
    client.answer(HERE);
    client.advance(3600_000);
    t.equal(client.engine.state, 'selecting');
    return client;
  };
  const better: ReplyParts = { lease: 86_400, options: [ROUTER, DNS] };
  t.equal(choice(expired(), { ...THERE, ...better }, HERE), '192.0.2.1');
  t.equal(choice(expired(), { ...THERE, ...better }, { ...HERE, yiaddr: ip('192.0.2.55') }), '192.0.2.1');
  t.equal(choice(expired(), { ...HERE, yiaddr: ip('192.0.2.55') }, { ...THERE, yiaddr: ADDRESS }), '192.0.2.2');
});

t.test('a server that offers and refuses does not keep the other one out', async (t) => {
  const client = fresh();
  const tempting: ReplyParts = { ...THERE, lease: 86_400, options: [ROUTER, DNS] };
  t.equal(choice(client, tempting, HERE), '192.0.2.2');
  client.answer({ ...THERE, type: MessageType.nak });
  t.equal(client.engine.state, 'selecting');
  t.equal(choice(client, tempting, HERE), '192.0.2.1');
  client.answer(HERE);
  t.equal(client.engine.state, 'bound');
});

t.test('nor does one that offers and falls silent', async (t) => {
  const client = fresh();
  const tempting: ReplyParts = { ...THERE, lease: 86_400, options: [ROUTER, DNS] };
  t.equal(choice(client, tempting, HERE), '192.0.2.2');
  while (client.engine.state === 'requesting') client.step();
  t.equal(choice(client, tempting, HERE), '192.0.2.1');
  client.answer(HERE);
  t.equal(client.engine.state, 'bound');
});

t.test('a server that has failed is taken when it is the only one', async (t) => {
  const client = fresh();
  choice(client, HERE);
  client.answer({ ...HERE, type: MessageType.nak });
  t.equal(choice(client, HERE), '192.0.2.1');
  client.answer(HERE);
  t.equal(client.engine.state, 'bound');
});

t.test('answers of servers that were not asked count for nothing in REQUESTING', async (t) => {
  const client = fresh();
  choice(client, HERE);
  client.forget();
  client.answer({ ...THERE, type: MessageType.nak });
  client.answer({ ...THERE, type: MessageType.ack });
  client.answer({ ...THERE, type: MessageType.offer });
  // Without option 54 it is the source that tells.
  client.answer({ ...THERE, server: undefined, type: MessageType.nak });
  t.strictSame(client.discarded(), ['wrong-server', 'wrong-server', 'unexpected-type', 'wrong-server']);
  t.equal(client.engine.state, 'requesting');
  client.answer(HERE);
  t.equal(client.engine.state, 'bound');
});

t.test('a DHCPACK without option 54 is taken from the server that was asked', async (t) => {
  const client = fresh();
  choice(client, HERE);
  client.answer({ ...HERE, server: undefined });
  t.equal(client.engine.state, 'bound');
  t.ok(client.engine.lease?.server.equals(SERVER));
});

t.test('in RENEWING only the lease’s server may refuse, in REBINDING everybody', async (t) => {
  const client = new SimulatedClient().acquire();
  client.advance(1800_000);
  client.forget();
  client.answer({ ...THERE, type: MessageType.nak });
  t.strictSame(client.discarded(), ['wrong-server']);
  t.equal(client.engine.state, 'renewing');
  client.advance(1350_000);
  t.equal(client.engine.state, 'rebinding');
  client.answer({ ...THERE, type: MessageType.nak });
  t.match(client.outputs('lost'), [{ why: 'nak' }]);
});

t.test('REBINDING moves the lease to the server that answers', async (t) => {
  const client = new SimulatedClient().acquire();
  client.advance(3150_000);
  client.forget();
  client.answer({ ...THERE, yiaddr: ADDRESS });
  t.match(
    first(
      client.log.map(({ output }) => output),
      'bound',
    ),
    { how: 'rebind' },
  );
  t.ok(client.engine.lease?.server.equals(OTHER_SERVER));
  client.advance(1800_000);
  t.ok(client.sent().at(-1)?.send.destination.equals(OTHER_SERVER), 'which is asked at T1');
});

t.test('addresses that no host can have are not taken, in offers and in DHCPACKs', async (t) => {
  const bad: [string, Ipv4Address | undefined][] = [
    ['0.0.0.0', undefined],
    ['0.1.2.3', undefined],
    ['127.0.0.1', undefined],
    ['224.0.0.1', undefined],
    ['240.0.0.1', undefined],
    ['255.255.255.255', undefined],
    ['192.0.2.0', ip('255.255.255.0')],
    ['192.0.2.255', ip('255.255.255.0')],
    ['192.0.2.127', ip('255.255.255.128')],
  ];
  const client = new SimulatedClient();
  client.up();
  for (const [yiaddr, mask] of bad) client.answer({ yiaddr: ip(yiaddr), mask });
  t.strictSame(
    client.discarded(),
    bad.map(() => 'not-a-host-address'),
  );
  t.equal(client.engine.state, 'selecting');
  client.answer();
  client.forget();
  for (const [yiaddr, mask] of bad) client.answer({ yiaddr: ip(yiaddr), mask });
  t.strictSame(
    client.discarded(),
    bad.map(() => 'not-a-host-address'),
  );
  t.equal(client.engine.state, 'requesting');
  for (const [yiaddr, mask] of [
    ['192.0.2.128', '255.255.255.254'],
    ['192.0.2.0', '255.255.255.255'],
    ['192.0.2.255', '255.255.254.0'],
  ] as const) {
    const fine = new SimulatedClient().acquire({ yiaddr: ip(yiaddr), mask: ip(mask) });
    t.equal(fine.engine.state, 'bound', `${yiaddr} ${mask}`);
  }
});

t.test('a DHCPACK must be of the address that was asked for (RFC 2131 table 4)', async (t) => {
  const client = new SimulatedClient();
  client.up();
  client.answer();
  client.forget();
  client.answer({ yiaddr: ip('192.0.2.200') });
  t.strictSame(client.discarded(), ['wrong-address']);
  t.equal(client.engine.state, 'requesting');
});

t.test('an offer must name its server (RFC 2131 table 3)', async (t) => {
  const client = new SimulatedClient();
  client.up();
  client.answer({ server: undefined });
  client.answer({ server: ip('0.0.0.0') });
  client.answer({ server: ip('255.255.255.255') });
  t.strictSame(client.discarded(), ['incomplete', 'incomplete', 'incomplete']);
});

t.test('a flood of offers is held within bounds, and repeated ones count once', async (t) => {
  const client = fresh();
  for (let i = 0; i < 10_000; i++) {
    const server = ip(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`);
    client.answer({ server: i % 2 === 0 ? SERVER : server, type: MessageType.offer });
  }
  client.advance(1000);
  t.equal(client.engine.state, 'requesting');
  t.ok(MOST_OFFERS <= 16);
});

t.test('a storm of DHCPNAKs makes the client slower, not faster', async (t) => {
  const client = new SimulatedClient({ selectingWindowMs: 0 }).forget();
  const end = client.now + 600_000;
  client.up();
  const waits: number[] = [];
  while (client.now < end) {
    client.now += 1;
    client.answer();
    client.now += 1;
    client.answer({ type: MessageType.nak });
    if (client.engine.state === 'init') waits.push(client.step());
  }
  t.strictSame(waits.slice(0, 7), [1000, 2000, 4000, 8000, 16_000, 32_000, 64_000]);
  t.ok(client.sent().length < 40, `${client.sent().length} messages in ten minutes`);
  // The storm is over: the next answer is taken, and the next refusal is again the first.
  client.answer();
  client.answer();
  t.equal(client.engine.state, 'bound');
  client.advance(1800_000);
  client.answer({ type: MessageType.nak });
  t.equal(client.engine.state, 'selecting');
});

t.test('the wait behind a DHCPNAK outlives a loose cable', async (t) => {
  const client = new SimulatedClient();
  client.up();
  for (let i = 0; i < 6; i++) {
    if (client.engine.state === 'init') client.step();
    client.answer();
    client.answer({ type: MessageType.nak });
  }
  const due = client.engine.deadline() as number;
  client.down();
  client.now += 2000;
  client.up();
  t.equal(client.engine.deadline(), due);
});

t.test('D4C-14 a server that gives no address because of option 108 is asked again without it', async (t) => {
  const asks = (client: SimulatedClient): boolean | undefined =>
    optionValue(client.last(), 'parameterRequestList')?.includes(108);
  const client = new SimulatedClient();
  client.up();
  t.equal(asks(client), true);
  client.answer({ yiaddr: ip('0.0.0.0') });
  client.step();
  t.equal(asks(client), true, 'an offer of nothing for another reason');
  client.answer({ yiaddr: ip('0.0.0.0'), options: [{ kind: 'ipv6OnlyPreferred', value: 1800 }] });
  t.strictSame(client.discarded(), ['not-a-host-address', 'not-a-host-address']);
  client.step();
  t.equal(asks(client), false);
  client.answer();
  t.equal(asks(client), false);
  client.answer({ options: [{ kind: 'ipv6OnlyPreferred', value: 1800 }] });
  t.equal(client.engine.state, 'bound', 'with an address it is no hindrance');
});

t.test('failures are remembered of the latest servers only', async (t) => {
  const failures = new ServerFailures();
  for (let i = 0; i < 1000; i++) failures.add(SERVER.plus(i));
  t.equal(failures.of(SERVER), 0);
  const remembered = Array.from({ length: 1000 }, (_, i) => failures.of(SERVER.plus(i))).filter((count) => count > 0);
  t.equal(remembered.length, MOST_OFFERS);
  failures.add(SERVER.plus(999));
  t.equal(failures.of(SERVER.plus(999)), 2);
  failures.forgive(SERVER.plus(999));
  t.equal(failures.of(SERVER.plus(999)), 0);
});

t.test('a server that fails again is one of the latest', async (t) => {
  const failures = new ServerFailures();
  for (let i = 0; i < MOST_OFFERS; i++) failures.add(SERVER.plus(i));
  failures.add(SERVER);
  failures.add(SERVER.plus(MOST_OFFERS));
  t.same([failures.of(SERVER), failures.of(SERVER.plus(1))], [2, 0]);
});

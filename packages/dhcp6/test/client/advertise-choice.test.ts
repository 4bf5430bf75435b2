/** Which Advertise is taken, and what happens when none is any good (RFC 9915 sections 18.2.1 and 18.2.9). */
import t from 'tap';
import { MessageType } from '../../src/message-type.ts';
import { StatusCode } from '../../src/status-code.ts';
import {
  asked,
  iaPd,
  net,
  OTHER_SERVER,
  PREFIX,
  type ReplyParts,
  SERVER,
  SimulatedClient,
  serverOf,
  status,
} from './simulated-client.ts';

const THIRD = Uint8Array.of(0, 3, 0, 1, 2, 0, 0, 0, 0, 3);
const BOTH = { addresses: [{ iaid: 1 }] } as const;

/** Which server is asked after these Advertises have come, in this order. */
function chosen(client: SimulatedClient, advertises: readonly ReplyParts[]): Uint8Array | undefined {
  client.up();
  for (const parts of advertises) client.answer(parts);
  if (client.engine.state === 'soliciting') client.step();
  return client.engine.state === 'requesting' ? serverOf(client.last()) : undefined;
}

t.test('D6C-08: collects for the first RT, and takes the highest preference', async (t) => {
  const client = new SimulatedClient();
  client.up();
  const begun = client.now;
  client.answer({ server: SERVER, preference: 10 });
  client.now += 300;
  client.answer({ server: OTHER_SERVER, preference: 200 });
  client.now += 300;
  client.answer({ server: THIRD });
  t.equal(client.engine.state, 'soliciting', 'the first RT is not over');
  client.step();
  t.ok(client.now - begun >= 1000 && client.now - begun <= 1100, 'until the end of the first RT');
  t.strictSame(serverOf(client.last()), OTHER_SERVER);
  t.equal(client.sent(MessageType.solicit).length, 1, 'and no second Solicit');
});

t.test('D6C-08: preference 255 is taken at once', async (t) => {
  const client = new SimulatedClient();
  client.up();
  client.answer({ server: SERVER, preference: 254 });
  client.now += 10;
  client.answer({ server: OTHER_SERVER, preference: 255 });
  t.equal(client.engine.state, 'requesting');
  t.strictSame(serverOf(client.last()), OTHER_SERVER);
});

t.test('D6C-08: behind the first RT the first Advertise is taken at once', async (t) => {
  const client = new SimulatedClient();
  client.up();
  client.step();
  client.now += 100;
  client.answer();
  t.equal(client.engine.state, 'requesting');
});

t.test('D6C-08: what a server offers counts as well', async (t) => {
  const pd = (prefix: string): ReplyParts['pd'] => [{ leases: [{ prefix: net(prefix) }] }];
  for (const [name, config, worse, better] of [
    ['preference', {}, { preference: 1 }, { preference: 2 }],
    ['none is 0', {}, {}, { preference: 1 }],
    ['a prefix before preference', BOTH, { preference: 250, pd: [], na: [{}] }, { pd: [{}] }],
    ['both IAs before one', BOTH, { pd: [{}] }, { pd: [{}], na: [{}] }],
    ['preference before both IAs', BOTH, { pd: [{}], na: [{}] }, { preference: 1, pd: [{}] }],
    ['the larger prefix', {}, { pd: pd('2001:db8:2::/60') }, { pd: pd('2001:db8:3::/48') }],
    ['more options', {}, {}, { options: [{ kind: 'dnsServers', value: [PREFIX.address] }] }],
    ['both prefixes', { delegations: [{ iaid: 1 }, { iaid: 2 }] }, { pd: [{}] }, { pd: [{}, { iaid: 2 }] }],
  ] as const) {
    const first = chosen(new SimulatedClient(config), [
      { server: SERVER, ...worse } as ReplyParts,
      { server: OTHER_SERVER, ...better } as ReplyParts,
    ]);
    t.strictSame(first, OTHER_SERVER, name);
    const second = chosen(new SimulatedClient(config), [
      { server: OTHER_SERVER, ...better } as ReplyParts,
      { server: SERVER, ...worse } as ReplyParts,
    ]);
    t.strictSame(second, OTHER_SERVER, `${name}, whichever comes first`);
  }
  t.strictSame(
    chosen(new SimulatedClient(), [{ server: SERVER }, { server: OTHER_SERVER }]),
    SERVER,
    'else the earlier',
  );
});

t.test('D6C-08: the prefix that was held before, where preference leaves the choice', async (t) => {
  const client = new SimulatedClient().acquire();
  client.advance(7200_000);
  t.equal(client.engine.state, 'soliciting', 'the lease is over');
  client.answer({ server: SERVER, pd: [{ leases: [{ prefix: net('2001:db8:9::/48') }] }] });
  client.answer({ server: OTHER_SERVER });
  client.step();
  t.strictSame(serverOf(client.last()), OTHER_SERVER);
});

t.test('D6C-08: a server that took back its word comes last', async (t) => {
  const client = new SimulatedClient();
  client.up();
  client.answer({ server: SERVER, preference: 255 });
  client.answer({ server: SERVER, pd: [{ leases: [], options: [status(StatusCode.noPrefixAvail)] }] });
  client.until('soliciting');
  while (client.last().messageType !== MessageType.solicit) client.step();
  client.answer({ server: SERVER, preference: 100 });
  client.answer({ server: OTHER_SERVER });
  client.step();
  t.strictSame(serverOf(client.last()), OTHER_SERVER);
});

t.test('D6C-08: a flood of Advertises takes a bounded amount of memory', async (t) => {
  const client = new SimulatedClient();
  client.up();
  for (let i = 0; i < 1000; i++) client.answer({ server: Uint8Array.of(0, 3, i >> 8, i & 255) });
  client.answer({ server: SERVER, preference: 255 });
  t.strictSame(serverOf(client.last()), SERVER);
});

t.test('D6C-09: NoPrefixAvail is answered by waiting longer and longer, never by giving up', async (t) => {
  const client = new SimulatedClient();
  client.up();
  const refuse = { pd: [{ leases: [], options: [status(StatusCode.noPrefixAvail, 'none')] }] };
  for (let i = 0; i < 20; i++) {
    client.answer(refuse);
    client.step();
  }
  const times = client.sent().map(({ at }) => at);
  const gaps = times.slice(1).map((at, i) => at - (times[i] as number));
  for (const [i, gap] of gaps.entries()) {
    t.ok(gap >= Math.min(1000 * 1.9 ** i, 3_240_000) && gap <= Math.max(1100 * 2.1 ** i, 1), `wait ${i}: ${gap}`);
  }
  t.equal(client.engine.state, 'soliciting');
  t.ok(client.outputs('refused').length === 20, 'and told');
  t.match(client.outputs('refused')[0], { status: StatusCode.noPrefixAvail, message: 'none', iaid: 1 });
  client.answer();
  client.answer();
  t.equal(client.engine.state, 'bound', 'until there is one');
});

t.test('D6C-09: of the message as a whole as well, as dnsmasq does it', async (t) => {
  const client = new SimulatedClient(BOTH);
  client.up();
  client.answer({ pd: [], status: StatusCode.noAddrsAvail });
  t.strictSame(client.discarded(), ['no-leases']);
  t.ok(client.step() >= 1000, 'the timer goes on as if nothing had come');
});

t.test('D6C-13: a length that is configured is asked for; refused, others are tried in turn', async (t) => {
  const client = new SimulatedClient({ delegations: [{ iaid: 1, prefixLength: 48 }] });
  client.up();
  const seen: string[] = [];
  const ids = new Set<number>();
  for (let i = 0; i < 7; i++) {
    seen.push(...asked(client.last()));
    ids.add(client.last().transactionId);
    client.answer({ pd: [{ leases: [], options: [status(StatusCode.noPrefixAvail)] }] });
    client.step();
  }
  t.strictSame(seen, [
    'pd 1: ::/48',
    'pd 1:',
    'pd 1: ::/56',
    'pd 1: ::/60',
    'pd 1: ::/62',
    'pd 1: ::/64',
    'pd 1: ::/48',
  ]);
  t.equal(ids.size, 7, 'each question has a transaction id of its own');
});

t.test('D6C-13: without a refusal the same is asked for', async (t) => {
  const client = new SimulatedClient({ delegations: [{ iaid: 1, prefixLength: 60 }] });
  client.up();
  for (let i = 0; i < 5; i++) client.step();
  t.strictSame(new Set(client.sent().map(({ message }) => asked(message)[0])), new Set(['pd 1: ::/60']));
});

t.test('D6C-14: an address is wanted, and missed, or insisted on', async (t) => {
  const refusal = { leases: [], options: [status(StatusCode.noAddrsAvail)] };
  const trying = new SimulatedClient(BOTH);
  trying.up();
  t.strictSame(asked(trying.last()), ['pd 1:', 'na 1:']);
  trying.acquire({ pd: [{}], na: [refusal] });
  t.strictSame([trying.prefixes(), trying.addresses()], [['2001:db8:1::/56'], []]);

  const forcing = new SimulatedClient({ ...BOTH, addressPolicy: 'force' });
  forcing.up();
  forcing.answer({ preference: 255, pd: [{}], na: [refusal] });
  t.strictSame(forcing.discarded(), ['no-leases']);
  forcing.answer({ preference: 255, pd: [], na: [{}] });
  t.equal(forcing.engine.state, 'requesting');

  const none = new SimulatedClient({ addresses: [] });
  none.up();
  t.strictSame(asked(none.last()), ['pd 1:']);
});

t.test('an Advertise with leases that cannot be used is none', async (t) => {
  for (const [name, pd] of [
    ['preferred longer than valid', { leases: [{ preferred: 7201, valid: 7200 }] }],
    ['valid for no time', { leases: [{ preferred: 0, valid: 0 }] }],
    ['T1 behind T2', { t1: 300, t2: 200 }],
    ['another IAID', { iaid: 2 }],
    ['the whole Internet', { leases: [{ prefix: net('::/0') }] }],
    ['link-local', { leases: [{ prefix: net('fe80::/64') }] }],
    ['multicast', { leases: [{ prefix: net('ff00::/8') }] }],
    ['a status in the prefix', { leases: [{ options: [status(StatusCode.noBinding)] }] }],
    ['a status beside the prefix', { options: [status(StatusCode.unspecFail)] }],
  ] as const) {
    const client = new SimulatedClient();
    client.up();
    client.answer({ preference: 255, pd: [pd] });
    t.strictSame(client.discarded(), ['no-leases'], name);
  }
  const client = new SimulatedClient();
  client.up();
  client.answer({ preference: 255, pd: [], options: [iaPd({ t1: 300, t2: 200 }), iaPd()] });
  t.equal(client.engine.state, 'requesting', 'an IA that is discarded does not hide the next one');
});

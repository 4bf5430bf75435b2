/** What Replies do to leases: RFC 9915 section 18.2.10.1, status codes at every level, and IAs that fail on their own. */
import t from 'tap';
import { INFINITE_SECONDS } from '../../src/client/lease-times.ts';
import { MessageType } from '../../src/message-type.ts';
import { pdExcludeOf } from '../../src/options/pd-exclude.ts';
import { StatusCode } from '../../src/status-code.ts';
import {
  ADDRESS,
  asked,
  first,
  ip,
  net,
  OTHER_SERVER,
  SERVER,
  SimulatedClient,
  serverOf,
  status,
} from './simulated-client.ts';

const BOTH = { addresses: [{ iaid: 1 }] } as const;
const OTHER = net('2001:db8:2::/56');

/** A client that renews a prefix. */
function renewing(overrides = {}, parts = {}): SimulatedClient {
  const client = new SimulatedClient(overrides).acquire(parts).forget();
  client.step();
  if (client.engine.state !== 'renewing') throw new Error(client.engine.state);
  return client;
}

t.test('D6C-10: a prefix with a valid lifetime of 0 is gone at once', async (t) => {
  const client = renewing();
  const outputs = client.answer({ pd: [{ leases: [{ preferred: 0, valid: 0 }] }] });
  t.strictSame(client.prefixes(), []);
  t.match(first(outputs, 'changed'), { why: 'renew', lost: [{ kind: 'prefix', iaid: 1 }] });
  t.equal(client.engine.state, 'soliciting', 'and another one is looked for at once');
  client.step();
  t.equal(client.last().messageType, MessageType.solicit);
});

t.test('D6C-10: withdrawn beside the one that takes its place', async (t) => {
  const client = renewing();
  const outputs = client.answer({ pd: [{ leases: [{ prefix: OTHER }, { preferred: 0, valid: 0 }] }] });
  t.strictSame(client.prefixes(), ['2001:db8:2::/56']);
  t.equal(first(outputs, 'changed').lost.length, 1);
  t.equal(client.engine.state, 'bound');
});

t.test('D6C-10: NoBinding inside of the prefix: it is not extended, and Request follows', async (t) => {
  const client = renewing();
  const before = client.configuration.delegations[0]?.validUntil;
  client.answer({ pd: [{ leases: [{ options: [status(StatusCode.noBinding, 'who?')] }] }] });
  t.equal(client.last().messageType, MessageType.request);
  t.strictSame(serverOf(client.last()), SERVER, 'to the server that said so');
  t.strictSame(asked(client.last()), ['pd 1: 2001:db8:1::/56']);
  t.equal(client.configuration.delegations[0]?.validUntil, before, 'used as long as it was granted for');
  t.match(client.outputs('refused'), [{ status: StatusCode.noBinding, message: 'who?', iaid: 1 }]);
  const outputs = client.answer({ pd: [{ leases: [{ prefix: OTHER }] }] });
  t.strictSame(client.prefixes(), ['2001:db8:2::/56'], 'the server’s book is right');
  t.match(first(outputs, 'changed'), { why: 'new', lost: [{ prefix: net('2001:db8:1::/56') }] });
});

t.test('D6C-10: NoBinding inside of a prefix without lifetimes takes it away at once', async (t) => {
  const client = renewing();
  client.answer({ pd: [{ leases: [{ preferred: 0, valid: 0, options: [status(StatusCode.noBinding)] }] }] });
  t.strictSame(client.prefixes(), []);
  t.equal(client.last().messageType, MessageType.request);
});

t.test('D6C-10: a status beside one of two prefixes is about that one only', async (t) => {
  const two = { pd: [{ leases: [{}, { prefix: OTHER }] }] };
  const client = renewing({}, two);
  const [, before] = client.configuration.delegations;
  client.answer({ pd: [{ leases: [{}, { prefix: OTHER, options: [status(StatusCode.unspecFail)] }] }] });
  t.equal(client.engine.state, 'bound');
  const until = new Map(client.configuration.delegations.map(({ prefix, validUntil }) => [String(prefix), validUntil]));
  t.equal(until.get('2001:db8:1::/56'), client.now + 7200_000);
  t.equal(until.get('2001:db8:2::/56'), before?.validUntil, 'not extended');
});

t.test('D6C-11: NoBinding in the IA, or of the message: Request for all IAs, from Renew and Rebind', async (t) => {
  for (const parts of [
    { pd: [{ leases: [], options: [status(StatusCode.noBinding)] }] },
    { pd: [], status: StatusCode.noBinding },
  ]) {
    const client = renewing(BOTH, { pd: [{}], na: [{}] });
    client.answer(parts);
    t.equal(client.engine.state, 'requesting');
    t.strictSame(asked(client.last()), ['pd 1: 2001:db8:1::/56', 'na 1: 2001:db8::77']);
    t.strictSame(client.prefixes(), ['2001:db8:1::/56'], 'still in use');
    const rebinding = renewing();
    rebinding.until('rebinding');
    rebinding.answer({ ...parts, server: OTHER_SERVER });
    t.strictSame(serverOf(rebinding.last()), OTHER_SERVER, 'to the server that responded');
  }
});

t.test('D6C-11: NoBinding again and again does not make a loop without pauses', async (t) => {
  const client = renewing();
  const refuse = { pd: [{ leases: [], options: [status(StatusCode.noBinding)] }] };
  const end = client.now + 600_000;
  while (client.now < end) {
    if (client.engine.state === 'soliciting') client.answer({ preference: 255 });
    else client.answer(refuse);
    client.step();
  }
  t.ok(client.sent().length < 60, `${client.sent().length} messages in ten minutes`);
  t.strictSame(client.prefixes(), ['2001:db8:1::/56'], 'used until its end');
});

t.test('D6C-11: UnspecFail and UseMulticast change nothing: the question is asked again in its time', async (t) => {
  for (const code of [StatusCode.unspecFail, StatusCode.useMulticast]) {
    const client = renewing();
    const deadline = client.engine.deadline();
    client.answer({ status: code });
    t.equal(client.engine.state, 'renewing');
    t.equal(client.engine.deadline(), deadline);
    t.strictSame(client.discarded(), ['failed']);
    t.strictSame(client.changes(), []);
    client.step();
    t.equal(client.last().messageType, MessageType.renew);
    client.answer();
    t.equal(client.engine.state, 'bound');
    const requesting = new SimulatedClient();
    requesting.up();
    requesting.answer({ preference: 255 });
    requesting.answer({ status: code });
    t.equal(requesting.engine.state, 'requesting');
  }
});

t.test('D6C-11: NotOnLink to a Request starts over without addresses', async (t) => {
  const client = new SimulatedClient();
  client.up();
  client.answer({ preference: 255 });
  client.answer({ status: StatusCode.notOnLink, pd: [] });
  client.until('soliciting');
  while (client.last().messageType !== MessageType.solicit) client.step();
  t.strictSame(asked(client.last()), ['pd 1:']);
});

t.test('D6C-11: the server option, obsolete, is not followed', async (t) => {
  const client = new SimulatedClient().acquire({ options: [{ kind: 'serverUnicast', value: ip('2001:db8::1') }] });
  client.step();
  t.equal(client.outputs('send').at(-1)?.destination.toString(), 'ff02::1:2');
});

// Covers: D6C-14, WPD-6
t.test('D6C-14: an IA_NA that is refused does not cost the IA_PD, and is asked for again by Renew', async (t) => {
  const client = new SimulatedClient(BOTH).acquire({
    pd: [{}],
    na: [{ leases: [], options: [status(StatusCode.noAddrsAvail)] }],
  });
  t.equal(client.engine.state, 'bound');
  client.forget();
  const waits: number[] = [];
  for (let i = 0; i < 4; i++) {
    waits.push(client.step());
    t.equal(client.last().messageType, MessageType.renew);
    t.strictSame(asked(client.last()), ['pd 1: 2001:db8:1::/56', 'na 1:']);
    client.answer({ pd: [{}], na: [{ leases: [], options: [status(StatusCode.noAddrsAvail)] }] });
  }
  t.strictSame(waits, [10_000, 20_000, 40_000, 80_000]);
  client.step();
  client.answer({ pd: [{}], na: [{}] });
  t.strictSame(client.addresses(), ['2001:db8::77']);
  t.equal(client.step(), 1800_000, 'all is there: T1 counts again');
});

t.test('D6C-14: an IA_PD that is refused does not cost the IA_NA, and is asked for with other hints', async (t) => {
  const refusal = { leases: [], options: [status(StatusCode.noPrefixAvail)] };
  const client = new SimulatedClient(BOTH).acquire({ pd: [refusal], na: [{}] });
  t.strictSame([client.prefixes(), client.addresses()], [[], ['2001:db8::77']]);
  const hints: string[] = [];
  for (let i = 0; i < 5; i++) {
    client.step();
    hints.push(asked(client.last())[0] as string);
    client.answer({ pd: [refusal], na: [{}] });
  }
  t.strictSame(hints, ['pd 1: ::/56', 'pd 1: ::/60', 'pd 1: ::/62', 'pd 1: ::/64', 'pd 1:']);
  client.step();
  client.answer({ pd: [{}], na: [{}] });
  t.strictSame(client.prefixes(), ['2001:db8:1::/56']);
});

t.test('D6C-14: an IA that is left out of a Reply keeps its lease to its end, the others go on', async (t) => {
  const client = renewing(BOTH, { pd: [{}], na: [{}] });
  const until = client.configuration.addresses[0]?.validUntil as number;
  client.answer({ pd: [{}] });
  t.equal(client.engine.state, 'bound');
  t.equal(client.configuration.addresses[0]?.validUntil, until);
  while (client.now < until) {
    client.step();
    if (client.engine.state === 'renewing' || client.engine.state === 'rebinding') client.answer({ pd: [{}] });
  }
  t.strictSame(client.addresses(), [], 'not for a moment longer');
  t.equal(client.now, until);
  t.strictSame(client.prefixes(), ['2001:db8:1::/56']);
  t.ok(client.changes().includes('expired'));
  t.equal(client.engine.state, 'bound');
});

t.test('D6C-15: several IA_PDs, each with its own IAID, lease and fate', async (t) => {
  const delegations = [{ iaid: 1 }, { iaid: 2 }, { iaid: 30 }];
  const client = new SimulatedClient({ delegations });
  client.up();
  t.strictSame(asked(client.last()), ['pd 1:', 'pd 2:', 'pd 30:']);
  const slash64 = (n: number): { prefix: ReturnType<typeof net> } => ({ prefix: net(`2001:db8:0:${n}::/64`) });
  const pd = [
    { iaid: 1, leases: [slash64(1)] },
    { iaid: 2, leases: [slash64(2)], t1: 600 },
    { iaid: 30, leases: [], options: [status(StatusCode.noPrefixAvail)] },
  ];
  client.acquire({ pd });
  t.strictSame(client.prefixes(), ['2001:db8:0:1::/64', '2001:db8:0:2::/64']);
  t.strictSame(
    client.configuration.delegations.map(({ iaid }) => iaid),
    [1, 2],
  );
  client.step();
  t.strictSame(asked(client.last()), ['pd 1: 2001:db8:0:1::/64', 'pd 2: 2001:db8:0:2::/64', 'pd 30: ::/56']);
  client.answer({ pd: [...pd.slice(0, 2), { iaid: 30, leases: [slash64(3)] }] });
  t.equal(client.prefixes().length, 3);
  t.equal(client.step(), 600_000, 'one Renew for all, at the smallest T1');
});

t.test('D6C-16: the excluded prefix is told; one that does not fit is not', async (t) => {
  const prefix = net('2001:db8:1::/56');
  const excluded = net('2001:db8:1:ff::/64');
  const exclude = (value: ReturnType<typeof pdExcludeOf>) => [{ kind: 'pdExclude', value } as const];
  const client = new SimulatedClient().acquire({
    pd: [{ leases: [{ prefix, options: exclude(pdExcludeOf(prefix, excluded)) }] }],
  });
  t.equal(String(client.configuration.delegations[0]?.excluded), '2001:db8:1:ff::/64');
  const wrong = new SimulatedClient().acquire({
    pd: [{ leases: [{ prefix, options: exclude({ prefixLength: 56, subnetId: Uint8Array.of(1) }) }] }],
  });
  t.equal(wrong.engine.state, 'bound');
  t.equal(wrong.configuration.delegations[0]?.excluded, undefined);
});

t.test('lifetimes: preferred longer than valid is ignored, and infinity never ends', async (t) => {
  const client = renewing();
  const before = client.configuration.delegations[0];
  client.answer({ pd: [{ leases: [{ preferred: 7201, valid: 7200 }] }] });
  t.strictSame(client.configuration.delegations[0], before, 'as if it were not there');
  t.equal(client.engine.state, 'renewing');
  const forever = { t1: 0xffffffff, t2: 0xffffffff, leases: [{ preferred: 0xffffffff, valid: 0xffffffff }] };
  client.answer({ pd: [forever] });
  t.match(client.configuration.delegations[0], {
    renewAt: Number.POSITIVE_INFINITY,
    validUntil: Number.POSITIVE_INFINITY,
  });
  t.equal(client.engine.deadline(), undefined);
});

t.test('T1 behind T2: the IA is as good as absent, the others count', async (t) => {
  const client = renewing(BOTH, { pd: [{}], na: [{}] });
  const before = client.configuration.delegations[0];
  client.answer({ pd: [{ t1: 2000, t2: 1000 }], na: [{}] });
  t.strictSame(client.configuration.delegations[0], before);
  t.equal(client.configuration.addresses[0]?.validUntil, client.now + 7200_000);
});

t.test('RFC 9096: another prefix at Renew: the old one is kept to its end, but not preferred', async (t) => {
  const client = renewing();
  const until = client.configuration.delegations[0]?.validUntil;
  client.answer({ pd: [{ leases: [{ prefix: OTHER }] }] });
  t.match(client.configuration.delegations, [
    { prefix: OTHER, preferredUntil: client.now + 3600_000 },
    { prefix: net('2001:db8:1::/56'), preferredUntil: client.now, validUntil: until },
  ]);
  t.strictSame(client.prefixes(), ['2001:db8:2::/56', '2001:db8:1::/56'], 'the one to use comes first');
});

t.test('two prefixes, one renewed: what is not mentioned stays as it is', async (t) => {
  const client = renewing({}, { pd: [{ leases: [{}, { prefix: OTHER }] }] });
  const before = client.configuration.delegations.find(({ prefix }) => prefix.equals(OTHER));
  client.answer({ pd: [{ leases: [{}] }] });
  const after = client.configuration.delegations.find(({ prefix }) => prefix.equals(OTHER));
  t.equal(after?.preferredUntil, before?.preferredUntil);
  t.equal(after?.validUntil, before?.validUntil);
});

t.test('a lease is used until its valid lifetime ends, not longer, and then looked for with a hint', async (t) => {
  const client = new SimulatedClient().acquire();
  const until = client.configuration.delegations[0]?.validUntil as number;
  client.forget();
  client.advance(until - client.now - 1);
  t.strictSame(client.prefixes(), ['2001:db8:1::/56']);
  client.advance(1);
  t.strictSame(client.prefixes(), []);
  t.match(client.outputs('changed'), [{ why: 'expired', lost: [{ kind: 'prefix' }] }]);
  client.until('soliciting');
  while (client.last().messageType !== MessageType.solicit) client.step();
  t.strictSame(asked(client.last()), ['pd 1: 2001:db8:1::/56']);
});

t.test('a server that stands in for the one that was asked is as good', async (t) => {
  const client = renewing();
  client.answer({ server: OTHER_SERVER });
  t.equal(client.engine.state, 'bound');
  t.strictSame(client.configuration.serverIdentifier, OTHER_SERVER);
});

t.test('thousands of leases in one IA: a bounded number is kept', async (t) => {
  const leases = Array.from({ length: 1000 }, (_, i) => ({ prefix: net(`2001:db8:${i.toString(16)}::/48`) }));
  const client = new SimulatedClient().acquire({ pd: [{ leases }] });
  t.equal(client.prefixes().length, 16);
});

t.test('D6C-15: the same prefix in two IAs is one prefix, of the first', async (t) => {
  const two = { delegations: [{ iaid: 1 }, { iaid: 2 }] };
  const client = new SimulatedClient(two).acquire({ pd: [{}, { iaid: 2 }] });
  t.strictSame(client.prefixes(), ['2001:db8:1::/56']);
  t.equal(client.configuration.delegations[0]?.iaid, 1);
  client.until('renewing').answer({ pd: [{ iaid: 2 }] });
  t.strictSame(client.prefixes(), ['2001:db8:1::/56'], 'neither of one that is held');
});

t.test('other leases at every Renew, without end: the oldest go, and are told', async (t) => {
  const granted = (round: number) =>
    Array.from({ length: 10 }, (_, i) => ({
      prefix: net(`2001:db8:${round.toString(16)}:${i}::/64`),
      preferred: INFINITE_SECONDS,
      valid: INFINITE_SECONDS,
    }));
  const client = new SimulatedClient().acquire({ pd: [{ t1: 5, t2: 8, leases: granted(1) }] });
  for (let round = 2; round < 300; round++) {
    client.until('renewing').forget();
    client.answer({ pd: [{ t1: 5, t2: 8, leases: granted(round) }] });
  }
  t.equal(client.prefixes().length, 16);
  t.strictSame(
    client.prefixes().slice(0, 10),
    granted(299).map(({ prefix }) => `${prefix}`),
    'the newest',
  );
  const [change] = client.outputs('changed');
  t.equal(change?.lost.length, 10, 'who uses them is told');
});

t.test('D6C-14: a duplicate address is declined, told, and another one asked for', async (t) => {
  const client = new SimulatedClient(BOTH).acquire({ pd: [{}], na: [{}] }).forget();
  client.handle({ kind: 'duplicate', address: ADDRESS });
  t.match(client.outputs('changed'), [{ why: 'declined', lost: [{ kind: 'address' }] }]);
  t.equal(client.log[0]?.output.kind, 'changed', 'not used any longer before the message leaves');
  const [decline] = client.sent();
  t.equal(decline?.type, MessageType.decline);
  t.strictSame(asked(client.last()), ['na 1: 2001:db8::77']);
  t.strictSame(serverOf(client.last()), SERVER);
  t.strictSame(client.addresses(), []);
  t.strictSame(client.prefixes(), ['2001:db8:1::/56'], 'the prefix is none the worse for it');
  client.answer({ pd: [] });
  t.strictSame(client.discarded(), []);
  t.equal(client.step(), 10_000, 'and no second Decline');
  t.equal(client.last().messageType, MessageType.renew);
  t.strictSame(asked(client.last()), ['pd 1: 2001:db8:1::/56', 'na 1:'], 'another one, not the same');
});

t.test('D6C-14: the only lease is a duplicate: Solicit follows beside the Decline', async (t) => {
  const client = new SimulatedClient({ ...BOTH, delegations: [] }).acquire({ na: [{}] }).forget();
  client.now += 5000;
  client.handle({ kind: 'duplicate', address: ADDRESS });
  t.strictSame(
    client.sent().map(({ type }) => type),
    [MessageType.decline, MessageType.solicit],
  );
  client.handle({ kind: 'duplicate', address: ADDRESS });
  t.equal(client.sent().length, 2, 'what is not held cannot be declined');
});

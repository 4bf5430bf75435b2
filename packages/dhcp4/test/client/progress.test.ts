/** Whatever happens in whatever order: nothing is thrown, no deadline spins, nothing is sent without a pause. */
import { MacAddress } from '@router7/wire';
import fc from 'fast-check';
import t from 'tap';
import { stateDeadline } from '../../src/client/state.ts';
import { MessageType } from '../../src/message.ts';
import { ADDRESS, ip, MAC, OTHER_SERVER, SERVER, SimulatedClient } from './simulated-client.ts';

const STRANGER = MacAddress.parse('02:00:00:00:00:99');

type Step = (client: SimulatedClient) => void;

const seconds = fc.oneof(
  fc.constantFrom(undefined, 0, 1, 2, 10, 60, 3600, 0x7fff_ffff, 0xffff_fffe, 0xffff_ffff),
  fc.integer({ min: 0, max: 0xffff_ffff }),
);
const address = fc.constantFrom(ADDRESS, ip('192.0.2.99'), ip('0.0.0.0'), ip('255.255.255.255'), ip('192.0.2.255'));

const reply: fc.Arbitrary<Step> = fc
  .record({
    type: fc.constantFrom(...Object.values(MessageType)),
    yiaddr: address,
    server: fc.constantFrom(SERVER, OTHER_SERVER, undefined),
    source: fc.constantFrom(SERVER, OTHER_SERVER),
    lease: seconds,
    t1: seconds,
    t2: seconds,
  })
  .map(
    ({ t1, t2, ...parts }): Step =>
      (client) => {
        if (client.outputs('send').length === 0) return;
        client.answer({ ...parts, ...(t1 === undefined ? {} : { t1 }), ...(t2 === undefined ? {} : { t2 }) });
      },
  );

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: reply },
  // What a good server would do, so that the other states are reached.
  { weight: 10, arbitrary: fc.constant<Step>((client) => client.outputs('send').length > 0 && client.answer()) },
  { weight: 4, arbitrary: fc.constant<Step>((client) => client.engine.deadline() !== undefined && client.step()) },
  {
    weight: 4,
    arbitrary: fc.oneof(fc.integer({ min: 0, max: 10_000 }), fc.integer({ min: 0, max: 10 ** 8 })).map(
      (ms): Step =>
        (client) => {
          client.now += ms;
          client.handle({ kind: 'timeout' });
        },
    ),
  },
  {
    weight: 2,
    arbitrary: fc.boolean().map(
      (up): Step =>
        (client) =>
          client.handle({ kind: 'carrier', up }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom(MAC, STRANGER), address, address, fc.integer({ min: 0, max: 3 })).map(
      ([mac, sender, target, operation]): Step =>
        (client) =>
          client.arp(mac, sender, target, operation),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Step>((client) => client.handle({ kind: 'renew' })) },
  {
    weight: 1,
    arbitrary: fc.boolean().map(
      (release): Step =>
        (client) =>
          client.handle({ kind: 'restart', release }),
    ),
  },
  {
    weight: 1,
    // Seldom: without a lease there is only one way back from it.
    arbitrary: fc.nat({ max: 19 }).map(
      (n): Step =>
        (client) => {
          if (n === 0) client.handle({ kind: 'inform', address: ADDRESS });
        },
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom<'renewAt' | 'rebindAt' | 'expiresAt'>('renewAt', 'rebindAt', 'expiresAt').map(
      (time): Step =>
        (client) => {
          const at = client.engine.lease?.[time] ?? 0;
          if (Number.isFinite(at)) client.now = Math.max(client.now, at);
          client.handle({ kind: 'timeout' });
        },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.uint8Array({ maxLength: 600 }).map(
      (payload): Step =>
        (client) =>
          client.deliver(payload),
    ),
  },
);

const settings = fc.record({
  probe: fc.boolean(),
  rapidCommit: fc.boolean(),
  selectingWindowMs: fc.constantFrom(0, 1000),
  startDelayMs: fc.constantFrom<readonly [number, number]>([0, 0], [1000, 10_000]),
});

/** Meets every deadline that is due, and tells how many there were. */
function settle(client: SimulatedClient): number {
  let rounds = 0;
  for (;;) {
    const deadline = client.engine.deadline();
    if (deadline === undefined || deadline > client.now) return rounds;
    client.handle({ kind: 'timeout' });
    if (++rounds > 10) return rounds;
  }
}

t.test('any inputs in any order: nothing thrown, no deadline that stays in the past', async (t) => {
  fc.assert(
    fc.property(settings, fc.integer(), fc.array(step, { maxLength: 60, size: 'max' }), (config, seed, steps) => {
      const client = new SimulatedClient(config, { seed });
      client.up();
      for (const each of steps) {
        each(client);
        if (settle(client) > 4) return false;
        if (Number.isNaN(client.engine.deadline() ?? 0)) return false;
      }
      return true;
    }),
    { numRuns: 600 },
  );
  t.pass();
});

t.test('any past, then an hour alone: at most a handful of messages in any second', async (t) => {
  fc.assert(
    fc.property(settings, fc.integer(), fc.array(step, { maxLength: 40, size: 'max' }), (config, seed, steps) => {
      const client = new SimulatedClient(config, { seed });
      client.up();
      for (const each of steps) each(client);
      settle(client);
      client.forget();
      client.advance(3600_000);
      const times = client.log.map(({ at }) => at);
      for (const [i, at] of times.entries()) if ((times[i + 8] ?? Number.POSITIVE_INFINITY) - at < 1000) return false;
      return client.sent().length <= 120;
    }),
    { numRuns: 200 },
  );
  t.pass();
});

t.test('any past, then a good server: bound within two minutes', async (t) => {
  fc.assert(
    fc.property(settings, fc.integer(), fc.array(step, { maxLength: 40, size: 'max' }), (config, seed, steps) => {
      const client = new SimulatedClient(config, { seed });
      client.up();
      for (const each of steps) each(client);
      // Somebody who wants it to work: plugs the cable in, and starts over what was meant for a DHCPINFORM only.
      client.up();
      if (client.engine.state === 'informing') client.handle({ kind: 'restart', release: false });
      const end = client.now + 120_000;
      while (client.now < end && client.engine.state !== 'bound') {
        const before = client.outputs('send').length;
        client.step();
        if (client.outputs('send').length === before) continue;
        client.now += 5;
        // The one that the lease is from knows which it is; of another's word about another address nothing is taken.
        const { lease } = client.engine;
        client.answer(lease === undefined ? {} : { server: lease.server, yiaddr: lease.address.address });
        if (client.engine.state === 'requesting' || client.engine.state === 'probing') client.answer();
      }
      return client.engine.state === 'bound';
    }),
    { numRuns: 300 },
  );
  t.pass();
});

t.test('a state without a deadline is one that an input has to leave', async (t) => {
  t.equal(stateDeadline({ kind: 'stopped' }), undefined);
  t.equal(stateDeadline({ kind: 'init', startAt: undefined }), undefined);
  t.equal(stateDeadline({ kind: 'bound', renewAt: Number.POSITIVE_INFINITY, announcements: undefined }), undefined);
  t.equal(stateDeadline({ kind: 'informing', address: ADDRESS, exchange: undefined }), undefined);
});

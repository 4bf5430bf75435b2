/** Leases of an earlier run, and carriers that come and go (RFC 9915 sections 18.2.3, 18.2.5, 18.2.12; D6C-12). */
import t from 'tap';
import type { RememberedLeases } from '../../src/client/remembered.ts';
import { MessageType } from '../../src/message-type.ts';
import { StatusCode } from '../../src/status-code.ts';
import {
  ADDRESS,
  asked,
  first,
  ip,
  net,
  PREFIX,
  SERVER,
  SimulatedClient,
  serverOf,
  status,
} from './simulated-client.ts';

const TIMES = { iaid: 1, renewInMs: 900_000, rebindInMs: 1_800_000, preferredForMs: 3_600_000, validForMs: 7_200_000 };
const BOTH = { addresses: [{ iaid: 1 }] } as const;

function remembered(parts: Partial<RememberedLeases> = {}): RememberedLeases {
  return {
    serverIdentifier: SERVER,
    ageMs: 60_000,
    delegations: [{ ...TIMES, prefix: PREFIX }],
    addresses: [],
    dnsServers: [ip('2001:db8::53')],
    domainSearchList: ['example.net'],
    ...parts,
  };
}

t.test('D6C-12: after a restart Rebind with the remembered prefix, before anything else', async (t) => {
  const client = new SimulatedClient({}, { remembered: remembered() });
  client.up();
  t.equal(client.engine.state, 'confirming');
  t.equal(client.last().messageType, MessageType.rebind);
  t.equal(serverOf(client.last()), undefined);
  t.strictSame(asked(client.last()), ['pd 1: 2001:db8:1::/56']);
  t.strictSame(client.prefixes(), ['2001:db8:1::/56'], 'in use meanwhile');
  t.strictSame(client.configuration.dnsServers.map(String), ['2001:db8::53']);
  const outputs = client.answer();
  t.equal(first(outputs, 'changed').why, 'reboot');
  t.equal(client.configuration.delegations[0]?.validUntil, client.now + 7200_000);
  t.equal(client.engine.state, 'bound');
});

t.test('D6C-12: addresses alone are confirmed', async (t) => {
  const client = new SimulatedClient(BOTH, {
    remembered: remembered({ delegations: [], addresses: [{ ...TIMES, address: ADDRESS }] }),
  });
  client.up();
  t.equal(client.last().messageType, MessageType.confirm);
  t.strictSame(asked(client.last()), ['na 1: 2001:db8::77']);
  const until = client.configuration.addresses[0]?.validUntil;
  client.answer({ pd: [], status: StatusCode.success });
  t.equal(client.engine.state, 'bound');
  t.equal(client.configuration.addresses[0]?.validUntil, until, 'a Confirm extends nothing');
});

t.test(
  'D6C-11: NotOnLink to all that was confirmed: the addresses go; Success of another server counts for more',
  async (t) => {
    const options = { remembered: remembered({ delegations: [], addresses: [{ ...TIMES, address: ADDRESS }] }) };
    const client = new SimulatedClient({ ...BOTH, delegations: [] }, options);
    client.up();
    client.answer({ pd: [], status: StatusCode.notOnLink });
    t.strictSame(client.addresses(), ['2001:db8::77'], 'others may contradict');
    client.step();
    t.strictSame(client.addresses(), []);
    t.match(client.outputs('changed'), [{ why: 'not-on-link', lost: [{ kind: 'address' }] }]);
    client.until('soliciting');
    while (client.last().messageType !== MessageType.solicit) client.step();
    t.strictSame(asked(client.last()), ['na 1:'], 'without the address that does not belong here');

    const other = new SimulatedClient({ ...BOTH, delegations: [] }, options);
    other.up();
    other.answer({ pd: [], status: StatusCode.notOnLink });
    other.answer({ pd: [] });
    t.equal(other.engine.state, 'bound');
    t.strictSame(other.addresses(), ['2001:db8::77']);
  },
);

t.test('D6C-12: nobody answers: the lease stays in use, and Solicit has it as hint', async (t) => {
  const client = new SimulatedClient({}, { remembered: remembered() });
  client.up();
  const begun = client.now;
  client.until('soliciting');
  t.equal(client.now - begun, 10_000, 'CNF_MAX_RD');
  t.strictSame(client.prefixes(), ['2001:db8:1::/56']);
  t.strictSame(asked(client.last()), ['pd 1: 2001:db8:1::/56']);
  client.answer({ preference: 255 });
  client.answer();
  t.equal(client.engine.state, 'bound');
  t.strictSame(client.prefixes(), ['2001:db8:1::/56']);
});

t.test('D6C-12: a gateway that ignores Solicit of whom it knows is asked by Rebind again', async (t) => {
  const client = new SimulatedClient(
    {},
    { remembered: remembered({ delegations: [{ ...TIMES, prefix: PREFIX, validForMs: 10 ** 9 }] }) },
  );
  client.up();
  const rounds: number[] = [];
  for (let i = 0; i < 4; i++) {
    client.until('soliciting');
    const begun = client.now;
    client.until('confirming');
    rounds.push(client.now - begun);
  }
  t.strictSame(rounds, [60_000, 120_000, 240_000, 480_000], 'less and less often');
  client.answer();
  t.equal(client.engine.state, 'bound');
});

t.test('D6C-12: a lease that ended meanwhile is a hint', async (t) => {
  const client = new SimulatedClient(
    {},
    {
      remembered: remembered({ delegations: [{ ...TIMES, prefix: PREFIX, preferredForMs: -2, validForMs: -1 }] }),
    },
  );
  client.up();
  t.equal(client.last().messageType, MessageType.solicit);
  t.strictSame(asked(client.last()), ['pd 1: 2001:db8:1::/56']);
  t.match(client.outputs('changed'), [{ why: 'expired', lost: [{ prefix: PREFIX }] }]);
});

t.test('D6C-12: what is refused as a hint is not asked for again', async (t) => {
  const client = new SimulatedClient(
    {},
    {
      remembered: remembered({ delegations: [{ ...TIMES, prefix: PREFIX, validForMs: -1 }] }),
    },
  );
  client.up();
  client.answer({ pd: [{ leases: [], options: [status(StatusCode.noPrefixAvail)] }] });
  client.step();
  t.strictSame(asked(client.last()), ['pd 1:']);
});

t.test('D6C-12: another server, with another DUID, gives another prefix after the restart', async (t) => {
  const client = new SimulatedClient({}, { remembered: remembered() });
  client.up();
  const other = Uint8Array.of(0, 1, 9, 9);
  client.answer({ server: other, pd: [{ leases: [], options: [status(StatusCode.noBinding)] }] });
  t.strictSame(serverOf(client.last()), other);
  t.equal(client.last().messageType, MessageType.request);
  const outputs = client.answer({ server: other, pd: [{ leases: [{ prefix: net('2001:db8:9::/56') }] }] });
  t.match(first(outputs, 'changed').lost, [{ prefix: PREFIX }], 'the old one is nobody’s any more');
  t.strictSame(client.prefixes(), ['2001:db8:9::/56']);
});

t.test('D6C-12: withdrawn while the router was off', async (t) => {
  const client = new SimulatedClient({}, { remembered: remembered() });
  client.up();
  client.answer({ pd: [{ leases: [{ preferred: 0, valid: 0 }] }] });
  t.strictSame(client.prefixes(), []);
  t.equal(client.engine.state, 'soliciting');
});

t.test('D6C-12: what the configuration does not ask for any longer is not used', async (t) => {
  const client = new SimulatedClient(
    {},
    {
      remembered: remembered({
        delegations: [{ ...TIMES, prefix: PREFIX, iaid: 9 }],
        addresses: [{ ...TIMES, address: ADDRESS }],
      }),
    },
  );
  client.up();
  t.strictSame([client.prefixes(), client.addresses()], [[], []]);
  t.equal(client.last().messageType, MessageType.solicit);
});

t.test('D6C-25: carrier lost and back: Rebind, with the lease in use all the time', async (t) => {
  const client = new SimulatedClient().acquire().forget();
  client.now += 60_000;
  client.down();
  t.strictSame(client.prefixes(), ['2001:db8:1::/56']);
  client.advance(30_000);
  t.equal(client.sent().length, 0, 'nothing is sent into the dark');
  client.up();
  t.equal(client.last().messageType, MessageType.rebind);
  client.answer();
  t.strictSame(client.changes(), ['reboot']);
});

t.test('a loose cable does not flood the link', async (t) => {
  const client = new SimulatedClient().acquire().forget();
  for (let i = 0; i < 600; i++) {
    client.down();
    client.advance(50);
    client.up();
    client.advance(50);
  }
  t.ok(client.sent().length <= 61, `${client.sent().length} messages in a minute`);
});

t.test('a carrier that is lost while the leases end', async (t) => {
  const client = new SimulatedClient().acquire();
  client.down();
  client.advance(7_300_000);
  t.strictSame(client.prefixes(), [], 'the valid lifetime ends in the dark as well');
  client.forget();
  client.up();
  t.equal(client.last().messageType, MessageType.solicit);
});

t.test('D6C-12: leases that end while Solicit goes unanswered: Solicit goes on, and nothing spins', async (t) => {
  const ending = { ...TIMES, prefix: PREFIX, preferredForMs: 20_000, validForMs: 30_000 };
  const client = new SimulatedClient({}, { remembered: remembered({ delegations: [ending] }) });
  client.up();
  client.advance(86_400_000);
  t.strictSame(client.prefixes(), []);
  t.equal(client.engine.state, 'soliciting');
  t.ok(client.sent(MessageType.solicit).length < 60, `${client.sent(MessageType.solicit).length} in a day`);
});

t.test('a Confirm extends nothing: behind T1 Renew follows at once, behind T2 Rebind', async (t) => {
  for (const [renewInMs, rebindInMs, type] of [
    [-1000, 900_000, MessageType.renew],
    [-1000, -500, MessageType.rebind],
  ] as const) {
    for (const answers of [true, false]) {
      const address = { ...TIMES, address: ADDRESS, renewInMs, rebindInMs };
      const options = { remembered: remembered({ delegations: [], addresses: [address] }) };
      const client = new SimulatedClient({ ...BOTH, delegations: [] }, options);
      client.up();
      if (answers) client.answer({ pd: [] });
      else client.advance(10_000);
      t.equal(client.last().messageType, type);
    }
  }
});

t.test('D6C-05: an IA that its server leaves out is asked of all others at its T2', async (t) => {
  const client = new SimulatedClient(BOTH).acquire({ pd: [{}], na: [{}] });
  const t2 = client.configuration.addresses[0]?.rebindAt as number;
  while (client.now < t2) {
    client.step();
    if (client.engine.state === 'renewing') client.answer({ pd: [{}] });
  }
  t.equal(client.engine.state, 'rebinding');
  t.equal(client.now, t2);
  client.answer({ pd: [{}], na: [{}] });
  t.equal(client.engine.state, 'bound');
});

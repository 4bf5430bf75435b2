/** RFC 2131 figure 5, arrow by arrow: each row of the transition table has a story that follows it. */
import { MacAddress } from '@router7/wire';
import t from 'tap';
import type { ClientStateName } from '../../src/client/output.ts';
import { TRANSITIONS, TRANSITIONS_FROM_ANYWHERE } from '../../src/client/transitions.ts';
import { MessageType } from '../../src/message.ts';
import { ADDRESS, first, ip, SimulatedClient } from './simulated-client.ts';

const STRANGER = MacAddress.parse('02:00:00:00:00:99');
const ELSEWHERE = ip('192.0.2.99');
const RAPID = { type: MessageType.ack, options: [{ kind: 'rapidCommit', value: true }] } as const;
const NAK = { type: MessageType.nak } as const;

/** A client that holds a lease and is in a state. The lease is one of an hour. */
function holding(
  state: 'bound' | 'renewing' | 'rebinding' | 'rebooting' | 'init-reboot',
  probe = false,
): SimulatedClient {
  const client = new SimulatedClient({ probe }).acquire();
  if (probe) client.advance(10_000);
  if (state === 'renewing') client.advance(1800_000);
  if (state === 'rebinding') client.advance(3150_000);
  if (state === 'rebooting' || state === 'init-reboot') {
    client.down();
    client.now += 2000;
    // A carrier that comes and goes within a second leaves the client in INIT-REBOOT for the rest of that second.
    client.up();
    if (state === 'init-reboot') {
      client.down();
      client.up();
    }
  }
  return client;
}

function conflict(client: SimulatedClient): void {
  for (let i = 0; i < 2; i++) client.arp(STRANGER, ADDRESS, ADDRESS, 2);
}

function until(client: SimulatedClient, state: ClientStateName): void {
  for (let i = 0; client.engine.state !== state; i++) {
    if (i > 1000) throw new Error(`never gets to ${state}`);
    client.step();
  }
}

/** How to be in the state that an arrow leaves, and what then moves the client. */
const STORIES: Record<string, () => SimulatedClient> = {
  'init selecting': () => {
    const client = new SimulatedClient({ startDelayMs: [1000, 2000] });
    client.up();
    client.step();
    return client;
  },
  'selecting requesting': () => {
    const client = new SimulatedClient();
    client.up();
    client.answer();
    return client;
  },
  'selecting bound': () => {
    const client = new SimulatedClient({ rapidCommit: true });
    client.up();
    client.answer(RAPID);
    return client;
  },
  'selecting probing': () => {
    const client = new SimulatedClient({ rapidCommit: true, probe: true });
    client.up();
    client.answer(RAPID);
    return client;
  },
  'requesting bound': () => new SimulatedClient().acquire(),
  'requesting probing': () => new SimulatedClient({ probe: true }).acquire(),
  'requesting init': () => {
    const client = new SimulatedClient();
    client.up();
    client.answer();
    client.answer(NAK);
    return client;
  },
  'probing bound': () => {
    const client = new SimulatedClient({ probe: true }).acquire();
    until(client, 'bound');
    return client;
  },
  'probing init': () => {
    const client = new SimulatedClient({ probe: true }).acquire();
    conflict(client);
    return client;
  },
  'bound renewing': () => holding('renewing'),
  'bound rebinding': () => {
    const client = holding('bound');
    client.now += 3150_000;
    client.handle({ kind: 'timeout' });
    return client;
  },
  'bound selecting': () => {
    const client = holding('bound');
    client.now += 3600_000;
    client.handle({ kind: 'timeout' });
    return client;
  },
  'bound init': () => {
    const client = holding('bound', true);
    conflict(client);
    return client;
  },
  'renewing bound': () => {
    const client = holding('renewing');
    client.answer();
    return client;
  },
  'renewing probing': () => {
    const client = holding('renewing', true);
    client.answer({ yiaddr: ELSEWHERE });
    return client;
  },
  'renewing init': () => {
    const client = holding('renewing');
    client.answer(NAK);
    return client;
  },
  'renewing rebinding': () => holding('rebinding'),
  'renewing selecting': () => {
    const client = holding('renewing');
    client.now += 1800_000;
    client.handle({ kind: 'timeout' });
    return client;
  },
  'rebinding bound': () => {
    const client = holding('rebinding');
    client.answer();
    return client;
  },
  'rebinding probing': () => {
    const client = holding('rebinding', true);
    client.answer({ yiaddr: ELSEWHERE });
    return client;
  },
  'rebinding init': () => {
    const client = holding('rebinding');
    client.answer(NAK);
    return client;
  },
  'rebinding selecting': () => {
    const client = holding('rebinding');
    until(client, 'selecting');
    return client;
  },
  'init-reboot rebooting': () => holding('rebooting'),
  'init-reboot init': () => {
    const client = holding('init-reboot', true);
    conflict(client);
    return client;
  },
  'rebooting bound': () => {
    const client = holding('rebooting');
    client.answer();
    return client;
  },
  'rebooting probing': () => {
    const client = holding('rebooting', true);
    client.answer({ yiaddr: ELSEWHERE });
    return client;
  },
  'rebooting init': () => {
    const client = holding('rebooting');
    client.answer(NAK);
    return client;
  },
  'rebooting selecting': () => {
    const client = holding('rebooting');
    until(client, 'selecting');
    return client;
  },
};

const ALLOWED = new Set([
  ...TRANSITIONS.map(({ from, to }) => `${from} ${to}`),
  ...TRANSITIONS_FROM_ANYWHERE.map(({ to }) => `* ${to}`),
]);

/** The arrows that a client has followed, from INIT on. */
function followed(client: SimulatedClient): string[] {
  const states = ['init', ...client.states()];
  return states.slice(1).map((to, i) => `${states[i]} ${to}`);
}

for (const { from, to, on, rfc } of TRANSITIONS) {
  t.test(`figure 5: ${from} -> ${to} on ${on} (${rfc})`, async (t) => {
    const story = STORIES[`${from} ${to}`];
    if (story === undefined) return t.fail('no story follows this arrow');
    const arrows = followed(story());
    t.ok(arrows.includes(`${from} ${to}`), arrows.join(', '));
    for (const arrow of arrows) {
      t.ok(ALLOWED.has(arrow) || ALLOWED.has(arrow.replace(/^\S+/, '*')), `${arrow} is in the table`);
    }
  });
}

t.test('every story is of an arrow in the table, and none stands there twice', async (t) => {
  const rows = TRANSITIONS.map(({ from, to }) => `${from} ${to}`);
  t.strictSame(Object.keys(STORIES).sort(), [...rows].sort());
  t.equal(new Set(rows).size, rows.length);
});

t.test('restart, release and a lost carrier leave every state', async (t) => {
  for (const story of Object.values(STORIES)) {
    const restarted = story();
    restarted.handle({ kind: 'restart', release: false });
    t.match(restarted.engine.state, /^(?:init|selecting)$/);
    t.equal(restarted.engine.lease, undefined);

    const unplugged = story();
    const held = unplugged.engine.lease !== undefined;
    unplugged.down();
    t.equal(unplugged.engine.state, held ? 'init-reboot' : 'init');

    const released = story();
    released.handle({ kind: 'release' });
    t.equal(released.engine.state, 'stopped');
    t.equal(released.engine.deadline(), undefined);
    first(
      released.log.map(({ output }) => output),
      'stopped',
    );
  }
});

t.test('a DHCPINFORM needs no lease, and a lease needs no DHCPINFORM', async (t) => {
  const inform = { kind: 'inform', address: ADDRESS } as const;
  const bound = new SimulatedClient().acquire();
  bound.handle(inform);
  t.equal(bound.engine.state, 'bound');
  const selecting = new SimulatedClient();
  selecting.up();
  selecting.handle(inform);
  t.equal(selecting.engine.state, 'informing');
  const stopped = new SimulatedClient();
  stopped.up();
  stopped.handle({ kind: 'release' });
  stopped.handle(inform);
  t.equal(stopped.engine.state, 'stopped', 'stopped for good');
});

t.test('a stopped client does nothing more', async (t) => {
  const client = new SimulatedClient().acquire();
  const ack = client.reply({ type: MessageType.ack });
  client.handle({ kind: 'release' });
  client.forget();
  client.handle({ kind: 'release' });
  client.handle({ kind: 'restart', release: true });
  client.handle({ kind: 'renew' });
  client.down();
  client.up();
  client.deliver(ack);
  client.advance(86_400_000);
  t.equal(client.log.length, 0);
});

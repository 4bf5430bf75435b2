/** The diagram of `state.ts`, arrow by arrow: each row of the transition table has a story that follows it. */
import t from 'tap';
import { TRANSITIONS, TRANSITIONS_FROM_ANYWHERE } from '../../src/client/transitions.ts';
import { MessageType } from '../../src/message-type.ts';
import { StatusCode } from '../../src/status-code.ts';
import { ADDRESS, PREFIX, SERVER, SimulatedClient, status } from './simulated-client.ts';

const NO_BINDING = { pd: [{ leases: [], options: [status(StatusCode.noBinding)] }] };
const GONE = { pd: [{ leases: [{ preferred: 0, valid: 0 }] }] };

/** A client that remembers a prefix, or an address, and has just been switched on. */
function remembering(what: 'prefix' | 'address', renewInMs = 10 ** 6, rebindInMs = 2 * 10 ** 6): SimulatedClient {
  const lease = { iaid: 1, renewInMs, rebindInMs, preferredForMs: 10 ** 7, validForMs: 10 ** 7 };
  const config = what === 'prefix' ? {} : { delegations: [], addresses: [{ iaid: 1 }] };
  const client = new SimulatedClient(config, {
    remembered: {
      serverIdentifier: SERVER,
      ageMs: 0,
      delegations: what === 'prefix' ? [{ ...lease, prefix: PREFIX }] : [],
      addresses: what === 'address' ? [{ ...lease, address: ADDRESS }] : [],
      dnsServers: [],
      domainSearchList: [],
    },
  });
  client.up();
  return client;
}

/** A client after something was done to it. */
function after(client: SimulatedClient, action: (client: SimulatedClient) => unknown): SimulatedClient {
  action(client);
  return client;
}

const bound = (): SimulatedClient => new SimulatedClient().acquire();
const renewing = (): SimulatedClient => bound().until('renewing');
const rebinding = (): SimulatedClient => bound().until('rebinding');
const requesting = (): SimulatedClient =>
  after(new SimulatedClient(), (client) => {
    client.up();
    client.answer({ preference: 255 });
  });

/** How to be in the state that an arrow leaves, and what then moves the client. */
const STORIES: Record<string, () => SimulatedClient> = {
  'init soliciting': () => after(new SimulatedClient(), (client) => client.up()),
  'init confirming': () => remembering('prefix'),
  'soliciting requesting': requesting,
  'soliciting bound': () =>
    after(new SimulatedClient({ rapidCommit: true }), (client) => {
      client.up();
      client.answer({ type: MessageType.reply, options: [{ kind: 'rapidCommit', value: true }] });
    }),
  'soliciting confirming': () => remembering('prefix').until('soliciting').until('confirming'),
  'requesting bound': bound,
  'requesting init': () => after(requesting(), (client) => client.answer({ pd: [] })),
  'bound renewing': renewing,
  'bound rebinding': () =>
    after(bound(), (client) => {
      client.now += 2880_000;
      client.handle({ kind: 'timeout' });
    }),
  'bound init': () =>
    after(bound(), (client) => {
      client.now += 7200_000;
      client.handle({ kind: 'timeout' });
    }),
  'renewing bound': () => after(renewing(), (client) => client.answer()),
  'renewing requesting': () => after(renewing(), (client) => client.answer(NO_BINDING)),
  'renewing rebinding': rebinding,
  'renewing init': () => after(renewing(), (client) => client.answer(GONE)),
  'rebinding bound': () => after(rebinding(), (client) => client.answer()),
  'rebinding requesting': () => after(rebinding(), (client) => client.answer(NO_BINDING)),
  'rebinding init': () => rebinding().until('soliciting'),
  'confirming bound': () => after(remembering('prefix'), (client) => client.answer()),
  'confirming renewing': () => after(remembering('address', -1), (client) => client.answer({ pd: [] })),
  'confirming rebinding': () => after(remembering('address', -1, -1), (client) => client.answer({ pd: [] })),
  'confirming requesting': () => after(remembering('prefix'), (client) => client.answer(NO_BINDING)),
  'confirming soliciting': () => remembering('prefix').until('soliciting'),
  'confirming init': () =>
    after(remembering('address'), (client) => {
      client.answer({ pd: [], status: StatusCode.notOnLink });
      client.step();
    }),
  'releasing stopped': () =>
    after(bound(), (client) => {
      client.handle({ kind: 'release' });
      client.answer({ pd: [] });
    }),
};

const ALLOWED = new Set([
  ...TRANSITIONS.map(({ from, to }) => `${from} ${to}`),
  ...TRANSITIONS_FROM_ANYWHERE.map(({ to }) => `* ${to}`),
]);

for (const { from, to, on, rfc } of TRANSITIONS) {
  t.test(`${from} -> ${to} on ${on} (${rfc})`, async (t) => {
    const story = STORIES[`${from} ${to}`];
    if (story === undefined) return t.fail('no story follows this arrow');
    const states = ['init', ...story().states()];
    const arrows = states.slice(1).map((state, i) => `${states[i]} ${state}`);
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

t.test('release and a lost carrier leave every state', async (t) => {
  for (const [name, story] of Object.entries(STORIES)) {
    if (name === 'releasing stopped') continue;
    const unplugged = story();
    const held = unplugged.prefixes().length;
    unplugged.down();
    t.equal(unplugged.engine.state, 'init');
    t.equal(unplugged.prefixes().length, held, 'what is held stays in use');

    const released = story();
    const holds = released.prefixes().length + released.addresses().length > 0;
    released.handle({ kind: 'release' });
    t.equal(released.engine.state, holds ? 'releasing' : 'stopped');
    t.strictSame([released.prefixes(), released.addresses()], [[], []]);
  }
});

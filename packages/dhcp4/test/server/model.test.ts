import type { Ipv4Address } from '@router7/wire';
import fc from 'fast-check';
import t from 'tap';
import { MessageType } from '../../src/index.ts';
import type { ServerOutput } from '../../src/server/output.ts';
import { ip, mac, optionOf, SimulatedLan, type Wanted, withSubnet } from './simulated-lan.ts';

const CLIENTS = 8;
const RESERVED = ip('192.168.42.40');

/** Six addresses for eight clients, one of which has a reservation. */
const SETTINGS = withSubnet(
  {
    pools: [{ first: ip('192.168.42.10'), last: ip('192.168.42.15') }],
    reservations: [{ address: RESERVED, hardwareAddress: mac('02:00:00:00:00:07') }],
  },
  { offerHoldMs: 5000, declineHoldMs: 60_000, rapidCommit: true },
);

/** What a client itself believes: that it may use an address until some time. */
interface Belief {
  readonly address: Ipv4Address;
  readonly until: number;
}

const step = fc.record({
  client: fc.nat(CLIENTS - 1),
  what: fc.constantFrom(
    'discover',
    'select',
    'select-other',
    'reboot',
    'renew',
    'release',
    'decline',
    'wait',
    'rapid',
    'restart',
  ),
  /** An address near the pool, for requests out of the blue. */
  address: fc.integer({ min: 8, max: 17 }).map((last) => ip(`192.168.42.${last}`)),
  milliseconds: fc.constantFrom(0, 10, 4999, 5000, 59_000, 130_000, 1_300_000),
});

/** Two clients never both have reason to believe that one address is theirs: the one promise that a server makes. */
for (const authoritative of [true, false]) {
  t.test(`an address is never given to two clients at once, ${authoritative ? '' : 'not '}authoritative`, (t) => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 120 }), (steps) => {
        const lan = new SimulatedLan({ ...SETTINGS, authoritative });
        const beliefs = new Map<number, Belief>();
        const offers = new Map<number, Ipv4Address>();
        const who = (client: number): Wanted => ({ chaddr: Uint8Array.of(2, 0, 0, 0, 0, client) });

        /** Takes in what the server says to a client, and checks it against what all others were told. */
        const listen = (client: number): void => {
          const reply = lan.reply();
          if (reply === undefined) return;
          const type = optionOf(reply, 'dhcpMessageType');
          const { yiaddr } = reply.message;
          if (type === MessageType.offer) offers.set(client, yiaddr);
          if (type === MessageType.nak) beliefs.delete(client);
          if (type === MessageType.ack) {
            const until = lan.now + (optionOf(reply, 'ipAddressLeaseTime') ?? 0) * 1000;
            beliefs.set(client, { address: yiaddr, until });
          }
          for (const [other, belief] of beliefs) {
            if (other === client || belief.until <= lan.now || !belief.address.equals(yiaddr)) continue;
            throw new Error(`${yiaddr} is ${other}'s, and was told to ${client}`);
          }
          if (type !== MessageType.nak) {
            const inPool = yiaddr.value >= ip('192.168.42.10').value && yiaddr.value <= ip('192.168.42.15').value;
            if (!inPool && !(client === 7 && yiaddr.equals(RESERVED))) throw new Error(`${yiaddr} is not to be given`);
          }
        };

        for (const { client, what, address, milliseconds } of steps) {
          const belief = beliefs.get(client);
          switch (what) {
            case 'discover':
              lan.send(MessageType.discover, {
                ...who(client),
                options: [{ kind: 'requestedIpAddress', value: address }],
              });
              break;
            case 'rapid':
              lan.send(MessageType.discover, { ...who(client), options: [{ kind: 'rapidCommit', value: true }] });
              break;
            case 'select':
              lan.select(offers.get(client) ?? address, who(client));
              break;
            case 'select-other':
              lan.select(address, who(client), ip('192.168.42.250'));
              break;
            case 'reboot':
              lan.reboot(belief?.address ?? address, who(client));
              break;
            case 'renew':
              lan.renew(belief?.address ?? address, who(client));
              break;
            case 'release':
              lan.release(belief?.address ?? address, who(client));
              beliefs.delete(client);
              break;
            case 'decline':
              lan.decline(belief?.address ?? offers.get(client) ?? address, who(client));
              beliefs.delete(client);
              break;
            case 'restart':
              lan.restart({ ...SETTINGS, authoritative });
              break;
            case 'wait':
              lan.advance(milliseconds);
              break;
          }
          // While waiting the server has nothing to say to anyone; all else is an answer to this client.
          if (what !== 'wait' && what !== 'restart') listen(client);
          checkBooks(lan, beliefs);
        }
      }),
      { numRuns: 150 },
    );
    t.end();
  });
}

/** The table against what the clients were told, and the engine's counter against the table. */
function checkBooks(lan: SimulatedLan, beliefs: ReadonlyMap<number, Belief>): void {
  const live = [...lan.table.values()].filter(({ state, expiresAt }) => state === 'bound' && expiresAt > lan.now);
  lan.engine.handle({ kind: 'timeout' }, lan.now);
  const late: ServerOutput[] = [];
  for (let output = lan.engine.poll(); output !== undefined; output = lan.engine.poll()) late.push(output);
  if (lan.engine.activeLeases !== live.length) throw new Error(`${lan.engine.activeLeases} counted of ${live.length}`);
  if (late.some(({ kind }) => kind === 'send')) throw new Error('a reply out of nothing');
  for (const [client, { address, until }] of beliefs) {
    if (until <= lan.now) continue;
    const lease = lan.at(address);
    if (lease?.hardwareAddress[5] !== client || lease.expiresAt < until)
      throw new Error(`${address} of ${client} is lost`);
  }
}

/** What the client must not be moved by: noise, lies, floods (D4C-18, D4C-19, D4C-24). */
import { MacAddress } from '@router7/wire';
import t from 'tap';
import { MOST_OUTPUTS } from '../../src/client/output-queue.ts';
import { type Message, MessageType } from '../../src/message.ts';
import { ADDRESS, first, ip, MAC, OTHER_SERVER, type ReplyParts, SimulatedClient, seeded } from './simulated-client.ts';

/** A client in each state that awaits an answer. */
const AWAITING: Record<string, () => SimulatedClient> = {
  selecting: () => {
    const client = new SimulatedClient();
    client.up();
    return client;
  },
  requesting: () => {
    const client = new SimulatedClient();
    client.up();
    client.answer();
    return client;
  },
  renewing: () => {
    const client = new SimulatedClient().acquire();
    client.advance(1800_000);
    return client;
  },
  rebinding: () => {
    const client = new SimulatedClient().acquire();
    client.advance(3150_000);
    return client;
  },
  rebooting: () => {
    const client = new SimulatedClient().acquire();
    client.advance(5000);
    client.down();
    client.up();
    return client;
  },
};

const header = (part: Partial<Message>): ReplyParts => ({ header: part });

t.test('a loose cable does not make a client say DHCPINFORM at each touch', async (t) => {
  const client = new SimulatedClient();
  client.up();
  client.handle({ kind: 'inform', address: ADDRESS });
  for (let flap = 0; flap < 1000; flap++) {
    client.now += 1;
    client.down();
    client.up();
  }
  t.ok(client.sent().filter(({ type }) => type === MessageType.inform).length <= 2);
  client.advance(1500);
  t.equal(client.sent().at(-1)?.type, MessageType.inform, 'and it is said in the end');
});

for (const [state, make] of Object.entries(AWAITING)) {
  t.test(
    `D4C-01 replies for somebody else are dropped in ${state}, and the right one is taken after them`,
    async (t) => {
      for (const [reason, parts] of [
        ['wrong-xid', header({ xid: (make().last().xid ^ 1) >>> 0 })],
        ['wrong-hardware-address', header({ chaddr: MacAddress.parse('02:00:00:00:00:99').toBytes() })],
        ['wrong-hardware-address', header({ chaddr: MAC.toBytes().subarray(0, 5) })],
        ['wrong-hardware-address', header({ chaddr: new Uint8Array() })],
        ['wrong-hardware-address', header({ htype: 6 })],
        ['not-a-reply', header({ op: 1 })],
        ['not-a-reply', header({ op: 0 })],
        ['wrong-port', { sourcePort: 68 }],
        ['wrong-port', { sourcePort: 6767 }],
        ['unexpected-type', { type: MessageType.forceRenew }],
        ['unexpected-type', { type: MessageType.discover }],
        ['unexpected-type', { type: MessageType.inform }],
        ['unexpected-type', { type: 200 }],
        [
          'wrong-client-identifier',
          { options: [{ kind: 'clientIdentifier', value: Uint8Array.of(1, 2, 3, 4, 5, 6, 7) }] },
        ],
        ['wrong-client-identifier', { options: [{ kind: 'raw', code: 61, data: Uint8Array.of(9) }] }],
      ] as [string, ReplyParts][]) {
        const client = make().forget();
        t.equal(client.engine.state, state);
        const deadline = client.engine.deadline();
        client.answer(parts);
        t.strictSame(
          client.log.map(({ output }) => output),
          [{ kind: 'discarded', reason }],
        );
        t.equal(client.engine.state, state);
        t.equal(client.engine.deadline(), deadline, 'nothing is put off');
        client.answer({ options: [{ kind: 'clientIdentifier', value: Uint8Array.of(1, ...MAC.toBytes()) }] });
        t.equal(client.engine.state, state === 'selecting' ? 'requesting' : 'bound', 'RFC 6842: an echo is right');
      }
    },
  );

  t.test(`D4C-18 truncated, mutated and random octets never throw in ${state}`, async (t) => {
    const random = seeded(state.length);
    const client = make();
    const reply = client.reply({ options: [{ kind: 'router', value: [ADDRESS] }] });
    for (let length = 0; length < reply.length; length++) client.deliver(reply.subarray(0, length));
    for (let i = 0; i < 2000; i++) {
      const fuzzed = i % 100 === 0 ? make() : client;
      const bytes = reply.slice();
      const hits = 1 + Math.floor(random() * 8);
      for (let k = 0; k < hits; k++) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      fuzzed.deliver(bytes);
      const noise = Uint8Array.from({ length: Math.floor(random() * 700) }, () => random() * 256);
      fuzzed.deliver(noise);
    }
    t.pass('nothing was thrown');
  });
}

t.test('no option 53 is no DHCP message', async (t) => {
  const client = new SimulatedClient();
  client.up();
  client.answer({ header: { options: [{ kind: 'subnetMask', value: ip('255.255.255.0') }] } });
  t.strictSame(client.discarded(), ['incomplete']);
});

t.test('D4C-18 options of the wrong length: three octets of option 51, seven of option 3', async (t) => {
  const client = new SimulatedClient().acquire({
    lease: undefined,
    options: [
      { kind: 'raw', code: 51, data: Uint8Array.of(1, 2, 3) },
      { kind: 'raw', code: 3, data: Uint8Array.of(192, 0, 2, 1, 192, 0, 2) },
      { kind: 'raw', code: 6, data: new Uint8Array() },
    ],
  });
  t.match(client.engine.lease, { routers: [], domainNameServers: [] });
  const { acquiredAt, expiresAt } = client.engine.lease as NonNullable<typeof client.engine.lease>;
  t.ok(expiresAt - acquiredAt <= 600_000 && expiresAt - acquiredAt > 599_000, 'ten minutes, as without the option');
});

t.test('D4C-18 a DHCPACK without option 51 gets the time of its offer, or of the lease before', async (t) => {
  const client = new SimulatedClient();
  client.up();
  client.answer({ lease: 7200 });
  const requestedAt = client.now;
  client.answer({ lease: undefined });
  t.equal(client.engine.lease?.expiresAt, requestedAt + 7200_000);
  client.advance(3600_000);
  client.answer({ lease: undefined });
  t.equal(client.engine.lease?.expiresAt, requestedAt + 3600_000 + 7200_000);
});

t.test('masks that are none leave the address alone on its /32', async (t) => {
  for (const mask of ['0.0.0.0', '255.0.255.0', '0.255.255.0', '255.255.255.1']) {
    const client = new SimulatedClient().acquire({ mask: ip(mask) });
    t.match(client.engine.lease, { hasSubnetMask: false }, mask);
    t.equal(client.engine.lease?.address.toString(), '192.0.2.77/32');
  }
  const host = new SimulatedClient().acquire({ mask: ip('255.255.255.255') });
  t.match(host.engine.lease, { hasSubnetMask: true });
});

t.test('D4C-15, D4C-16 what a lease tells of routes: all routers in order, option 121 apart', async (t) => {
  const route = { destination: { address: ip('0.0.0.0'), length: 0 }, router: ip('192.0.2.9') };
  const client = new SimulatedClient().acquire({
    options: [
      { kind: 'router', value: [ip('192.0.2.1'), ip('0.0.0.0'), ip('192.0.2.3')] },
      { kind: 'domainNameServer', value: [ip('9.9.9.9'), ip('255.255.255.255'), ip('1.1.1.1')] },
      { kind: 'classlessStaticRoute', value: [route] as never },
    ],
  });
  const lease = client.engine.lease;
  t.strictSame(lease?.routers.map(String), ['192.0.2.1', '192.0.2.3']);
  t.strictSame(lease?.domainNameServers.map(String), ['9.9.9.9', '1.1.1.1']);
  t.strictSame(
    lease?.classlessRoutes?.map(({ destination, router }) => `${destination} ${router}`),
    ['0.0.0.0/0 192.0.2.9'],
  );
  t.ok(
    lease?.options.some(({ kind }) => kind === 'router'),
    'options has everything as it came',
  );
  t.equal(new SimulatedClient().acquire().engine.lease?.classlessRoutes, undefined);
});

t.test('D4C-24 DHCPFORCERENEW without authentication is ignored and told', async (t) => {
  const client = new SimulatedClient().acquire().forget();
  for (let i = 0; i < 3; i++) client.answer({ type: MessageType.forceRenew });
  t.strictSame(client.discarded(), ['unexpected-type', 'unexpected-type', 'unexpected-type']);
  t.equal(client.engine.state, 'bound');
  t.equal(client.sent().length, 0);
});

t.test('answers to nothing: duplicates of a DHCPACK, and DHCPNAKs, in BOUND', async (t) => {
  const client = new SimulatedClient();
  client.up();
  client.answer();
  const ack = client.reply();
  const nak = client.reply({ type: MessageType.nak });
  client.deliver(ack);
  const lease = client.engine.lease;
  client.forget();
  client.deliver(ack);
  client.deliver(nak);
  t.strictSame(client.discarded(), ['wrong-xid', 'wrong-xid']);
  t.equal(client.engine.lease, lease);
});

t.test('nothing is heard from a link without a carrier', async (t) => {
  const client = new SimulatedClient();
  client.up();
  const offer = client.reply();
  client.down();
  client.forget();
  client.deliver(offer);
  t.equal(client.log.length, 0);
});

t.test('D4C-23 rapid commit: only when offered, only with option 80', async (t) => {
  const rapid = { type: MessageType.ack, options: [{ kind: 'rapidCommit', value: true }] } as const;
  const plain = new SimulatedClient();
  plain.up();
  plain.answer(rapid);
  t.strictSame(plain.discarded(), ['unexpected-type'], 'it was not offered');

  const client = new SimulatedClient({ rapidCommit: true });
  client.up();
  t.ok(client.last().options.some(({ kind }) => kind === 'rapidCommit'));
  const sentAt = client.now;
  client.now += 10;
  client.answer({ type: MessageType.ack });
  client.answer({ ...rapid, server: undefined });
  client.answer({ ...rapid, yiaddr: ip('0.0.0.0') });
  t.strictSame(client.discarded(), ['unexpected-type', 'incomplete', 'not-a-host-address']);
  client.answer(rapid);
  t.equal(client.engine.state, 'bound');
  t.equal(client.sent().length, 1, 'two messages in all');
  t.equal(client.engine.lease?.expiresAt, sentAt + 3600_000, 'counted from the DHCPDISCOVER');

  const slow = new SimulatedClient({ rapidCommit: true });
  slow.up();
  slow.answer();
  t.notOk(
    slow.last().options.some(({ kind }) => kind === 'rapidCommit'),
    'RFC 4039 3.1: not in a DHCPREQUEST',
  );
  slow.answer({ server: OTHER_SERVER });
  slow.answer();
  t.equal(slow.engine.state, 'bound', 'a server without it is as good');
});

t.test('DHCPINFORM: answered once, repeated until then, again when the carrier returns', async (t) => {
  const client = new SimulatedClient();
  client.handle({ kind: 'inform', address: ip('192.0.2.5') });
  t.equal(client.engine.deadline(), undefined);
  client.up();
  client.step();
  t.strictSame(
    client.sent().map(({ type }) => type),
    [MessageType.inform, MessageType.inform],
  );
  client.answer({ type: MessageType.nak });
  client.answer({ type: MessageType.offer });
  t.strictSame(client.discarded(), ['unexpected-type', 'unexpected-type']);
  client.answer({ type: MessageType.ack, yiaddr: ip('0.0.0.0'), lease: undefined });
  const never = Number.POSITIVE_INFINITY;
  t.match(client.outputs('informed'), [{ lease: { renewAt: never, rebindAt: never, expiresAt: never } }]);
  t.equal(client.outputs('informed')[0]?.lease.address.toString(), '192.0.2.5/24');
  t.equal(client.engine.lease, undefined, 'it is no lease');
  t.equal(client.engine.deadline(), undefined);
  client.forget();
  client.advance(86_400_000);
  t.equal(client.sent().length, 0);
  client.down();
  client.up();
  t.strictSame(
    client.sent().map(({ type }) => type),
    [MessageType.inform],
  );
});

t.test('a caller that does not drain loses the least, and the memory stays bounded', async (t) => {
  const client = new SimulatedClient();
  client.up();
  const noise = new Uint8Array(10);
  const { engine } = client;
  for (let i = 0; i < 10_000; i++) {
    engine.handle({ kind: 'datagram', payload: noise, source: ADDRESS, sourcePort: 67 }, client.now);
  }
  engine.handle({ kind: 'release' }, client.now);
  let count = 0;
  let last: string | undefined;
  for (let output = engine.poll(); output !== undefined; output = engine.poll()) {
    count++;
    last = output.kind;
  }
  t.equal(count, MOST_OUTPUTS);
  t.equal(last, 'stopped', 'news of noise makes room for what matters');
});

t.test('a caller that does not drain at all loses the oldest first', async (t) => {
  const client = new SimulatedClient();
  const { engine } = client;
  engine.handle({ kind: 'carrier', up: true }, client.now);
  for (let i = 0; i < MOST_OUTPUTS; i++) {
    client.now = Math.max(client.now, engine.deadline() as number);
    engine.handle({ kind: 'timeout' }, client.now);
  }
  t.equal(engine.poll()?.kind, 'send', 'the change of state before it is gone');
});

t.test('a lease keeps its octets when the caller uses the buffer of the datagram again', async (t) => {
  // What node:dgram hands out is a Buffer, whose slice() is a view and no copy.
  const client = new SimulatedClient();
  client.up();
  client.answer();
  const datagram = Buffer.from(client.reply({ options: [{ kind: 'raw', code: 224, data: Uint8Array.of(1, 2, 3) }] }));
  const expected = new Uint8Array(datagram);
  const bound = first(client.deliver(datagram), 'bound');
  const remembered = Buffer.from(bound.ack);
  const next = new SimulatedClient({}, { remembered: { ack: remembered, ageMs: 0 } });
  datagram.fill(0xee);
  remembered.fill(0xee);
  t.strictSame(bound.ack, expected);
  next.up();
  for (const { engine } of [client, next]) {
    const kept = engine.lease?.options.find((option) => option.kind === 'raw');
    t.strictSame(kept, { kind: 'raw', code: 224, data: Uint8Array.of(1, 2, 3) });
  }
});

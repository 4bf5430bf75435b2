/** Octets that no server would send: nothing throws, nothing spins, nothing grows (D6C-27, SE-05). */
import t from 'tap';
import { MOST_OUTPUTS } from '../../src/client/output-queue.ts';
import { MessageType } from '../../src/message-type.ts';
import { iaNa, iaPd, ip, SimulatedClient, seeded } from './simulated-client.ts';

const RICH = {
  preference: 3,
  pd: [{}, { iaid: 2 }],
  na: [{}],
  options: [
    { kind: 'dnsServers', value: [ip('2001:db8::53')] },
    { kind: 'domainSearchList', value: ['example.net'] },
    { kind: 'solMaxRt', value: 3600 },
    { kind: 'rapidCommit', value: true },
  ],
} as const;

t.test('D6C-27: mutated answers in every state: nothing throws, and a good one is still taken', async (t) => {
  const config = { addresses: [{ iaid: 1 }], delegations: [{ iaid: 1 }, { iaid: 2 }], rapidCommit: true };
  for (let seed = 0; seed < 150; seed++) {
    const random = seeded(seed);
    const client = new SimulatedClient(config, { seed });
    client.up();
    for (let round = 0; round < 60; round++) {
      const type = random() < 0.5 ? undefined : Math.floor(random() * 12);
      const payload = client.reply(type === undefined ? RICH : { ...RICH, type });
      const mutations = Math.floor(random() * 4);
      for (let i = 0; i < mutations; i++) {
        payload[4 + Math.floor(random() * (payload.length - 4))] = Math.floor(random() * 256);
      }
      const length = random() < 0.2 ? Math.floor(random() * payload.length) : payload.length;
      client.deliver(payload.subarray(0, length));
      if (random() < 0.3) client.step();
      const deadline = client.engine.deadline();
      if (deadline !== undefined && Number.isNaN(deadline)) return t.fail(`seed ${seed}: the deadline is no number`);
    }
    // Whatever was granted, the client is not beyond help: when all leases have ended it starts anew.
    client.down();
    client.up();
    const isBound = (): boolean => client.engine.state === 'bound';
    for (let i = 0; i < 4000 && !isBound(); i++) {
      client.answer({ ...RICH, preference: 255 });
      if (!isBound()) client.step();
    }
    if (!isBound()) return t.fail(`seed ${seed} ends in ${client.engine.state}`);
  }
});

t.test('D6C-27: any octets at all', async (t) => {
  const random = seeded(7);
  const client = new SimulatedClient();
  client.up();
  for (let i = 0; i < 20_000; i++) {
    const payload = Uint8Array.from({ length: Math.floor(random() * 80) }, () => Math.floor(random() * 256));
    payload[0] = Math.floor(random() * 14);
    client.deliver(payload);
  }
  t.equal(client.engine.state, 'soliciting');
  t.equal(client.discarded().length, 20_000);
});

t.test('who does not drain loses the news of dropped datagrams first', async (t) => {
  const client = new SimulatedClient();
  client.up();
  for (let i = 0; i < 1000; i++) {
    client.engine.handle(
      { kind: 'datagram', payload: new Uint8Array(), source: ip('fe80::1'), sourcePort: 1 },
      client.now,
    );
  }
  const payload = client.reply({ preference: 255 });
  client.engine.handle({ kind: 'datagram', payload, source: ip('fe80::1'), sourcePort: 547 }, client.now);
  const outputs = client.handle({ kind: 'timeout' });
  t.ok(outputs.length <= MOST_OUTPUTS);
  t.ok(outputs.some((output) => output.kind === 'send' && output.messageType === MessageType.request));
});

t.test('what came in a buffer that is used again is not held on to', async (t) => {
  const client = new SimulatedClient();
  client.up();
  const deliver = (payload: Uint8Array): void => {
    const buffer = Buffer.from(payload);
    client.deliver(buffer);
    buffer.fill(0xaa);
  };
  deliver(client.reply());
  client.step();
  deliver(client.reply({ options: [{ kind: 'raw', code: 4000, data: Uint8Array.of(1, 2) }] }));
  t.match(client.configuration.options, [{ code: 4000, data: Uint8Array.of(1, 2) }]);
  t.not(client.configuration.serverIdentifier?.[0], 0xaa);
});

t.test('an IA of a kind that was not asked for is passed over', async (t) => {
  const client = new SimulatedClient();
  client.up();
  client.answer({ preference: 255, options: [iaNa({ iaid: 1 }), iaPd({ iaid: 77 })] });
  client.answer({ options: [iaNa({ iaid: 1 }), iaPd({ iaid: 77 })] });
  t.strictSame([client.prefixes(), client.configuration.addresses], [['2001:db8:1::/56'], []]);
});

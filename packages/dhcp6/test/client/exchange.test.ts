/** Ordinary exchanges: RFC 9915 sections 18.2.1 to 18.2.7, and what the messages contain. */
import t from 'tap';
import { optionValue } from '../../src/message.ts';
import { encodeMessage } from '../../src/message-codec.ts';
import { MessageType } from '../../src/message-type.ts';
import type { Option } from '../../src/option.ts';
import { StatusCode } from '../../src/status-code.ts';
import { asked, DUID, ip, OTHER_SERVER, SERVER, SimulatedClient, serverOf, status } from './simulated-client.ts';

t.test('D6C-01: Solicit, Advertise, Request, Reply give a prefix and name servers', async (t) => {
  const client = new SimulatedClient();
  client.up();
  const [solicit] = client.sent();
  t.equal(solicit?.type, MessageType.solicit);
  t.equal(client.outputs('send')[0]?.destination.toString(), 'ff02::1:2');
  t.strictSame(optionValue(solicit?.message as never, 'clientIdentifier'), DUID, 'D6C-02: the DUID as it is');
  t.equal(optionValue(solicit?.message as never, 'elapsedTime'), 0);
  t.strictSame(asked(client.last()), ['pd 1:']);
  const requested = optionValue(client.last(), 'optionRequest') ?? [];
  for (const code of [23, 24, 67, 82, 83]) t.ok(requested.includes(code), `asks for option ${code}`);
  for (const code of [1, 2, 3, 25, 32]) t.notOk(requested.includes(code), `MUST NOT ask for option ${code}`);

  client.answer();
  client.step();
  const [, request] = client.sent();
  t.equal(request?.type, MessageType.request);
  t.strictSame(serverOf(client.last()), SERVER);
  t.strictSame(asked(client.last()), ['pd 1: 2001:db8:1::/56']);
  t.not(request?.message.transactionId, solicit?.message.transactionId, 'another exchange');

  const now = client.now;
  client.answer({ options: [{ kind: 'dnsServers', value: [ip('2001:db8::53'), ip('::'), ip('ff02::1')] }] });
  t.equal(client.engine.state, 'bound');
  t.match(client.configuration, {
    serverIdentifier: SERVER,
    receivedAt: now,
    delegations: [
      {
        iaid: 1,
        renewAt: now + 1800_000,
        rebindAt: now + 2880_000,
        preferredUntil: now + 3600_000,
        validUntil: now + 7200_000,
        excluded: undefined,
      },
    ],
    addresses: [],
  });
  t.strictSame(client.prefixes(), ['2001:db8:1::/56']);
  t.strictSame(client.configuration.dnsServers.map(String), ['2001:db8::53'], 'those that can be');
  t.strictSame(client.changes(), ['new']);
  t.strictSame(client.states(), ['soliciting', 'requesting', 'bound']);
});

t.test('D6C-05: Renew at T1 to the server, Rebind at T2 to all, and nothing is solicited', async (t) => {
  const client = new SimulatedClient().acquire().forget();
  const { renewAt, rebindAt } = client.configuration.delegations[0] as { renewAt: number; rebindAt: number };
  client.advance(renewAt - client.now - 1);
  t.equal(client.sent().length, 0, 'nothing before T1');
  client.advance(1);
  t.strictSame(
    client.sent().map(({ at, type }) => [at, type]),
    [[renewAt, MessageType.renew]],
  );
  t.strictSame(serverOf(client.last()), SERVER);
  t.strictSame(asked(client.last()), ['pd 1: 2001:db8:1::/56']);
  client.advance(rebindAt - client.now - 1);
  t.ok(client.sent().every(({ type }) => type === MessageType.renew));
  client.advance(1);
  t.equal(client.last().messageType, MessageType.rebind);
  t.equal(serverOf(client.last()), undefined, 'to any server');
  t.equal(client.sent().at(-1)?.at, rebindAt);
  t.strictSame(asked(client.last()), ['pd 1: 2001:db8:1::/56']);
  client.answer({ server: OTHER_SERVER });
  t.equal(client.engine.state, 'bound');
  t.strictSame(client.configuration.serverIdentifier, OTHER_SERVER, 'whose the lease is now');
  t.strictSame(client.changes(), ['rebind']);
  t.equal(client.configuration.delegations[0]?.validUntil, client.now + 7200_000);
  client.step();
  t.strictSame(serverOf(client.last()), OTHER_SERVER, 'and who is asked at T1');
});

t.test('D6C-05: a Reply to Renew moves all times on', async (t) => {
  const client = new SimulatedClient().acquire();
  for (let i = 0; i < 5; i++) {
    client.step();
    t.equal(client.engine.state, 'renewing');
    client.now += 30;
    client.answer();
    t.equal(client.engine.state, 'bound');
    t.equal(client.configuration.delegations[0]?.renewAt, client.now + 1800_000);
  }
  t.strictSame(client.changes(), ['new', 'renew', 'renew', 'renew', 'renew', 'renew']);
});

t.test('D6C-18: Rapid Commit is offered, taken, and a Reply without it is none', async (t) => {
  const client = new SimulatedClient({ rapidCommit: true });
  client.up();
  t.equal(optionValue(client.last(), 'rapidCommit'), true);
  client.answer({ type: MessageType.reply });
  t.strictSame(client.discarded(), ['unexpected-type']);
  client.answer({ type: MessageType.reply, options: [{ kind: 'rapidCommit', value: true }] });
  t.equal(client.engine.state, 'bound');
  t.equal(client.sent().length, 1);
  t.strictSame(client.changes(), ['new']);

  const plain = new SimulatedClient();
  plain.up();
  t.equal(optionValue(plain.last(), 'rapidCommit'), undefined);
  plain.answer({ type: MessageType.reply, options: [{ kind: 'rapidCommit', value: true }] });
  t.strictSame(plain.discarded(), ['unexpected-type'], 'not when it was not offered');
});

t.test('D6C-18: with Rapid Commit offered, a server that advertises is good enough', async (t) => {
  const client = new SimulatedClient({ rapidCommit: true }).acquire();
  t.equal(client.engine.state, 'bound');
  t.equal(client.sent().length, 2);
});

t.test('D6C-21: Release has the IAs, is repeated, and ends with the Reply', async (t) => {
  const client = new SimulatedClient({ addresses: [{ iaid: 7 }] }).acquire({ pd: [{}], na: [{ iaid: 7 }] }).forget();
  client.handle({ kind: 'release' });
  t.equal(client.last().messageType, MessageType.release);
  t.strictSame(asked(client.last()), ['pd 1: 2001:db8:1::/56', 'na 7: 2001:db8::77']);
  t.strictSame(serverOf(client.last()), SERVER);
  t.strictSame(client.changes(), ['released']);
  t.equal(client.log[0]?.output.kind, 'changed', 'not used any longer before the message leaves');
  t.strictSame(client.prefixes(), []);
  client.step();
  t.equal(client.sent().length, 2);
  client.answer({ status: StatusCode.noBinding, pd: [] });
  t.equal(client.engine.state, 'stopped', 'whatever the status');
  t.equal(client.engine.deadline(), undefined);
  t.equal(client.outputs('stopped').length, 1);
});

t.test('D6C-21: a Release that nobody answers ends after four messages', async (t) => {
  const client = new SimulatedClient().acquire().forget();
  client.handle({ kind: 'release' });
  client.advance(60_000);
  t.equal(client.sent(MessageType.release).length, 4);
  t.equal(client.engine.state, 'stopped');
  client.forget();
  for (const input of [{ kind: 'release' }, { kind: 'renew' }, { kind: 'carrier', up: false }] as const) {
    client.handle(input);
  }
  client.up();
  client.advance(86_400_000);
  t.equal(client.log.length, 0, 'stopped for good');
});

t.test('D6C-21: a client that holds nothing stops without a word', async (t) => {
  const client = new SimulatedClient();
  client.up();
  client.forget();
  client.handle({ kind: 'release' });
  t.strictSame(client.sent(), []);
  t.equal(client.engine.state, 'stopped');
});

t.test('D6C-24: the source port of an answer does not matter', async (t) => {
  const client = new SimulatedClient();
  client.up();
  client.deliver(client.reply({ preference: 255 }), 40_000);
  t.equal(client.engine.state, 'requesting');
  client.deliver(client.reply(), 1);
  t.equal(client.engine.state, 'bound');
});

t.test('RFC 9915 16: what is not for this client, or not from a server, is dropped and told', async (t) => {
  const client = new SimulatedClient();
  client.up();
  const solicit = encodeMessage(client.last());
  const rows: [string, Uint8Array][] = [
    ['malformed', Uint8Array.of(7, 0)],
    ['malformed', client.reply().subarray(0, -1)],
    ['not-a-reply', solicit],
    ['not-a-reply', Uint8Array.of(13, 0, ...new Array(32).fill(0))],
    ['wrong-transaction-id', client.reply({ transactionId: client.last().transactionId ^ 1 })],
    ['wrong-client-identifier', client.reply({ client: undefined })],
    ['wrong-client-identifier', client.reply({ client: SERVER })],
    ['wrong-client-identifier', client.reply({ options: [{ kind: 'clientIdentifier', value: SERVER }] })],
    ['no-server-identifier', client.reply({ server: undefined })],
    ['unexpected-type', client.reply({ type: MessageType.reply })],
  ];
  for (const [, payload] of rows) client.deliver(payload);
  t.strictSame(
    client.discarded(),
    rows.map(([reason]) => reason),
  );
  t.equal(client.engine.state, 'soliciting');
  client.down();
  client.forget();
  client.deliver(client.reply());
  t.equal(client.log.length, 0, 'without a carrier nothing is heard');
});

t.test('D6C-11: an old answer is no answer to what is asked now', async (t) => {
  const client = new SimulatedClient();
  client.up();
  const advertise = client.reply({ preference: 255 });
  client.deliver(advertise);
  const reply = client.reply();
  client.deliver(advertise);
  client.deliver(reply);
  client.deliver(reply);
  t.strictSame(client.discarded(), ['wrong-transaction-id', 'wrong-transaction-id']);
  t.strictSame(client.changes(), ['new']);
});

t.test('a caller may renew at any time, but not in a tight loop', async (t) => {
  const client = new SimulatedClient().acquire();
  client.now += 2000;
  client.forget();
  client.handle({ kind: 'renew' });
  t.equal(client.last().messageType, MessageType.renew);
  client.answer();
  client.handle({ kind: 'renew' });
  t.equal(client.sent().length, 1);
  client.now += 1000;
  client.handle({ kind: 'renew' });
  t.equal(client.sent().length, 2);
});

t.test('elapsed time is in hundredths of a second since the first message, and stops at 0xffff', async (t) => {
  const client = new SimulatedClient();
  client.up();
  for (let i = 0; i < 14; i++) client.step();
  const times = client.sent().map(({ at, message }) => [at, optionValue(message, 'elapsedTime')] as const);
  const start = times[0]?.[0] ?? 0;
  for (const [at, elapsed] of times) t.equal(elapsed, Math.min(Math.floor((at - start) / 10), 0xffff));
  t.equal(times.at(-1)?.[1], 0xffff);
  t.equal(new Set(client.sent().map(({ message }) => message.transactionId)).size, 1, 'one exchange');
});

t.test('what a provider wants to be told is sent, what is the engine’s own is not', async (t) => {
  const client = new SimulatedClient({
    options: [
      { kind: 'raw', code: 16, data: Uint8Array.of(0, 0, 0, 9, 0, 1, 65) },
      { kind: 'raw', code: 1, data: Uint8Array.of(1) },
      status(0),
    ],
  });
  client.up();
  t.strictSame(
    client.last().options.filter(({ kind }) => kind === 'statusCode'),
    [],
  );
  t.equal(client.last().options.filter(({ kind }) => kind === 'clientIdentifier').length, 1);
  t.ok(
    Buffer.from(encodeMessage(client.last()))
      .toString('hex')
      .includes('00100007000000090001' + '41'),
  );
});

t.test('D6C-20: whatever else the server tells is asked for, and handed on decoded', async (t) => {
  const told: Option[] = [
    { kind: 'sntpServers', value: [ip('2001:db8::123')] },
    { kind: 'ntpServer', value: [{ kind: 'name', name: 'ntp.example.net' }] },
    { kind: 'domainSearchList', value: ['example.net', 'example.org'] },
    { kind: 'aftrName', value: 'aftr.example.net' },
    { kind: 'raw', code: 4711, data: Uint8Array.of(1, 2, 3) },
  ];
  const client = new SimulatedClient();
  client.up();
  const requested = optionValue(client.last(), 'optionRequest') ?? [];
  for (const code of [21, 22, 23, 24, 31, 56, 64, 94, 95, 96, 103, 144])
    t.ok(requested.includes(code), `option ${code}`);
  client.acquire({ options: told });
  t.strictSame(client.configuration.options, told);
  t.strictSame(client.configuration.domainSearchList, ['example.net', 'example.org']);
});

/** Parameters without leases: RFC 9915 sections 18.2.6, 18.2.10.4 and 21.23 (D6C-19). */
import t from 'tap';
import { optionValue } from '../../src/message.ts';
import { MessageType } from '../../src/message-type.ts';
import { StatusCode } from '../../src/status-code.ts';
import { asked, ip, SERVER, SimulatedClient } from './simulated-client.ts';

const DNS = { kind: 'dnsServers', value: [ip('2001:db8::53')] } as const;
const DAY = 86_400_000;

/** A stateless client that has been answered with these options. */
function informed(
  ...options: NonNullable<Parameters<SimulatedClient['reply']>[0]>['options'] & object
): SimulatedClient {
  const client = new SimulatedClient({ stateless: true });
  client.up();
  client.answer({ pd: [], options });
  return client;
}

t.test('D6C-19: Information-request has no IA, asks for the refresh time, and brings parameters', async (t) => {
  const client = new SimulatedClient({ stateless: true, addresses: [{ iaid: 1 }] });
  client.up();
  t.equal(client.last().messageType, MessageType.informationRequest);
  t.strictSame(asked(client.last()), []);
  for (const code of [23, 32, 83]) t.ok(optionValue(client.last(), 'optionRequest')?.includes(code), `option ${code}`);
  client.answer({ pd: [], options: [DNS, { kind: 'domainSearchList', value: ['example.net'] }] });
  t.strictSame(client.changes(), ['information']);
  t.match(client.configuration, { serverIdentifier: SERVER, delegations: [], domainSearchList: ['example.net'] });
  t.strictSame(client.configuration.dnsServers.map(String), ['2001:db8::53']);
  t.equal(client.sent(MessageType.solicit).length, 0, 'no prefix is asked for');
});

t.test('D6C-19: refreshed when it says so, a day by default, ten minutes at least, never for 0xffffffff', async (t) => {
  for (const [value, wait] of [
    [undefined, DAY],
    [7200, 7_200_000],
    [600, 600_000],
    [599, 600_000],
    [0, 600_000],
  ] as const) {
    const client = informed(DNS, ...(value === undefined ? [] : [{ kind: 'informationRefreshTime', value } as const]));
    const begun = client.now;
    client.forget();
    client.step();
    t.equal(client.now - begun, wait, `${value}`);
    t.equal(client.last().messageType, MessageType.informationRequest);
  }
  const client = informed(DNS, { kind: 'informationRefreshTime', value: 0xffffffff });
  t.equal(client.engine.deadline(), undefined);
});

t.test('D6C-19: asked again when the link was away', async (t) => {
  const client = informed(DNS, { kind: 'informationRefreshTime', value: 0xffffffff });
  client.down();
  client.forget();
  client.up();
  t.equal(client.sent(MessageType.informationRequest).length, 1);
  t.strictSame(client.configuration.dnsServers.map(String), ['2001:db8::53'], 'known meanwhile');
});

t.test('D6C-19: a failure, or an answer to something else, leaves the question open', async (t) => {
  const client = new SimulatedClient({ stateless: true });
  client.up();
  client.answer({ pd: [], status: StatusCode.unspecFail });
  client.answer({ pd: [], transactionId: 1 });
  t.strictSame(client.discarded(), ['failed', 'wrong-transaction-id']);
  client.step();
  t.equal(client.sent(MessageType.informationRequest).length, 2);
});

t.test('D6C-19: only flag O: parameters are asked for beside the Solicit that nobody answers', async (t) => {
  const client = new SimulatedClient();
  client.up();
  client.handle({ kind: 'router', managed: false, otherConfig: true });
  t.strictSame(
    client.sent().map(({ type }) => type),
    [MessageType.solicit, MessageType.informationRequest],
  );
  const solicit = client.sent()[0]?.message.transactionId;
  client.answer({ pd: [], type: MessageType.reply, options: [DNS] });
  t.strictSame(client.configuration.dnsServers.map(String), ['2001:db8::53']);
  t.equal(client.engine.state, 'soliciting', 'and a prefix is wanted all the same');
  client.answer({ type: MessageType.advertise, preference: 255, transactionId: solicit as number });
  client.answer({ options: [{ kind: 'dnsServers', value: [ip('2001:db8::54')] }] });
  t.strictSame(client.configuration.dnsServers.map(String), ['2001:db8::54'], 'what comes with leases counts');
  client.forget();
  client.advance(1000);
  t.equal(client.sent().length, 0);
});

t.test('D6C-19: flag M, or none, or no router at all: Solicit it is', async (t) => {
  for (const flags of [
    { managed: true, otherConfig: true },
    { managed: true, otherConfig: false },
    { managed: false, otherConfig: false },
  ]) {
    const client = new SimulatedClient();
    client.up();
    client.handle({ kind: 'router', ...flags });
    client.advance(60_000);
    t.ok(client.sent().every(({ type }) => type === MessageType.solicit));
  }
});

t.test('D6C-19: a client that wants no leases at all asks for parameters', async (t) => {
  const client = new SimulatedClient({ delegations: [], addresses: [] });
  client.up();
  t.strictSame(
    client.sent().map(({ type }) => type),
    [MessageType.informationRequest],
  );
});

import { createHmac } from 'node:crypto';
import { bytesEqual } from '@router7/wire';
import t from 'tap';
import {
  type ClientServerMessage,
  decodeMessage,
  MessageType,
  type Option,
  optionValue,
  type ServerSend,
} from '../../src/index.ts';
import {
  addressesOf,
  homeConfig,
  iaNa,
  iaPd,
  lasting,
  lines,
  net,
  prefixesOf,
  SimulatedClient,
  SimulatedServer,
} from './simulated-server.ts';

const accept: Option = { kind: 'reconfigureAccept', value: true };
const elsewhere = homeConfig(
  { delegations: [{ ...lasting('2001:db8:2::/56'), taken: [net('2001:db8:2::/64')] }] },
  { prefixes: [lasting('2001:db8:2::/64'), lasting('fd00:7::/64')] },
);

function reconfigure(send: ServerSend | undefined): ClientServerMessage | undefined {
  const message = send && (decodeMessage(send.payload) as ClientServerMessage);
  return message?.messageType === MessageType.reconfigure ? message : undefined;
}

t.test('L-13: after a renumbering a Renew brings the new address, and the old one with lifetimes of 0', (t) => {
  const server = new SimulatedServer();
  const client = new SimulatedClient(server);
  const before = client.obtain(iaNa(1), iaPd(1));
  const old = addressesOf(before).map(({ address }) => String(address));
  const host = old[0]?.split('::')[1];
  server.restart(elsewhere);
  const shown = before.message.options.filter(({ kind }) => kind === 'iaNa' || kind === 'iaPd');
  const reply = client.ask(MessageType.renew, ...shown);
  t.strictSame(lines(addressesOf(reply)), [
    `2001:db8:2::${host} 2700 5400`,
    `fd00:7::${host} 2700 5400`,
    `2001:db8:1::${host} 0 0`,
  ]);
  t.strictSame(lines(prefixesOf(reply)), ['2001:db8:2:80::/64 2700 5400', '2001:db8:1:80::/64 0 0']);
  const again = client.ask(MessageType.renew, ...(reply?.message.options ?? []).filter(({ kind }) => kind === 'iaPd'));
  t.match(lines(prefixesOf(again)), [/ 2700 5400$/, / 0 0$/], 'as long as the client shows it');
  t.strictSame(lines(prefixesOf(client.ask(MessageType.renew, iaPd(1, '2001:db8:2:80::/64')))), [
    '2001:db8:2:80::/64 2700 5400',
  ]);
  t.end();
});

t.test('L-13: a client that does not show the old address is told all the same, once', (t) => {
  const server = new SimulatedServer();
  const client = new SimulatedClient(server);
  client.obtain(iaPd(1));
  server.restart(elsewhere);
  t.match(lines(prefixesOf(client.ask(MessageType.rebind, iaPd(1)))), [/^2001:db8:2:80::/, '2001:db8:1:80::/64 0 0']);
  t.equal(prefixesOf(client.ask(MessageType.rebind, iaPd(1))).length, 1);
  t.end();
});

t.test('D6S-04, L-13: clients that accept it get a key, and a Reconfigure that it signs (section 20.4)', (t) => {
  const server = new SimulatedServer();
  const client = new SimulatedClient(server);
  const other = new SimulatedClient(server, 2);
  const reply = client.obtain(iaNa(1), iaPd(1), accept);
  other.obtain(iaNa(1));
  t.equal(optionValue(reply.message, 'reconfigureAccept'), true);
  const handed = optionValue(reply.message, 'authentication');
  t.strictSame([handed?.protocol, handed?.algorithm, handed?.replayDetectionMethod], [3, 1, 0]);
  t.equal(handed?.information[0], 1, 'a key');
  const key = handed?.information.slice(1) ?? new Uint8Array();
  t.equal(key.length, 16);
  server.advance(1000);
  server.restart(elsewhere);
  server.sent = [];
  server.advance(0);
  t.equal(server.sent.length, 1, 'the other one did not accept it');
  const [send] = server.sent;
  const message = reconfigure(send);
  t.equal(message?.transactionId, 0, 'MUST be 0');
  t.ok(send?.destination.equals(client.address));
  t.equal(send?.port, 546);
  t.equal(message && optionValue(message, 'reconfigureMessage'), MessageType.renew);
  t.ok(message && bytesEqual(optionValue(message, 'clientIdentifier') ?? new Uint8Array(), client.duid));
  const authentication = message && optionValue(message, 'authentication');
  t.equal(authentication?.information[0], 2, 'a digest');
  t.ok((authentication?.replayDetection ?? 0n) > (handed?.replayDetection ?? 0n), 'MUST be increasing');
  const octets = send?.payload.slice() ?? new Uint8Array();
  const digest = octets.slice(-16);
  octets.fill(0, octets.length - 16);
  t.ok(createHmac('md5', key).update(octets).digest().equals(digest), 'over the message with a digest of zeros');
  t.end();
});

t.test('a Reconfigure is repeated as section 7.6 has it, until the client comes', (t) => {
  const server = new SimulatedServer();
  const client = new SimulatedClient(server);
  client.obtain(iaPd(1), accept);
  server.restart(elsewhere);
  server.sent = [];
  const start = server.now;
  const times: number[] = [];
  for (let step = 0; step < 6000; step++) {
    server.advance(100);
    for (const send of server.sent.splice(0)) if (reconfigure(send) !== undefined) times.push(server.now - start);
  }
  t.strictSame(
    times.map((time) => Math.floor(time / 1000)),
    [0, 2, 6, 14, 30, 62, 126, 254],
    'REC_TIMEOUT of 2 s doubled, REC_MAX_RC of 8',
  );
  server.restart(homeConfig());
  server.restart(elsewhere);
  server.advance(0);
  t.equal(server.sent.splice(0).length, 1, 'told again by a server that starts anew');
  client.ask(MessageType.renew, iaPd(1));
  server.sent = [];
  server.advance(100_000);
  t.equal(server.sent.length, 0);
  server.restart(elsewhere);
  server.advance(100_000);
  t.equal(server.sent.length, 0, 'it has nothing stale any more');
  t.end();
});

t.test('of many clients so many are asked at a time, and of those that have not come', (t) => {
  const server = new SimulatedServer();
  const clients = Array.from({ length: 150 }, (_, number) => new SimulatedClient(server, number + 1));
  for (const client of clients) client.obtain(iaNa(1), iaPd(1), accept);
  server.restart(elsewhere);
  server.sent = [];
  const start = server.now;
  /** How many were asked at each time that the engine wanted to be woken up at. */
  const asked = (until: number): [at: number, count: number][] => {
    const rounds: [at: number, count: number][] = [];
    for (let at = server.engine.deadline(); at !== undefined && at <= start + until; at = server.engine.deadline()) {
      server.advance(Math.max(at - server.now, 0));
      rounds.push([server.now - start, server.sent.splice(0).length]);
    }
    return rounds;
  };
  t.strictSame(asked(1000), [
    [0, 64],
    [50, 64],
    [100, 22],
  ]);
  for (const client of [...clients.slice(0, 70), ...clients.slice(140)])
    client.ask(MessageType.renew, iaNa(1), iaPd(1));
  server.sent = [];
  t.strictSame(asked(2100), [
    [2050, 58],
    [2100, 12],
  ]);
  t.end();
});

t.test('D6S-04: a client has come also when its Renew is a plain one of what goes on as it was', (t) => {
  const server = new SimulatedServer();
  const client = new SimulatedClient(server);
  client.obtain(iaNa(1), iaPd(1), accept);
  server.restart(homeConfig({ delegations: [{ ...lasting('2001:db8:2::/56'), taken: [] }] }));
  server.sent = [];
  server.advance(0);
  t.ok(reconfigure(server.sent[0]), 'its prefix is gone');
  t.equal(addressesOf(client.ask(MessageType.renew, iaNa(1))).length, 2);
  server.sent = [];
  server.advance(600_000);
  t.strictSame(server.sent, [], 'it is not asked again');
  t.end();
});

t.test('nobody is asked to reconfigure without the means to sign, or when it is switched off', (t) => {
  const server = new SimulatedServer(homeConfig({ reconfigure: false }));
  const client = new SimulatedClient(server);
  const reply = client.obtain(iaPd(1), accept);
  t.equal(optionValue(reply.message, 'reconfigureAccept'), undefined);
  t.equal(optionValue(reply.message, 'authentication'), undefined);
  server.restart({ ...elsewhere, reconfigure: false });
  server.sent = [];
  server.advance(10_000);
  t.equal(server.sent.length, 0);
  t.end();
});

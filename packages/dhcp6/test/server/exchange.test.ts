import { bytesEqual } from '@router7/wire';
import t from 'tap';
import { leasedAddresses, MessageType, type Option, optionValue, StatusCode } from '../../src/index.ts';
import {
  addressesOf,
  homeConfig,
  iaNa,
  iaPd,
  ip,
  lasting,
  lines,
  prefixesOf,
  SERVER_DUID,
  SimulatedClient,
  SimulatedServer,
  statuses,
} from './simulated-server.ts';

t.test('D6S-02, L-16: Solicit, Advertise, Request, Reply: an address in every prefix of the link', (t) => {
  const server = new SimulatedServer();
  const client = new SimulatedClient(server);
  const offer = client.ask(MessageType.solicit, iaNa(1), { kind: 'optionRequest', value: [23] });
  t.equal(offer?.message.messageType, MessageType.advertise);
  t.equal(offer?.send.durable, false);
  t.equal(offer?.send.port, 546);
  t.equal(offer?.send.link, 'lan0');
  t.ok(offer?.send.destination.equals(client.address));
  t.equal(offer && optionValue(offer.message, 'preference'), 0);
  t.ok(bytesEqual((offer && optionValue(offer.message, 'serverIdentifier')) ?? new Uint8Array(), SERVER_DUID));
  t.ok(bytesEqual((offer && optionValue(offer.message, 'clientIdentifier')) ?? new Uint8Array(), client.duid));
  t.strictSame(offer && optionValue(offer.message, 'dnsServers'), [ip('fe80::1')], 'asked for');
  t.equal(offer && optionValue(offer.message, 'domainSearchList'), undefined, 'not asked for');
  t.equal(server.table.size, 0, 'an offer is written down nowhere');

  const reply = client.obtain(iaNa(1));
  t.equal(reply.message.messageType, MessageType.reply);
  t.equal(reply.send.durable, true, 'waits for the disk');
  const [global, local] = addressesOf(reply);
  t.strictSame(lines(addressesOf(reply)), lines(addressesOf(offer)), 'as offered');
  t.match(String(global?.address), /^2001:db8:1::[1-9a-f][0-9a-f]{3}$/, 'a low host part');
  t.match(String(local?.address), /^fd00:7::/, 'GUA before ULA');
  t.strictSame([global?.preferredLifetimeSeconds, global?.validLifetimeSeconds], [2700, 5400], 'RFC 9096 3.4');
  const ia = optionValue(reply.message, 'iaNa');
  t.strictSame([ia?.iaid, ia?.t1Seconds, ia?.t2Seconds], [1, 1350, 2160]);
  t.equal(server.engine.activeLeases, 1);
  t.strictSame(
    [...server.table.values()].map((lease) => leasedAddresses(lease).map(String)),
    [addressesOf(reply).map(({ address }) => String(address))],
  );
  t.end();
});

t.test(
  'D6S-02: a client gets the same address from a server that has forgotten it, and each association its own',
  (t) => {
    const first = new SimulatedServer();
    const again = new SimulatedServer();
    const addresses = (server: SimulatedServer, iaid: number): string[] =>
      lines(addressesOf(new SimulatedClient(server).obtain(iaNa(iaid))));
    t.strictSame(addresses(first, 7), addresses(again, 7));
    t.notSame(addresses(first, 8), addresses(again, 7));
    t.strictSame(addresses(first, 7), addresses(again, 7), 'and again while it has it');
    t.equal(first.table.size, 2);
    t.end();
  },
);

t.test('D6S-02: reservations by DUID, and by DUID and IAID', (t) => {
  const duid = new SimulatedClient(new SimulatedServer(), 9).duid;
  const reservations = [
    { duid, host: 0x42 },
    { duid, iaid: 5, host: 0x43 },
  ];
  const server = new SimulatedServer(homeConfig({}, { reservations, prefixes: [lasting('2001:db8:1::/64')] }));
  const client = new SimulatedClient(server, 9);
  t.equal(String(addressesOf(client.obtain(iaNa(5)))[0]?.address), '2001:db8:1::43');
  t.equal(String(addressesOf(client.obtain(iaNa(1)))[0]?.address), '2001:db8:1::42');
  t.not(String(addressesOf(client.obtain(iaNa(2)))[0]?.address), '2001:db8:1::42', 'the one association has it');
  server.restart(homeConfig({}, { kept: [0x1234] }));
  t.notMatch(lines(addressesOf(client.obtain(iaNa(9, '2001:db8:1::1234')))), [/::1234 /], 'the router has it');
  const other = new SimulatedClient(server, 10);
  t.not(String(addressesOf(other.obtain(iaNa(1, '2001:db8:1::43')))[0]?.address), '2001:db8:1::43');
  t.end();
});

t.test('rapid commit (section 18.3.1), when both want it', (t) => {
  const server = new SimulatedServer();
  const client = new SimulatedClient(server);
  const rapid: Option = { kind: 'rapidCommit', value: true };
  const reply = client.ask(MessageType.solicit, iaNa(1), rapid);
  t.equal(reply?.message.messageType, MessageType.reply);
  t.equal(reply?.send.durable, true);
  t.equal(reply && optionValue(reply.message, 'rapidCommit'), true, 'MUST include a Rapid Commit option');
  t.equal(server.table.size, 1);
  server.restart(homeConfig({ rapidCommit: false }));
  t.equal(client.ask(MessageType.solicit, iaNa(2), rapid)?.message.messageType, MessageType.advertise);
  t.end();
});

t.test('L-8: a stateless link has parameters, and says that it has no addresses', (t) => {
  const server = new SimulatedServer(homeConfig({}, { addresses: false }));
  const client = new SimulatedClient(server);
  const offer = client.ask(MessageType.solicit, iaNa(1), iaPd(1));
  t.strictSame(statuses(offer), [StatusCode.success, StatusCode.noAddrsAvail, StatusCode.success]);
  t.equal(prefixesOf(offer).length, 1, 'but prefixes');
  const reply = client.ask(MessageType.request, iaNa(1));
  t.strictSame(statuses(reply), [StatusCode.success, StatusCode.noAddrsAvail, undefined]);
  t.equal(reply?.send.durable, false, 'nothing was promised');
  t.equal(server.table.size, 0);
  t.end();
});

t.test('a Request for an address of another link is told NotOnLink (section 18.3.2)', (t) => {
  const server = new SimulatedServer();
  const client = new SimulatedClient(server);
  const reply = client.ask(MessageType.request, iaNa(1, '2001:db8:99::1'), iaPd(1));
  t.strictSame(statuses(reply), [StatusCode.success, StatusCode.notOnLink, StatusCode.success]);
  t.equal(server.table.size, 1, 'the prefix is granted all the same');
  t.end();
});

t.test('D6S-04: Renew and Rebind prolong', (t) => {
  for (const type of [MessageType.renew, MessageType.rebind]) {
    const server = new SimulatedServer();
    const client = new SimulatedClient(server);
    const first = client.obtain(iaNa(1), iaPd(1));
    const shown = first.message.options.filter(({ kind }) => kind === 'iaNa' || kind === 'iaPd');
    server.advance(1_350_000);
    server.takeEvents();
    const reply = client.ask(type, ...shown);
    t.strictSame(lines(addressesOf(reply)), lines(addressesOf(first)));
    t.strictSame(lines(prefixesOf(reply)), lines(prefixesOf(first)));
    t.equal(reply?.send.durable, true);
    t.strictSame(
      server.takeEvents().map((event) => event.kind === 'lease' && event.what),
      ['renewed', 'renewed'],
    );
    server.advance(5_399_000);
    t.equal(server.engine.activeLeases, 2);
    server.advance(2000);
    t.equal(server.engine.activeLeases, 0, 'over when the last valid lifetime is');
    t.strictSame(
      server.takeEvents().map((event) => event.kind === 'lease' && event.what),
      ['expired', 'expired'],
    );
    t.strictSame(lines(addressesOf(client.obtain(iaNa(1)))), lines(addressesOf(first)), 'remembered');
  }
  t.end();
});

t.test('D6S-04: a Renew that the table does not know keeps the client where it is', (t) => {
  const server = new SimulatedServer();
  const client = new SimulatedClient(server);
  const reply = client.ask(MessageType.renew, iaNa(1, '2001:db8:1::2345'), iaPd(1, '2001:db8:1:30::/60'));
  t.equal(String(addressesOf(reply)[0]?.address), '2001:db8:1::2345');
  t.equal(String(prefixesOf(reply)[0]?.prefix), '2001:db8:1:30::/60');
  const thief = new SimulatedClient(server, 2);
  const other = thief.ask(MessageType.rebind, iaNa(1, '2001:db8:1::2345'));
  const [own, , stale] = lines(addressesOf(other));
  t.not(own?.split(' ')[0], '2001:db8:1::2345', 'it is somebody else now');
  t.equal(stale, '2001:db8:1::2345 0 0', 'and the other client is to let it go');
  t.end();
});

t.test('a Renew for which there is nothing is told so (RFC 9915 18.3.4)', (t) => {
  const server = new SimulatedServer(homeConfig({ delegations: [] }, { addresses: false }));
  const client = new SimulatedClient(server);
  t.strictSame(statuses(client.ask(MessageType.renew, iaNa(1), iaPd(1))), [
    0,
    StatusCode.noAddrsAvail,
    StatusCode.noPrefixAvail,
  ]);
  t.strictSame(lines(addressesOf(client.ask(MessageType.rebind, iaNa(1, '2001:db8:9::1')))), ['2001:db8:9::1 0 0']);
  t.end();
});

t.test(
  'D6S-04: Confirm tells whether the addresses are of the link, and is silent when it cannot (section 18.3.3)',
  (t) => {
    const server = new SimulatedServer();
    const client = new SimulatedClient(server);
    t.strictSame(statuses(client.ask(MessageType.confirm, iaNa(1, '2001:db8:1::5'))), [
      StatusCode.success,
      undefined,
      undefined,
    ]);
    t.strictSame(statuses(client.ask(MessageType.confirm, iaNa(1, '2001:db8:1::5', '2001:db8:2::5'))), [
      StatusCode.notOnLink,
      undefined,
      undefined,
    ]);
    t.equal(client.ask(MessageType.confirm, iaNa(1)), undefined);
    server.restart(homeConfig({}, { prefixes: [] }));
    t.equal(client.ask(MessageType.confirm, iaNa(1, '2001:db8:1::5')), undefined);
    t.strictSame(server.discards(), ['cannot-tell', 'cannot-tell']);
    t.end();
  },
);

t.test('D6S-04: Release ends what is shown, and knows what it does not know', (t) => {
  const server = new SimulatedServer();
  const client = new SimulatedClient(server);
  const reply = client.obtain(iaNa(1));
  const address = String(addressesOf(reply)[0]?.address);
  t.strictSame(statuses(client.ask(MessageType.release, iaNa(2, address))), [0, StatusCode.noBinding, undefined]);
  client.ask(MessageType.release, iaNa(1, '2001:db8:1::1'));
  t.equal(server.engine.activeLeases, 1, 'not its address');
  const released = client.ask(MessageType.release, iaNa(1, address));
  t.strictSame(statuses(released), [0, undefined, undefined], 'Success, and no IA');
  t.equal(released?.send.durable, true);
  t.equal(server.engine.activeLeases, 0);
  const again = client.ask(MessageType.release, iaNa(1, address));
  t.strictSame(statuses(again), [0, StatusCode.noBinding, undefined], 'again');
  t.equal(again?.send.durable, true, 'waits for what the first one has written');
  t.equal(String(addressesOf(client.obtain(iaNa(1)))[0]?.address), address, 'for its return');
  t.end();
});

t.test('D6S-04: Decline takes the address away from everyone for a day', (t) => {
  const server = new SimulatedServer();
  const client = new SimulatedClient(server);
  const address = String(addressesOf(client.obtain(iaNa(1)))[0]?.address);
  t.strictSame(statuses(client.ask(MessageType.decline, iaNa(1, address))), [0, undefined, undefined]);
  t.strictSame(statuses(client.ask(MessageType.decline, iaNa(1, address))), [0, StatusCode.noBinding, undefined]);
  t.not(String(addressesOf(client.obtain(iaNa(1, address)))[0]?.address), address);
  t.not(String(addressesOf(new SimulatedClient(server, 2).obtain(iaNa(1, address)))[0]?.address), address);
  server.restart();
  t.not(
    String(addressesOf(new SimulatedClient(server, 3).obtain(iaNa(1, address)))[0]?.address),
    address,
    'after a restart',
  );
  server.advance(86_400_000);
  t.equal(String(addressesOf(new SimulatedClient(server, 4).obtain(iaNa(1, address)))[0]?.address), address);
  t.end();
});

t.test('declines of made-up clients leave three quarters of the addresses', (t) => {
  const server = new SimulatedServer(homeConfig({}, { firstHost: 0x100, lastHost: 0x100 + 39 }));
  for (let number = 1; number <= 60; number++) {
    const client = new SimulatedClient(server, number);
    const reply = client.obtain(iaNa(1));
    client.ask(MessageType.decline, ...reply.message.options.filter(({ kind }) => kind === 'iaNa'));
  }
  t.equal(server.table.size, 10);
  t.end();
});

t.test('D6S-01: Information-request: parameters for whoever asks, with or without a name', (t) => {
  const server = new SimulatedServer();
  const client = new SimulatedClient(server);
  const all = client.ask(MessageType.informationRequest, { kind: 'optionRequest', value: [23, 24, 32, 23, 1, 999] });
  t.strictSame(
    all?.message.options.map(({ kind }) => kind),
    ['serverIdentifier', 'clientIdentifier', 'raw', 'raw', 'raw'].map((kind, at) =>
      at < 2 ? kind : ['dnsServers', 'domainSearchList', 'informationRefreshTime'][at - 2],
    ),
  );
  t.equal(all && optionValue(all.message, 'informationRefreshTime'), 3600);
  const anonymous = server.receive({
    messageType: MessageType.informationRequest,
    transactionId: 5,
    options: [{ kind: 'optionRequest', value: [23] }],
  });
  t.equal(anonymous.length, 1);
  t.equal(server.table.size, 0);
  t.end();
});

t.test('what section 16 has servers discard', (t) => {
  const server = new SimulatedServer();
  const client = new SimulatedClient(server);
  const id: Option = { kind: 'clientIdentifier', value: client.duid };
  const ours: Option = { kind: 'serverIdentifier', value: SERVER_DUID };
  const theirs: Option = { kind: 'serverIdentifier', value: Uint8Array.of(0, 4, 9) };
  const cases: readonly [name: string, type: number, options: readonly Option[], reason: string][] = [
    ['Solicit without client', MessageType.solicit, [iaNa(1)], 'not-valid'],
    ['Solicit with server', MessageType.solicit, [id, ours], 'not-valid'],
    ['Request without server', MessageType.request, [id], 'not-valid'],
    ['Request to another server', MessageType.request, [id, theirs, iaNa(1)], 'other-server'],
    ['Request without client', MessageType.request, [ours], 'not-valid'],
    ['Confirm with server', MessageType.confirm, [id, ours], 'not-valid'],
    ['Renew to another server', MessageType.renew, [id, theirs], 'other-server'],
    ['Renew without server', MessageType.renew, [id], 'not-valid'],
    ['Rebind with server', MessageType.rebind, [id, ours], 'not-valid'],
    ['Release to another server', MessageType.release, [id, theirs], 'other-server'],
    ['Decline without server', MessageType.decline, [id], 'not-valid'],
    ['Information-request to another server', MessageType.informationRequest, [theirs], 'other-server'],
    ['Information-request with an IA', MessageType.informationRequest, [id, iaNa(1)], 'not-valid'],
    ['Advertise', MessageType.advertise, [id, ours], 'unexpected-type'],
    ['Reply', MessageType.reply, [id, ours], 'unexpected-type'],
    ['Reconfigure', MessageType.reconfigure, [id, ours], 'unexpected-type'],
    ['an unknown type', 200, [id], 'unexpected-type'],
  ];
  for (const [name, messageType, options, reason] of cases) {
    t.strictSame(server.receive({ messageType, transactionId: 1, options }), [], name);
    t.strictSame(server.discards(), [reason], name);
  }
  const solicit = client.message(MessageType.solicit, [iaNa(1)]);
  server.receive(solicit, client.address, { unicast: true });
  server.receive(solicit, ip('2001:db8:1::5'));
  server.receive(solicit, client.address, { link: 'lan7' });
  server.receive(Uint8Array.of(1, 2));
  t.strictSame(server.discards(), ['unicast', 'not-link-local', 'no-link', 'malformed']);
  t.end();
});

import t from 'tap';
import {
  type ClientServerMessage,
  decodeMessage,
  MessageType,
  type Option,
  optionValues,
  StatusCode,
} from '../../src/index.ts';
import {
  addressesOf,
  homeConfig,
  iaNa,
  iaPd,
  ip,
  lasting,
  lines,
  net,
  prefixesOf,
  SimulatedClient,
  SimulatedServer,
  statuses,
} from './simulated-server.ts';

t.test('D6S-02: what is reserved for a client that is away, or is out of the range now, goes to nobody else', (t) => {
  const { duid } = new SimulatedClient(new SimulatedServer(), 1);
  const one = { firstHost: 0x1000, lastHost: 0x1000, prefixes: [lasting('2001:db8:1::/64')] };
  const server = new SimulatedServer(homeConfig({}, { ...one, reservations: [{ duid, host: 0x2000 }] }));
  const [owner, other, third] = [1, 2, 3].map((number) => new SimulatedClient(server, number)) as [
    SimulatedClient,
    SimulatedClient,
    SimulatedClient,
  ];
  owner.obtain(iaNa(1));
  other.obtain(iaNa(1));
  owner.ask(MessageType.release, iaNa(1, '2001:db8:1::2000'));
  t.equal(statuses(third.ask(MessageType.solicit, iaNa(1)))[1], StatusCode.noAddrsAvail);
  t.strictSame(lines(addressesOf(owner.obtain(iaNa(1)))), ['2001:db8:1::2000 2700 5400']);
  server.restart(homeConfig({}, { ...one, firstHost: 0x1001, lastHost: 0x1001 }));
  other.ask(MessageType.release, iaNa(1, '2001:db8:1::1000'));
  new SimulatedClient(server, 4).obtain(iaNa(1));
  t.equal(statuses(third.ask(MessageType.solicit, iaNa(1)))[1], StatusCode.noAddrsAvail, 'the old range');
  t.end();
});

t.test('LPD-1: a router whose wish is too large keeps what it got, each time that it starts', (t) => {
  const delegations = [{ ...lasting('2001:db8:1::/60'), taken: [net('2001:db8:1::/64')] }];
  const client = new SimulatedClient(new SimulatedServer(homeConfig({ delegations })));
  const first = lines(prefixesOf(client.obtain(iaPd(1, '::/56'))));
  t.strictSame(first, ['2001:db8:1:8::/61 2700 5400']);
  t.strictSame(lines(prefixesOf(client.obtain(iaPd(1, '::/56')))), first);
  t.end();
});

t.test('two associations of one Solicit are offered different things, and none is offered twice', (t) => {
  const server = new SimulatedServer();
  const client = new SimulatedClient(server);
  const offers = (): string[] => {
    const offer = client.ask(MessageType.solicit, iaPd(1), iaPd(2), iaPd(2, '::/60'));
    return optionValues((offer as { message: ClientServerMessage }).message, 'iaPd').flatMap((ia) =>
      lines(optionValues(ia, 'iaPrefix')),
    );
  };
  t.strictSame(offers(), ['2001:db8:1:80::/64 2700 5400', '2001:db8:1:81::/64 2700 5400']);
  t.strictSame(offers(), ['2001:db8:1:80::/64 2700 5400', '2001:db8:1:81::/64 2700 5400'], 'nothing is left held');
  t.end();
});

t.test('LPD-4: a place that a link of the home had in between is not given back when others have parts of it', (t) => {
  const lan = net('2001:db8:1::/64');
  const having = (...taken: string[]) =>
    homeConfig({ delegations: [{ ...lasting('2001:db8:1::/56'), taken: [lan, ...taken.map((text) => net(text))] }] });
  const server = new SimulatedServer(having());
  const [large, small, third] = [1, 2, 3].map((number) => new SimulatedClient(server, number)) as [
    SimulatedClient,
    SimulatedClient,
    SimulatedClient,
  ];
  t.strictSame(lines(prefixesOf(large.obtain(iaPd(1, '::/60')))), ['2001:db8:1:80::/60 2700 5400']);
  server.restart(having('2001:db8:1:80::/64'));
  server.advance(1000);
  t.strictSame(lines(prefixesOf(small.obtain(iaPd(1)))), ['2001:db8:1:81::/64 2700 5400']);
  server.restart(having());
  t.notMatch(lines(prefixesOf(large.obtain(iaPd(1, '::/60')))), [/:80::/]);
  t.strictSame(lines(prefixesOf(small.ask(MessageType.renew, iaPd(1)))), ['2001:db8:1:81::/64 2700 5400']);
  t.notMatch(lines(prefixesOf(third.obtain(iaPd(1)))), [/:81::/]);
  t.end();
});

t.test('T1 and T2 are the same in all associations of an answer (RFC 9915 18.3.2)', (t) => {
  const end = 1_600_000;
  const delegations = [{ ...lasting('2001:db8:1::/56', end, end), taken: [net('2001:db8:1::/64')] }];
  const client = new SimulatedClient(new SimulatedServer(homeConfig({ delegations })));
  for (const type of [MessageType.solicit, MessageType.request, MessageType.renew]) {
    const answer = client.ask(type, iaNa(1), iaPd(2));
    t.strictSame(times(answer?.message.options), ['iaNa 300 480', 'iaPd 300 480']);
  }
  const answer = client.ask(MessageType.request, iaNa(1), iaNa(3, '2001:db8:9::1'));
  t.strictSame(times(answer?.message.options), ['iaNa 1350 2160', 'iaNa 0 0'], 'one that has nothing has no times');
  t.end();
});

t.test('who says Rebind without a binding gets one where Rapid Commit would give it one (RFC 9915 18.3.5)', (t) => {
  const client = new SimulatedClient(new SimulatedServer(homeConfig({ rapidCommit: false })));
  t.equal(statuses(client.ask(MessageType.rebind, iaNa(1)))[1], StatusCode.noBinding);
  t.equal(addressesOf(client.ask(MessageType.renew, iaNa(1))).length, 2);
  t.equal(addressesOf(client.ask(MessageType.rebind, iaNa(1))).length, 2, 'it has one now');
  t.end();
});

t.test('a Relay-reply is not for a server, wherever it comes (RFC 9915 16.14)', (t) => {
  const server = new SimulatedServer();
  const client = new SimulatedClient(server);
  const value = client.message(MessageType.solicit, [iaNa(1)]);
  const relay = { hopCount: 0, linkAddress: ip('2001:db8:1::1'), peerAddress: client.address };
  const reply = {
    ...relay,
    messageType: MessageType.relayRepl,
    options: [{ kind: 'relayMessage', value }] as Option[],
  };
  const nested = {
    ...relay,
    messageType: MessageType.relayForw,
    options: [{ kind: 'relayMessage', value: reply }] as Option[],
  };
  t.strictSame(server.receive(reply), []);
  t.strictSame(server.receive(nested), []);
  t.strictSame(server.discards(), ['unexpected-type', 'unexpected-type']);
  const [answer] = server.receive({ ...nested, options: [{ kind: 'relayMessage', value }] as Option[] });
  t.equal(decodeMessage(answer?.payload ?? new Uint8Array(0)).messageType, MessageType.relayRepl);
  t.end();
});

function times(options: readonly Option[] = []): string[] {
  return options.flatMap((option) =>
    option.kind === 'iaNa' || option.kind === 'iaPd'
      ? `${option.kind} ${option.value.t1Seconds} ${option.value.t2Seconds}`
      : [],
  );
}

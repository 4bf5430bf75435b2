import { Ipv4Prefix } from '@router7/wire';
import t from 'tap';
import { decodeMessage, MessageType, type Option } from '../../src/index.ts';
import type { ServerConfig, SubnetConfig } from '../../src/server/config.ts';
import { CONFIG, ip, optionOf, ROUTER, request, SimulatedLan, SUBNET, typeOf } from './simulated-lan.ts';

const FAR: SubnetConfig = {
  ...SUBNET,
  prefix: Ipv4Prefix.parse('10.7.0.0/24'),
  pools: [{ first: ip('10.7.0.100'), last: ip('10.7.0.109') }],
  options: [{ kind: 'router', value: [ip('10.7.0.1')] }],
};
const RELAYED: ServerConfig = { ...CONFIG, subnets: [SUBNET, FAR] };
const AGENT = ip('10.7.0.1');
const information = (...value: (Option & { kind: 'relayAgentInformation' })['value']): Option => ({
  kind: 'relayAgentInformation',
  value,
});
const circuit = { kind: 'agentCircuitId', value: Uint8Array.of(1, 2, 3) } as const;

t.test('D4S-23 a client behind a relay agent', (t) => {
  const lan = new SimulatedLan(RELAYED);
  const via = { giaddr: AGENT, source: AGENT };
  const offer = lan.discover(via);
  t.match(`${offer.message.yiaddr}`, /^10\.7\.0\.10\d$/);
  t.ok(offer.send.destination.equals(AGENT), 'RFC 2131 4.1: to giaddr');
  t.equal(offer.send.port, 67);
  t.equal(offer.send.hardwareAddress, undefined);
  t.ok(offer.message.giaddr.equals(AGENT));
  t.ok(optionOf(offer, 'serverIdentifier')?.equals(ROUTER), 'the server has no address of its own there');
  t.equal(`${optionOf(offer, 'router')}`, '10.7.0.1');
  t.equal(`${optionOf(offer, 'subnetMask')}`, '255.255.255.0');
  const reply = lan.select(offer.message.yiaddr, via);
  t.equal(typeOf(reply), MessageType.ack);
  t.ok(reply?.send.destination.equals(AGENT));

  const renewal = lan.renew(offer.message.yiaddr);
  t.equal(typeOf(renewal), MessageType.ack, 'renewed by unicast past the agent');
  t.ok(renewal?.send.destination.equals(offer.message.yiaddr));
  t.equal(renewal?.send.port, 68);
  const rebound = lan.renew(offer.message.yiaddr, via);
  t.ok(rebound?.send.destination.equals(AGENT), 'rebound through the agent');
  lan.decline(offer.message.yiaddr, via);
  t.same(lan.changes, [`declined ${offer.message.yiaddr}`]);
  t.end();
});

t.test('D4S-23 a DHCPNAK through a relay agent has the broadcast bit set', (t) => {
  const lan = new SimulatedLan(RELAYED);
  const reply = lan.reboot(ip('192.168.42.10'), { giaddr: AGENT });
  t.equal(typeOf(reply), MessageType.nak, 'the other subnet is the wrong network there');
  t.ok(reply?.send.destination.equals(AGENT));
  t.equal(reply?.send.port, 67);
  t.equal(reply?.message.flags, 0x8000);
  t.end();
});

t.test('D4S-23 a client that has moved to another subnet', (t) => {
  const lan = new SimulatedLan(RELAYED);
  const home = lan.lease();
  t.equal(typeOf(lan.renew(home, { giaddr: AGENT })), MessageType.nak);
  const away = lan.lease({ giaddr: AGENT });
  t.match(`${away}`, /^10\.7/);
  t.equal(lan.at(home), undefined, 'one client, one lease');
  t.end();
});

t.test('D4S-23 an agent from nowhere gets no answer', (t) => {
  const lan = new SimulatedLan(RELAYED);
  t.equal(lan.send(MessageType.discover, { giaddr: ip('203.0.113.7') }), undefined);
  t.equal(lan.discarded, 'no-subnet');
  t.end();
});

t.test('D4S-23 option 82 is echoed as it came, at the end of every reply, RFC 3046', (t) => {
  const lan = new SimulatedLan(RELAYED);
  const option82 = information(circuit, { kind: 'raw', code: 151, data: Uint8Array.of(9) });
  const via = { giaddr: AGENT, options: [option82] };
  t.same(lan.discover(via).message.options.at(-1), option82);
  t.same(lan.select(ip('192.168.42.3'), via)?.message.options.at(-1), option82, 'DHCPNAK');
  const plain = lan.discover({ giaddr: AGENT }).message.options;
  t.notOk(plain.some(({ kind }) => kind === 'relayAgentInformation'));
  const broken: Option = { kind: 'raw', code: 82, data: Uint8Array.of(1, 9, 9) };
  const [send] = lan.handle({
    kind: 'datagram',
    payload: request(MessageType.discover, { giaddr: AGENT, options: [broken] }),
    source: AGENT,
  });
  const last = send?.kind === 'send' ? decodeMessage(send.payload).options.at(-1) : undefined;
  t.match(last, { kind: 'malformed', code: 82, data: Uint8Array.of(1, 9, 9) }, 'nonsense too');
  t.end();
});

t.test('D4S-23 RFC 3527 link selection comes before giaddr', (t) => {
  const lan = new SimulatedLan(RELAYED);
  const select = (address: string): Option => information(circuit, { kind: 'linkSelection', value: ip(address) });
  const offer = lan.discover({ giaddr: ip('192.168.42.2'), options: [select('10.7.0.0')] });
  t.match(`${offer.message.yiaddr}`, /^10\.7/);
  t.ok(offer.send.destination.equals(ip('192.168.42.2')), 'but the reply goes to giaddr');
  t.equal(lan.send(MessageType.discover, { giaddr: AGENT, options: [select('10.99.0.0')] }), undefined);
  t.equal(lan.discarded, 'no-subnet');
  t.match(`${lan.discover({ options: [select('10.7.0.0')] }).message.yiaddr}`, /^192\.168/, 'not without an agent');
  t.end();
});

t.test('D4S-23 RFC 5107 the agent stands in for the server', (t) => {
  const lan = new SimulatedLan(RELAYED);
  const via = { giaddr: AGENT, options: [information({ kind: 'serverIdentifierOverride', value: AGENT })] };
  const offer = lan.discover(via);
  t.ok(optionOf(offer, 'serverIdentifier')?.equals(AGENT));
  t.equal(typeOf(lan.select(offer.message.yiaddr, via, AGENT)), MessageType.ack);
  t.equal(lan.select(offer.message.yiaddr, { giaddr: AGENT }, AGENT), undefined, 'another server otherwise');
  t.equal(lan.discarded, 'other-server');
  const direct = lan.discover({ options: via.options });
  t.ok(optionOf(direct, 'serverIdentifier')?.equals(ROUTER), 'not without an agent');
  t.end();
});

t.test('D4S-23 RFC 3011 subnet selection, only where the settings allow it', (t) => {
  const options: Option[] = [{ kind: 'subnetSelection', value: ip('10.7.0.0') }];
  const strict = new SimulatedLan(RELAYED).discover({ options });
  t.match(`${strict.message.yiaddr}`, /^192\.168/);
  t.equal(optionOf(strict, 'subnetSelection'), undefined);
  const lan = new SimulatedLan({ ...RELAYED, subnetSelection: true });
  const offer = lan.discover({ options });
  t.match(`${offer.message.yiaddr}`, /^10\.7/);
  t.ok(optionOf(offer, 'subnetSelection')?.equals(ip('10.7.0.0')));
  t.match(`${lan.discover({ giaddr: ip('192.168.42.2'), options }).message.yiaddr}`, /^10\.7/);
  t.end();
});

t.test('D4S-23 a static lease of one subnet is not lost by a visit to another', (t) => {
  const lan = new SimulatedLan(RELAYED);
  const home = lan.lease();
  lan.table.put({ ...lan.at(home)!, expiresAt: Infinity });
  lan.restart(RELAYED);
  const away = lan.lease({ giaddr: AGENT });
  t.match(`${away}`, /^10\.7/);
  t.equal(typeOf(lan.renew(away)), MessageType.ack);
  t.equal(lan.at(home)?.expiresAt, Infinity);
  t.ok(lan.lease().equals(home));
  t.end();
});

t.test('D4S-23 subnets within subnets: the smallest counts', (t) => {
  const wide: SubnetConfig = {
    ...FAR,
    prefix: Ipv4Prefix.parse('10.0.0.0/8'),
    pools: [{ first: ip('10.1.0.1'), last: ip('10.1.0.9') }],
  };
  const lan = new SimulatedLan({ ...CONFIG, subnets: [SUBNET, wide, FAR] });
  t.match(`${lan.discover({ giaddr: AGENT }).message.yiaddr}`, /^10\.7/);
  t.match(`${lan.discover({ giaddr: ip('10.1.2.3') }).message.yiaddr}`, /^10\.1/);
  t.end();
});

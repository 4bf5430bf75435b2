import t from 'tap';
import {
  decodeMessage,
  isRelayMessage,
  MessageType,
  type Option,
  optionValue,
  type RelayMessage,
} from '../../src/index.ts';
import { homeConfig, iaNa, ip, lasting, SimulatedClient, SimulatedServer } from './simulated-server.ts';

const behind = { ...homeConfig().links[0], name: 'garage', prefixes: [lasting('2001:db8:1:5::/64')] };

function wrap(
  message: RelayMessage['options'][number],
  hopCount: number,
  link: string,
  peer: string,
  ...more: Option[]
): RelayMessage {
  return {
    messageType: MessageType.relayForw,
    hopCount,
    linkAddress: ip(link),
    peerAddress: ip(peer),
    options: [...more, message],
  };
}

function setUp(): { server: SimulatedServer; solicit: Option } {
  const config = homeConfig();
  const server = new SimulatedServer({ ...config, links: [...config.links, behind as (typeof config.links)[0]] });
  const client = new SimulatedClient(server);
  return { server, solicit: { kind: 'relayMessage', value: client.message(MessageType.solicit, [iaNa(1)]) } };
}

t.test('D6S-04: a relayed message is answered for the link of the client, wrapped the same way (section 19.3)', (t) => {
  const { server, solicit } = setUp();
  const id: Option = { kind: 'interfaceId', value: Uint8Array.of(7, 7) };
  const inner = wrap(solicit, 0, '2001:db8:1:5::1', 'fe80::c', id);
  const outer = wrap({ kind: 'relayMessage', value: inner }, 1, '::', 'fe80::a');
  const [send] = server.receive(outer, ip('2001:db8:1::77'));
  t.equal(send?.port, 547);
  t.ok(send?.destination.equals(ip('2001:db8:1::77')));
  const reply = decodeMessage(send?.payload ?? new Uint8Array());
  if (!isRelayMessage(reply)) throw new Error('not wrapped');
  t.strictSame([reply.messageType, reply.hopCount, String(reply.peerAddress)], [MessageType.relayRepl, 1, 'fe80::a']);
  const within = optionValue(reply, 'relayMessage');
  if (within === undefined || !isRelayMessage(within)) throw new Error('not wrapped twice');
  t.strictSame(
    [within.hopCount, String(within.linkAddress), String(within.peerAddress)],
    [0, '2001:db8:1:5::1', 'fe80::c'],
  );
  t.strictSame(optionValue(within, 'interfaceId'), Uint8Array.of(7, 7), 'MUST be copied');
  const advertise = optionValue(within, 'relayMessage');
  t.equal(advertise?.messageType, MessageType.advertise);
  const ia = advertise && !isRelayMessage(advertise) ? optionValue(advertise, 'iaNa') : undefined;
  t.match(String(ia && optionValue(ia, 'iaAddress')?.address), /^2001:db8:1:5::/);
  t.end();
});

t.test('a relay agent gets its answer at its own port if it asks for that (RFC 8357)', (t) => {
  const { server, solicit } = setUp();
  const port: Option = { kind: 'relayPort', value: 0 };
  const [send] = server.receive(wrap(solicit, 0, '2001:db8:1::1', 'fe80::c', port), ip('fe80::9'), {
    sourcePort: 4711,
  });
  t.equal(send?.port, 4711);
  const reply = decodeMessage(send?.payload ?? new Uint8Array());
  t.equal(isRelayMessage(reply) && optionValue(reply, 'relayPort'), 0, 'echoed');
  t.end();
});

t.test('relayed messages of links that are not served, or from outside, get no answer', (t) => {
  const { server, solicit } = setUp();
  server.receive(wrap(solicit, 0, '2001:db8:77::1', 'fe80::c'), ip('fe80::9'));
  server.receive(wrap(solicit, 0, '2001:db8:1::1', 'fe80::c'), ip('2001:db8:77::9'));
  server.receive({ ...wrap(solicit, 0, '::', 'fe80::c'), options: [] }, ip('fe80::9'));
  t.strictSame(server.discards(), ['no-link', 'no-link', 'malformed']);
  t.equal(server.receive(wrap(solicit, 0, '::', 'fe80::c'), ip('fe80::9')).length, 1, 'by the interface');
  t.end();
});

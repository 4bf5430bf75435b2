import { Ipv4Address, Ipv4Prefix, Ipv6Address, Ipv6Prefix } from '@router7/wire';
import t from 'tap';
import { after } from '../../src/netconfig/after.ts';
import { describeOperation } from '../../src/netconfig/describe.ts';
import { freshLink } from '../../src/netconfig/fresh-link.ts';
import { type KernelState, OWN_GROUP } from '../../src/netconfig/kernel-state.ts';
import { plan } from '../../src/netconfig/plan.ts';
import { endpointKey, NOTHING_WANTED, type Wanted } from '../../src/netconfig/wanted.ts';
import { parseInterfaces } from '../../src/state/interfaces.ts';
import { parseEndpoint, parseWireguard, type WireguardFile } from '../../src/state/wireguard.ts';
import type { Link } from '../../src/system/rtnetlink.ts';

const PRIVATE = 'gBCV3afBKfW7RycmeZFMpJykvO+58KfSEIyavay90kE=';
const PEER = 'ScxV5nQsUIaaOp3qdwPqRcgMkR3oR6nyi1tBLUovqBs=';
const OTHER = 'AVU3LodtnFaFnJmMyNNW7cUk4462lqnVULTFkjWYvRo=';

/** router7's golden file. */
const GOLDEN = `{ "interfaces": [ { "name": "wg0", "private_key": "${PRIVATE}", "port": 51820, "peers": [
  { "public_key": "${PEER}", "endpoint": "192.168.42.23:12345", "allowed_ips": ["fe80::/64", "10.0.137.0/24"] },
  { "public_key": "${OTHER}", "endpoint": "[::1]:12345", "allowed_ips": ["10.0.0.0/8"] } ] } ] }`;

t.test('NC-13 router7’s golden wireguard.json, from nothing to a state in which nothing is left to do', (t) => {
  const wanted = want(parseWireguard(GOLDEN).value);
  const { lines, state } = carryOut(wanted, kernel([]));
  t.same(lines, [
    '+ link wg0 type wireguard',
    '~ link wg0 up',
    '~ wireguard wg0 private-key (hidden) listen-port 51820',
    `+ wireguard wg0 peer ${PEER} endpoint 192.168.42.23:12345 allowed-ips fe80::/64,10.0.137.0/24`,
    `+ wireguard wg0 peer ${OTHER} endpoint [::1]:12345 allowed-ips 10.0.0.0/8`,
    '+ address fe80::1/64 dev wg0 (configured)',
    '+ address 10.22.100.1/24 dev wg0 (configured)',
  ]);
  t.same(plan(wanted, state).operations, []);
  const [operation] = plan(want(peers()), state).operations;
  t.same(operation && describeOperation(operation, new Map([[-1, 'wg0']])), [
    `- wireguard wg0 peer ${PEER}`,
    `- wireguard wg0 peer ${OTHER}`,
  ]);
  t.end();
});

t.test('only what differs is changed', (t) => {
  const { state } = carryOut(want(parseWireguard(GOLDEN).value), kernel([]));
  const lines = (json: string): readonly string[] => carryOut(want(parseWireguard(json).value), state).lines;
  t.same(lines(GOLDEN.replace('"port": 51820', '"port": 51820, "fwmark": 7, "mtu": 1380')), [
    '~ link wg0 mtu 1380',
    '~ wireguard wg0 fwmark 7',
  ]);
  t.same(lines(GOLDEN.replace('"port": 51820,', '')), [], 'without port, the one that it has is good');
  t.same(
    lines(GOLDEN.replace('"endpoint": "[::1]:12345", ', `"preshared_key": "${PRIVATE}", "persistent_keepalive": 25, `)),
    [`+ wireguard wg0 peer ${OTHER} preshared-key (hidden) persistent-keepalive 25 allowed-ips 10.0.0.0/8`],
  );
  t.same(lines(GOLDEN.replace('"10.0.137.0/24"', '"10.0.138.7/24"')), [
    `+ wireguard wg0 peer ${PEER} allowed-ips fe80::/64,10.0.138.0/24`,
  ]);
  t.same(lines(GOLDEN.replace('"fe80::/64", "10.0.137.0/24"', '"10.0.137.0/24", "fe80::/64"')), [], 'in any order');
  t.end();
});

t.test('removed when configured no more: only what we made, and only when the files say all there is', (t) => {
  const ours = link(3, 'wg0', OWN_GROUP);
  const foreign = link(4, 'wg1', 0);
  const { lines } = carryOut(want(peersOf([])), kernel([ours, foreign]));
  t.same(lines, ['- link wg0']);
  t.same(carryOut({ ...want(peersOf([])), complete: false }, kernel([ours, foreign])).lines, []);
  const bridge: Link = { ...link(3, 'wg0', 0), kind: 'bridge' };
  const { operations, remarks } = plan(want(peers()), kernel([bridge]));
  t.notOk(operations.some(({ kind }) => kind === 'set-wireguard' || kind === 'add-link'));
  t.ok(remarks.includes('interface wg0 is to be WireGuard, and is bridge'));
  t.end();
});

t.test('an endpoint by name is set when it is resolved; where the peer has gone itself is not undone', (t) => {
  const config = peers({ public_key: PEER, endpoint: 'home.example.net:51820', allowed_ips: ['10.1.0.0/16'] });
  const unresolved = want(config);
  const { state, lines } = carryOut(unresolved, kernel([]));
  t.ok(lines.includes(`+ wireguard wg0 peer ${PEER} allowed-ips 10.1.0.0/16`), 'without it for now');
  const resolved: Wanted = { ...unresolved, resolved: new Map([['home.example.net', Ipv4Address.parse('192.0.2.1')]]) };
  const second = carryOut(resolved, state);
  t.same(second.lines, [`+ wireguard wg0 peer ${PEER} endpoint 192.0.2.1:51820 allowed-ips 10.1.0.0/16`]);
  // Now it comes from elsewhere, by a handshake at 1000 s.
  const roamed = withPeer(second.state, {
    endpoint: { address: Ipv6Address.parse('2001:db8::7'), port: 4000 },
    lastHandshakeSeconds: 1000,
  });
  const key = endpointKey('wg0', { public_key: PEER, allowed_ips: [] });
  const given = new Map([[key, '192.0.2.1:51820']]);
  t.same(carryOut({ ...resolved, given, wallSeconds: 1100 }, roamed).lines, [], 'there is a session');
  t.equal(carryOut({ ...resolved, given, wallSeconds: 1181 }, roamed).lines.length, 1, 'there is none any more');
  const moved = new Map([['home.example.net', Ipv4Address.parse('192.0.2.2')]]);
  t.equal(
    carryOut({ ...resolved, given, wallSeconds: 1100, resolved: moved }, roamed).lines.length,
    1,
    'the name has moved',
  );
  t.end();
});

t.test('NC-05 a default route through WireGuard: the other end by the uplink, all else by the tunnel', (t) => {
  const lease = {
    address: Ipv4Prefix.parse('198.51.100.7/24'),
    routers: [Ipv4Address.parse('198.51.100.1')],
    classlessRoutes: undefined,
  };
  const config = peers(
    { public_key: PEER, endpoint: '203.0.113.5:51820', allowed_ips: ['0.0.0.0/0', '::/0'] },
    { public_key: OTHER, endpoint: '[2001:db8:9::5]:51820', allowed_ips: [] },
  );
  const tunnel = [{ destination: '0.0.0.0/0' }, { destination: '::/0' }];
  const uplink: Link = { ...link(2, 'uplink0', 0), kind: undefined, up: true };
  const advertised = {
    ...{ link: 2, destination: Ipv6Prefix.parse('::/0'), gateway: Ipv6Address.parse('fe80::9'), protocol: 9 },
    ...{ onLink: false, preferredSource: undefined, metric: 1024 },
  };
  const before = { ...kernel([uplink]), routes: [advertised] };
  const direct = carryOut({ ...want(config), lease }, before);
  t.ok(direct.lines.includes('+ route default via 198.51.100.1 dev uplink0 proto dhcp src 198.51.100.7'));
  const through = carryOut({ ...want(config, tunnel), lease }, direct.state);
  t.same(through.lines.slice(0, 4), [
    '+ route default dev wg0 proto configured scope link',
    '+ -6 route default dev wg0 proto configured metric 512',
    '+ route 2001:db8:9::5/128 via fe80::9 dev uplink0 proto configured',
    '+ route 203.0.113.5/32 via 198.51.100.1 dev uplink0 proto dhcp src 198.51.100.7',
  ]);
  t.notOk(
    through.state.routes.some(
      ({ destination, link }) => destination.length === 0 && link === 2 && String(destination) === '0.0.0.0/0',
    ),
  );
  t.ok(through.state.routes.includes(advertised), 'what the kernel made stays');
  const back = carryOut({ ...want(config), lease }, through.state);
  t.ok(back.lines.includes('+ route default via 198.51.100.1 dev uplink0 proto dhcp src 198.51.100.7'));
  t.ok(back.lines.includes('- route 203.0.113.5/32 via 198.51.100.1 dev uplink0 proto dhcp src 198.51.100.7'));
  t.same(plan({ ...want(config), lease }, back.state).operations, []);
  t.end();
});

t.test('wireguard.json: what is wrong is told without telling keys', (t) => {
  const bad = (change: (text: string) => string): string => parseWireguard(change(GOLDEN)).warnings.join('\n');
  t.match(
    bad((text) => text.replace('"port": 51820', '"port": 70000')),
    /interfaces\[0\]\.port: found 70000, expected at most 65535/,
  );
  t.match(
    bad((text) => text.replace('192.168.42.23:12345', '192.168.42.23')),
    /peers\[0\]\.endpoint: found "192\.168\.42\.23", expected/,
  );
  const secret = bad((text) => text.replace(PRIVATE, `${PRIVATE.slice(0, -1)}A`));
  t.match(secret, /interfaces\[0\]\.private_key: found a text, expected a key of 32 octets in base64/);
  t.notMatch(secret, PRIVATE.slice(0, 10));
  t.match(
    bad((text) => text.replace(PEER, 'short')),
    /peers\[0\]\.public_key: found "short"/,
  );
  for (const [text, host, port] of [
    ['192.0.2.1:1', '192.0.2.1', 1],
    ['[2001:db8::1]:65535', '2001:db8::1', 65_535],
    ['vpn.example.net:51820', 'vpn.example.net', 51_820],
    ['localhost:51820', 'localhost', 51_820],
  ] as const) {
    t.match(parseEndpoint(text), { host, port }, text);
  }
  for (const text of [
    '',
    ':1',
    'host',
    'host:0',
    'host:65536',
    '2001:db8::1:1',
    '[::g]:1',
    '300.1.1.1:1',
    '-x:1',
    'a b:1',
    'a..b:1',
  ]) {
    t.throws(() => parseEndpoint(text), text);
  }
  t.end();
});

function want(wireguard: WireguardFile, routes: readonly object[] = []): Wanted {
  const wg0 = { name: 'wg0', addr: 'fe80::1/64', extra_addrs: ['10.22.100.1/24'], extra_routes: routes };
  const entries = wireguard.interfaces.length === 0 ? [] : [wg0];
  const interfaces = parseInterfaces(JSON.stringify({ interfaces: [{ name: 'uplink0' }, ...entries] })).value;
  return { ...NOTHING_WANTED, complete: true, interfaces, wireguard };
}

function peers(...list: WireguardFile['interfaces'][number]['peers']): WireguardFile {
  return peersOf([{ name: 'wg0', private_key: PRIVATE, port: 51_820, peers: list }]);
}

function peersOf(interfaces: WireguardFile['interfaces']): WireguardFile {
  return { interfaces };
}

function kernel(links: readonly Link[]): KernelState {
  const wireguard = new Map(
    links.map(({ index }) => [index, { privateKey: undefined, port: 0, fwmark: 0, peers: [] }]),
  );
  return { links, addresses: [], routes: [], fec: new Map(), wireguard, unread: [] };
}

function link(index: number, name: string, group: number): Link {
  const state = { mtu: 1420, up: true, carrier: true, operState: 'unknown' } as const;
  return freshLink(index, name, { kind: 'wireguard', group, ...state });
}

function withPeer(state: KernelState, change: object): KernelState {
  const [[index, device] = []] = state.wireguard;
  if (index === undefined || device === undefined) throw new Error('no interface');
  const wireguard = new Map([[index, { ...device, peers: device.peers.map((peer) => ({ ...peer, ...change })) }]]);
  return { ...state, wireguard };
}

/** Plans and does it, until nothing is left to do. */
function carryOut(
  wanted: Wanted,
  from: KernelState,
): { readonly lines: readonly string[]; readonly state: KernelState } {
  let state = from;
  const lines: string[] = [];
  for (let pass = 0; pass < 8; pass++) {
    const { operations } = plan(wanted, state);
    for (const operation of operations) {
      const names = new Map(state.links.map(({ index, name }) => [index, name]));
      lines.push(...describeOperation(operation, names));
      state = after(state, operation);
    }
  }
  return { lines, state };
}

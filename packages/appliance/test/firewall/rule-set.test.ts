import { compileTable, type RuleDefinition, type TableDefinition } from '@router7/nft';
import { Ipv4Address, Ipv6Prefix } from '@router7/wire';
import t from 'tap';
import { forbiddenDestinations, forbiddenSources } from '../../src/firewall/forbidden.ts';
import { wantedRuleset } from '../../src/firewall/rule-set.ts';
import { type Situation, zonesOf } from '../../src/firewall/situation.ts';
import { parseFirewall } from '../../src/state/firewall.ts';
import { parsePortForwardings } from '../../src/state/portforwardings.ts';

const FILE = '/perm/portforwardings.json';

function situation(firewall: object = {}, more: Partial<Situation> = {}): Situation {
  const forwardings = [
    { port: '80-82', dest_addr: '192.168.42.2', dest_port: '180-182' },
    { proto: 'tcp,udp', port: '53', dest_addr: '192.168.42.3', dest_port: '5353' },
  ];
  return {
    config: parseFirewall(JSON.stringify(firewall)).value,
    portForwardings: parsePortForwardings(JSON.stringify({ forwardings })).value,
    interfaces: {
      interfaces: [
        { name: 'uplink0', hardware_addr: '02:00:00:00:00:01' },
        { name: 'lan0', hardware_addr: '02:00:00:00:00:02', addr: '192.168.42.1/24' },
        { name: 'wg0', addr: 'fe80::1/64' },
      ],
      bridges: [],
    },
    tunnels: [{ name: 'wg0', port: 51_820, place: 'interfaces[0]' }],
    uplink: 'uplink0',
    leased: Ipv4Address.parse('85.195.207.62'),
    delegated: [Ipv6Prefix.parse('2a02:168:4a00::/48')],
    stale: [],
    links: new Set(['lo', 'uplink0', 'lan0', 'wg0']),
    canOffload: true,
    ...more,
  };
}

function table(firewall: object = {}, more: Partial<Situation> = {}): TableDefinition {
  const [first] = wantedRuleset(situation(firewall, more), FILE).tables;
  if (first === undefined) throw new Error('no table');
  return first;
}

function rules({ chains = {} }: TableDefinition): [chain: string, rule: RuleDefinition][] {
  return Object.entries(chains).flatMap(([chain, { rules: list = [] }]) =>
    list.map((rule): [string, RuleDefinition] => [chain, rule]),
  );
}

function commentOf({ parts }: RuleDefinition): string | undefined {
  for (const part of parts) if ('statement' in part && part.statement === 'comment') return part.text;
  return undefined;
}

const text = (value: unknown): string => JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? String(v) : v));

t.test('FW-29 each rule of the default profile says what has made it, whatever is configured', async (t) => {
  const martians = ['10.0.0.0/8', 'fd00::/8'];
  const pinholes = [{ proto: 'tcp,udp', dest_addr: '2001:db8::/64', port: '80-90' }];
  for (const firewall of [
    {},
    { transparent: true, reverse_path: 'loose', martians, pinholes, nat: { filtering: 'endpoint-independent' } },
    { ping: false, ipsec: false, answer_syn: false, syn_limit: { rate: 0 }, reverse_path: 'off', shaping: true },
    { nat: { filtering: 'address-dependent', ports: 'random' }, offload: false },
  ]) {
    const wanted = table(firewall);
    for (const [chain, rule] of rules(wanted)) {
      const comment = commentOf(rule) ?? '';
      t.match(
        comment,
        /^(default: |firewall\.json |portforwardings\.json forwardings\[\d\]|wireguard\.json interfaces\[\d\])/,
        chain,
      );
      t.ok(Buffer.byteLength(comment) <= 127);
    }
    t.ok(compileTable(wanted).rules.length > 30, 'and all of it compiles');
  }
});

t.test('the same configuration gives the same rule set', async (t) => {
  t.same(text(wantedRuleset(situation(), FILE)), text(wantedRuleset(situation(), FILE)));
});

t.test('which interfaces are the home', async (t) => {
  t.same(zonesOf(situation()), { outside: ['uplink0'], home: ['lan0', 'wg0'] });
  t.same(zonesOf(situation({ interfaces: { wg0: 'outside', podman0: 'home', lan0: 'none' } })), {
    outside: ['uplink0', 'wg0'],
    home: ['podman0'],
  });
  const { interfaces } = situation();
  const [uplink, lan, wg] = interfaces.interfaces;
  const through = { ...wg, name: 'wg0', extra_routes: [{ destination: '0.0.0.0/0' }] };
  t.same(
    zonesOf(situation({}, { interfaces: { interfaces: [uplink, lan, through] as never, bridges: [] } })),
    { outside: ['uplink0', 'wg0'], home: ['lan0'] },
    'a tunnel to everywhere leads outside',
  );
  const bridges = [{ name: 'br0', interface_hardware_addrs: ['02:00:00:00:00:02'] }];
  t.same(
    zonesOf(situation({}, { interfaces: { interfaces: interfaces.interfaces, bridges } })),
    { outside: ['uplink0'], home: ['wg0', 'br0'] },
    'packets of a port come by its bridge',
  );
  t.ok(compileTable(table({ interfaces: { lan0: 'none', wg0: 'none' } })), 'a router without any home');
});

t.test('FW-25 known flows go by a flowtable, unless something is in the way', async (t) => {
  const [flowtable] = Object.values(table().flowtables ?? {});
  t.same(flowtable?.devices, ['lan0', 'uplink0', 'wg0']);
  const isUsed = (wanted: TableDefinition): boolean => text(wanted.chains).includes('"flowtable":"known-flows"');
  t.ok(isUsed(table()));
  for (const off of [
    table({ offload: false }),
    table({ shaping: true }),
    table({ nat: { filtering: 'endpoint-independent' } }),
    table({}, { canOffload: false }),
    table({}, { links: new Set(['lo', 'uplink0']) }),
  ]) {
    t.same(off.flowtables, {});
    t.notOk(isUsed(off));
  }
});

t.test('FW-22 the home opens no flow to what could not answer: in known flows nobody looks at sources', async (t) => {
  // The kernel takes no packet from a group, and ::1 is part of ::/96.
  const elsewhere = ['224.0.0.0/4', 'ff00::/8', '::1'];
  for (const firewall of [{}, { martians: ['10.0.0.0/8', 'fd00::/8'] }]) {
    const sources = forbiddenSources(situation(firewall));
    const destinations = forbiddenDestinations(situation(firewall));
    for (const [source, destination] of [
      ['ip.saddr', 'ip.daddr'],
      ['ip6.saddr', 'ip6.daddr'],
    ] as const) {
      const all = [...(destinations[destination] ?? []), ...elsewhere];
      t.same(
        sources[source]?.filter((prefix) => !all.includes(prefix)),
        [],
      );
    }
  }
});

t.test('FW-22 networks of the home that overlap, by IPv6', async (t) => {
  const { interfaces } = situation();
  const [uplink, lan] = interfaces.interfaces;
  const configured = [uplink, { ...lan, name: 'lan0', extra_addrs: ['2a02:168:4a00:1::1/64', 'fd00::1/64'] }] as never;
  const more = {
    ...{ interfaces: { interfaces: configured, bridges: [] }, tunnels: [] },
    stale: [Ipv6Prefix.parse('2a02:168:4a00::/56'), Ipv6Prefix.parse('2a02:168:99::/48')],
  };
  const wanted = table({}, more);
  t.ok(compileTable(wanted));
  const [first] = wanted.chains?.['answers-ipv6']?.rules ?? [];
  for (const prefix of ['2a02:168:4a00:1::1/64', '2a02:168:4a00::/48', '2a02:168:99::/48']) {
    t.ok(text(first).includes(`"${prefix}"`), prefix);
  }
  t.notMatch(text(first), /fd00/, 'unique local ones are not looked for');
  t.notOk(table().chains?.['answers-ipv6'], 'with two interfaces at home each packet is looked up');
});

t.test('documentation addresses are forbidden, unless the network is made of them', async (t) => {
  t.match(text(table().chains?.['forward-out']), /2001:db8::\/32/);
  t.notMatch(text(table({}, { leased: Ipv4Address.parse('198.51.100.7') }).chains?.['forward-out']), /2001:db8::\/32/);
  const delegated = [Ipv6Prefix.parse('2001:db8:1::/56')];
  t.notMatch(text(table({}, { delegated }).chains?.['forward-out']), /2001:db8::\/32/);
});

t.test('G-3: IPv6 is not forwarded for as long as the home has no prefix of any kind', async (t) => {
  const why = 'default: the home has no prefix yet';
  const chains = (more: Partial<Situation>): readonly string[] =>
    rules(table({}, more)).flatMap(([chain, rule]) => (commentOf(rule) === why ? [chain] : []));
  t.same(chains({ delegated: [] }), ['forward-out', 'forward-in']);
  t.same(chains({}), []);
  const { interfaces } = situation();
  const having = (more: object): Partial<Situation> => ({
    delegated: [],
    interfaces: {
      ...interfaces,
      interfaces: [
        { name: 'uplink0', addr: '2a02::1/64' },
        { name: 'lan0', ...more },
      ],
    },
  });
  t.same(chains(having({ addr: '2a02:168::1/64' })), [], 'one by configuration');
  t.same(
    chains(having({ extra_routes: [{ destination: '2a02:168:1::/48', gateway: 'fe80::2' }] })),
    [],
    'or behind it',
  );
  t.equal(chains(having({ addr: 'fd00::1/64', extra_addrs: ['fe80::1/64'] })).length, 2, 'a unique local one is none');
});

t.test('L-14: prefixes that are gone are refused before known flows pass', async (t) => {
  const comments = (more: Partial<Situation>): readonly (string | undefined)[] =>
    (table({}, more).chains?.['forward']?.rules ?? []).map(commentOf);
  const why = 'default: of a prefix that is gone';
  t.notOk(comments({}).includes(why), 'which costs nothing when there are none');
  t.equal(comments({ stale: [Ipv6Prefix.parse('2001:db8:1::/64')] })[0], why);
});

t.test('a static uplink has no DHCP client to wait for', async (t) => {
  const why = 'default: answers to the DHCP client of the uplink';
  const has = (wanted: TableDefinition): boolean => rules(wanted).some(([, rule]) => commentOf(rule) === why);
  t.ok(has(table()));
  const { interfaces } = situation();
  const [uplink, ...others] = interfaces.interfaces;
  const fixed = [{ ...uplink, name: 'uplink0', addr: '85.195.207.62/25' }, ...others];
  t.notOk(has(table({}, { interfaces: { interfaces: fixed, bridges: [] } })));
});

t.test('roles that no rule could be made of are told, and nothing of the file is used', async (t) => {
  for (const [interfaces, complaint] of [
    [{ '': 'home' }, /interfaces\.: found "", expected a name of 1 to 15 characters$/],
    [{ 'lan*': 'home' }, /interfaces\.lan\*: found "lan\*", expected a name of 1 to 15 characters$/],
    [{ 'sechzehn-zeichen': 'home' }, /expected a name of 1 to 15 characters$/],
    [{ äöüäöüäö: 'home' }, /expected a name of 1 to 15 octets$/],
    [{ uplink0: 'home' }, /interfaces\.uplink0: found "home", expected outside$/],
    [{ uplink0: 'none', lan0: 'outside' }, /interfaces\.uplink0: found "none", expected outside$/],
  ] as const) {
    t.throws(() => situation({ interfaces }), { message: complaint });
  }
  t.ok(compileTable(table({ interfaces: { uplink0: 'outside' } })));
});

t.test('a port is forwarded neither to a network nor to all of its computers', async (t) => {
  const forwarded = (dest_addr: string): readonly string[] => {
    const { value } = parsePortForwardings(JSON.stringify({ forwardings: [{ port: '80', dest_addr }] }));
    return wantedRuleset(situation({}, { portForwardings: value }), FILE).warnings;
  };
  for (const address of ['192.168.42.0', '192.168.42.255']) {
    t.same(forwarded(address), [
      `${FILE}: forwardings[0].dest_addr: found "${address}", the address of nobody, expected a computer of the home; forwardings[0] passed over`,
    ]);
  }
  for (const address of ['192.168.42.2', '192.168.42.254']) t.same(forwarded(address), []);
});

t.test('FW-02: a shifted range is one rule for each protocol, however many ports it has', async (t) => {
  const forwardings = [{ proto: 'tcp,udp', port: '500-65499', dest_addr: '192.168.42.2', dest_port: '501-65500' }];
  const { value } = parsePortForwardings(JSON.stringify({ forwardings }));
  const wanted = table({}, { portForwardings: value });
  t.equal(wanted.chains?.['port-forwards']?.rules?.length, 2);
  const compiled = compileTable(wanted).rules.filter(({ rule }) => rule.chain === 'port-forwards');
  for (const { sets } of compiled) {
    const elements = sets.flatMap((set) => set.elements.elements);
    t.equal(elements.length, 65_000);
    const shifted = elements.map(({ key, data }) => {
      const port = (octets: Uint8Array): number => (octets[0] as number) * 256 + (octets[1] as number);
      return data !== undefined && 'value' in data && key !== undefined && port(data.value) - port(key);
    });
    t.same(new Set(shifted), new Set([1]));
  }
});

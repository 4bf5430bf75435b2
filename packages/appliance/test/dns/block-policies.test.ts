import { rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BlockList, type BlockTable, ClientGroups, nameOctets } from '@router7/dns';
import { Ipv4Address } from '@router7/wire';
import t from 'tap';
import { BlockFiles } from '../../src/dns/block-files.ts';
import { blockPolicies } from '../../src/dns/block-policies.ts';
import { clientGroups } from '../../src/dns/client-groups.ts';
import type { HomeLeases } from '../../src/dns/lease-hosts.ts';
import { addressOctets } from '../../src/dns/lease-hosts.ts';
import { createLog } from '../../src/runtime/log.ts';
import { type DnsConfig, parseDnsConfig } from '../../src/state/dns-config.ts';

const MINUTE = 60_000;

function configOf(config: object): DnsConfig {
  const { value, warnings } = parseDnsConfig(JSON.stringify(config));
  t.same(warnings, []);
  return value;
}

function blocks(list: BlockList, name: string, group: number): boolean {
  const octets = nameOctets(name);
  const bytes = Uint8Array.of(...new Array(12).fill(0), ...octets);
  return list.blocks({ bytes, start: 0, nameLength: octets.length, type: 1, class: 1 }, group);
}

t.test('DNS-24 lists of files and of dns.json, by group', async (t) => {
  const folder = t.testdir({ ads: 'ads.example\n', social: '||social.example^\n', school: 'school.social.example\n' });
  const lines: string[] = [];
  const files = new BlockFiles(createLog((line) => lines.push(line)));
  const list = (name: string, more: object = {}): object => ({ name, file: join(folder, name), ...more });
  const config = configOf({
    block: {
      lists: [list('ads'), list('social'), list('school', { allow: true })],
      names: ['bad.example', 'zip'],
      allow: ['good.bad.example'],
    },
    groups: [
      { name: 'adults', clients: ['192.168.42.10'], lists: [] },
      { name: 'things', clients: ['192.168.42.64/26'], lists: ['*'] },
    ],
  });
  const blockList = new BlockList();
  const { policies, holdsFor } = blockPolicies(config, 0);
  t.equal(holdsFor, Infinity);
  blockList.configure((await files.load(config)) as BlockTable, policies);
  const rows: [name: string, groups: boolean[]][] = [
    ['x.ads.example', [true, false, true]],
    ['social.example', [true, false, true]],
    ['school.social.example', [false, false, false]],
    ['bad.example', [true, true, true]],
    ['x.zip', [true, true, true]],
    ['good.bad.example', [false, false, false]],
    ['www.example.org', [false, false, true]],
  ];
  for (const [name, groups] of rows) {
    for (const [group, expected] of groups.entries())
      t.equal(blocks(blockList, name, group), expected, `${name} ${group}`);
  }
  t.equal(lines.length, 3, 'a line for each list');

  t.equal(await files.load(config), 'unchanged');
  writeFileSync(join(folder, 'ads'), 'other.example\n');
  utimesSync(join(folder, 'ads'), 1, 1);
  blockList.configure((await files.load(config)) as BlockTable, policies);
  t.notOk(blocks(blockList, 'ads.example', 0));
  t.ok(blocks(blockList, 'other.example', 0), 'hot reload');

  rmSync(join(folder, 'ads'));
  t.equal(await files.load(config), 'unchanged', 'a list that is gone leaves all as they were');
  t.match(lines.at(-1), /list of names unreadable, the lists go on as they were list=ads/);
  const before = lines.length;
  t.equal(await files.load(config), 'unchanged');
  t.equal(lines.length, before, 'told once');
  const fresh = (await new BlockFiles(createLog((line) => lines.push(line))).load(config)) as BlockTable;
  blockList.configure(fresh, policies);
  t.ok(blocks(blockList, 'social.example', 0), 'the others count');
  t.match(
    lines.find((line) => line.includes('left out')),
    /list=ads/,
  );
  t.equal(await files.load(configOf({})), undefined, 'no lists any more');
});

t.test('DNS-24 schedules, over midnight and by their time zone', (t) => {
  const config = configOf({
    time_zone: 'Europe/Zurich',
    block: { lists: [{ name: 'social', file: '/social' }] },
    groups: [
      {
        name: 'kids',
        hardware_addrs: ['02:73:53:00:CA:FE'],
        lists: [],
        schedules: [
          { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', to: '12:00', lists: ['social'] },
          { days: ['fri', 'sat'], from: '22:30', to: '07:00', lists: ['*'] },
        ],
      },
    ],
  });
  const rows: [time: string, social: boolean, everything: boolean, holdsFor: number][] = [
    // Friday in summer: two hours ahead of UTC.
    ['2026-05-01T05:59:59.500Z', false, false, 500],
    ['2026-05-01T06:00:00Z', true, false, 60 * MINUTE],
    ['2026-05-01T09:30:10Z', true, false, 30 * MINUTE - 10_000],
    ['2026-05-01T10:00:00Z', false, false, 60 * MINUTE],
    ['2026-05-01T20:29:59.999Z', false, false, 1],
    ['2026-05-01T20:30:00Z', false, true, 60 * MINUTE],
    // Saturday morning belongs to Friday, Sunday morning to Saturday, Monday morning to nobody.
    ['2026-05-02T04:59:00Z', false, true, MINUTE],
    ['2026-05-02T05:00:00Z', false, false, 60 * MINUTE],
    ['2026-05-02T06:30:00Z', false, false, 60 * MINUTE],
    ['2026-05-03T00:00:00Z', false, true, 60 * MINUTE],
    ['2026-05-03T22:00:00Z', false, false, 60 * MINUTE],
    // Thursday in winter: one hour.
    ['2026-01-15T07:00:00Z', true, false, 60 * MINUTE],
    ['2026-01-15T06:59:00Z', false, false, MINUTE],
    // The night in which clocks are put back.
    ['2026-10-25T00:30:00Z', false, true, 60 * MINUTE],
    ['2026-10-25T05:59:00Z', false, true, MINUTE],
    ['2026-10-25T06:00:00Z', false, false, 60 * MINUTE],
  ];
  for (const [time, social, everything, holdsFor] of rows) {
    const found = blockPolicies(config, Date.parse(time));
    const [, kids] = found.policies;
    t.equal((kids?.block ?? 0) >> 2, social ? 1 : 0, time);
    t.equal(kids?.everything, everything, `${time} everything`);
    t.equal(found.holdsFor, holdsFor, `${time} holds for ${found.holdsFor}`);
  }
  t.end();
});

t.test('DNS-24 groups by address, by network and by machine', (t) => {
  const times = { expiry: '0001-01-01T00:00:00Z', last_ack: '0001-01-01T00:00:00Z' };
  const entry = { num: 0, hostname: '', hostname_override: '', ...times };
  const v6 = {
    interface: 'lan0',
    num: 1,
    networks: [],
    iaid: 1,
    peer: '::',
    expiry: times.expiry,
    last_reply: times.expiry,
  };
  const leases: HomeLeases = {
    ipv4: [{ ...entry, addr: '192.168.42.77', hardware_addr: '02:73:53:00:ca:fe' }],
    ipv6: [{ ...v6, addresses: ['2001:db8::1000'], duid: '0003000102735300cafe' }],
  };
  const config = configOf({
    groups: [
      { name: 'network', clients: ['192.168.42.64/26', 'fd00::/8'] },
      { name: 'machine', hardware_addrs: ['02:73:53:00:CA:FE'] },
      { name: 'one', clients: ['192.168.42.78', 'fd00::1'] },
    ],
  });
  const groups = new ClientGroups(clientGroups(config, leases));
  const of = (text: string): number => {
    const octets = addressOctets(text);
    return octets.length === 4 ? groups.ofIpv4(Ipv4Address.fromBytes(octets).value) : groups.ofIpv6(octets, 0);
  };
  const rows = { '192.168.42.65': 1, '192.168.42.77': 2, '192.168.42.78': 3, '192.168.42.1': 0 };
  for (const [address, group] of Object.entries(rows)) t.equal(of(address), group, address);
  for (const [address, group] of [
    ['2001:db8::1000', 2],
    ['fd00::1', 3],
    ['fd00::2', 1],
    ['2001:db8::', 0],
  ] as const) {
    t.equal(of(address), group, address);
  }
  t.end();
});

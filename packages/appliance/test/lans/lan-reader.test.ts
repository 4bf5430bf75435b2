import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { Ipv6Files } from '../../src/lans/ipv6-files.ts';
import type { LanPlan } from '../../src/lans/lan-plan.ts';
import { LanReader } from '../../src/lans/lan-reader.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const HOUR = 3_600_000;

function files(t: Test): { paths: ReturnType<typeof pathsBelow>; write: (name: Name, content: unknown) => void } {
  const folder = mkdtempSync(join(tmpdir(), 'lans-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const paths = pathsBelow(folder);
  const write = (name: Name, content: unknown): void =>
    writeFileSync(paths[name], typeof content === 'string' ? content : JSON.stringify(content));
  return { paths, write };
}

type Test = Pick<typeof t, 'teardown'>;
type Name = 'interfaces' | 'ipv6' | 'subnets' | 'delegated';

function pathsBelow(folder: string) {
  return {
    interfaces: join(folder, 'interfaces.json'),
    ipv6: join(folder, 'ipv6.json'),
    subnets: join(folder, 'subnets.json'),
    delegated: join(folder, 'lease.json'),
    lastGood: join(folder, 'last-good'),
  };
}

function lease(validUntil: number, receivedAt?: number): object {
  const received = receivedAt === undefined ? {} : { received_at: new Date(receivedAt).toISOString() };
  const end = new Date(validUntil).toISOString();
  const delegation = { prefix: '2001:db8::/56', iaid: 1, t1: end, t2: end, preferred_until: end, valid_until: end };
  return { valid_until: end, prefixes: [], dns: [], ...received, delegations: [delegation] };
}

const told = ({ lans }: LanPlan): readonly string[] =>
  lans.flatMap(({ lan, prefixes }) => prefixes.map(({ prefix }) => `${lan} ${prefix}`));

t.test('daemons read the files that netconfigd goes by; what cannot be used leaves what it said before', async (t) => {
  const { paths, write } = files(t);
  const reader = new LanReader(paths);
  t.same(told(reader.read(NOW).plan), [], 'nothing is there yet');
  write('interfaces', { interfaces: [{ name: 'uplink0' }, { name: 'lan0' }] });
  write('subnets', { subnets: { lan0: 0 }, ula: 'fd00:1:2::/48' });
  write('delegated', lease(NOW + HOUR));
  const both = ['lan0 2001:db8::/64', 'lan0 fd00:1:2::/64'];
  t.same(told(reader.read(NOW).plan), both);
  for (const name of ['interfaces', 'ipv6', 'subnets', 'delegated'] as const) {
    write(name, '{"');
    const { plan, errors } = reader.read(NOW);
    t.same(told(plan), both, name);
    t.ok(errors.some(({ message }) => message.includes(paths[name])));
  }
  rmSync(paths.delegated);
  t.same(told(reader.read(NOW).plan), ['lan0 fd00:1:2::/64'], 'an absent lease is no lease');

  // A process that starts now knows only the copy.
  mkdirSync(paths.lastGood);
  writeFileSync(join(paths.lastGood, 'interfaces.json'), '{"interfaces":[{"name":"uplink0"},{"name":"lan7"}]}');
  write('subnets', { subnets: {}, ula: 'fd00:1:2::/48' });
  t.same(told(new LanReader(paths).read(NOW).plan), ['lan7 fd00:1:2::/64']);
});

t.test('a wall clock that is set does not end a prefix, but time does', async (t) => {
  const { paths, write } = files(t);
  const interfaces = { interfaces: [{ name: 'lan0' }], bridges: [] };
  write('delegated', lease(NOW + HOUR));
  const reader = new Ipv6Files(paths);
  const ends = (now: number, monotonic: number): readonly number[] =>
    reader.read(interfaces, now, monotonic).plan.delegations.map(({ validUntil }) => validUntil);
  t.same(ends(NOW, 1000), [NOW + HOUR]);
  const set = 10 * 365 * 24 * HOUR;
  t.same(ends(NOW + set + 60_000, 61_000), [NOW + set + HOUR], 'an hour after it was read');
  t.same(ends(NOW - set, 61_000), [NOW - set - 60_000 + HOUR], 'also when the clock is set back');
  t.same(ends(NOW + set + HOUR, 1000 + HOUR), [], 'when it is over it is over');
  write('delegated', lease(NOW + set + 3 * HOUR));
  t.same(ends(NOW + set + HOUR, 1000 + HOUR), [NOW + set + 3 * HOUR], 'a new lease goes by the clock of now');
});

t.test(
  'a clock that has not been set yet gives a lease no more time than it had, in either order of starts',
  async (t) => {
    const { paths, write } = files(t);
    const interfaces = { interfaces: [{ name: 'lan0' }], bridges: [] };
    const ends = (reader: Ipv6Files, now: number, monotonic: number): readonly number[] =>
      reader.read(interfaces, now, monotonic).plan.delegations.map(({ validUntil }) => validUntil);
    write('delegated', lease(NOW + HOUR, NOW - HOUR));
    const early = new Ipv6Files(paths);
    t.same(ends(early, 60_000, 60_000), [60_000 + 2 * HOUR], 'started in 1970: as if it had just come');
    t.same(ends(early, HOUR, HOUR), [60_000 + 2 * HOUR]);
    t.same(ends(early, NOW, HOUR + 60_000), [NOW + HOUR], 'NTP sets the clock: what was left is left');
    write('delegated', '{"');
    t.same(ends(early, NOW + HOUR, HOUR + 60_000), [NOW + 2 * HOUR], 'also when it cannot be read meanwhile');
    write('delegated', lease(NOW + HOUR, NOW - HOUR));
    t.same(ends(early, NOW, 2 * HOUR + 60_000), [], 'the provider is silent: over is over');
    t.same(ends(new Ipv6Files(paths), NOW, HOUR), [NOW + HOUR], 'started when the clock was right');
    t.same(ends(new Ipv6Files(paths), NOW + HOUR, HOUR), []);
    t.same(ends(new Ipv6Files(paths), -1, HOUR), [2 * HOUR - 1], 'and before 1970');
    rmSync(paths.delegated);
    t.same(ends(early, NOW, 3 * HOUR), [], 'and none is none');
  },
);

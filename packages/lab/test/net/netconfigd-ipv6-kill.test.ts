import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { onStage } from '../../src/stage.ts';
import { seed } from '../seed.ts';
import { type Delegated, GUEST, Ipv6Site, LAN, UPLINK } from './ipv6-site.ts';

const KILLS = Number(process.env.ROUTER7_KILLS ?? 8);

t.setTimeout(120_000 + KILLS * 20_000);
await onStage(import.meta.url);

/** What is delegated, and what the router's addresses are then; no two have a prefix in common. */
const STORIES: readonly {
  readonly delegated: readonly Delegated[];
  readonly interfaces: readonly object[];
  readonly addresses: Readonly<Record<'lan0' | 'guest0', readonly string[]>>;
  readonly rest: readonly string[];
}[] = [
  {
    delegated: [{ prefix: '2001:db8:a::/56' }],
    interfaces: [UPLINK, LAN, GUEST],
    addresses: { lan0: ['2001:db8:a::1/64'], guest0: ['2001:db8:a:1::1/64'] },
    rest: ['2001:db8:a::/56'],
  },
  {
    delegated: [
      { prefix: '2001:db8:b::/60', excluded: '2001:db8:b::/64' },
      { prefix: '2001:db8:c::/64', iaid: 2 },
    ],
    interfaces: [UPLINK, LAN, GUEST],
    addresses: { lan0: ['2001:db8:b:f::1/64'], guest0: ['2001:db8:b:1::1/64', '2001:db8:c::1/64'] },
    rest: ['2001:db8:b::/60', '2001:db8:c::/64'],
  },
  {
    delegated: [{ prefix: '2001:db8:d::/64' }],
    interfaces: [UPLINK, LAN],
    addresses: { lan0: ['2001:db8:d::1/64'], guest0: [] },
    rest: ['2001:db8:d::/64'],
  },
  { delegated: [], interfaces: [UPLINK, LAN], addresses: { lan0: [], guest0: [] }, rest: [] },
];

t.test(
  `NC-06, WPD-5: kill -9 of netconfigd at ${KILLS} random instants while delegations alternate (seed ${seed})`,
  async (t) => {
    // A linear congruential generator (Numerical Recipes), the same row for the same seed.
    let state = seed >>> 0;
    const random = (): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
    const site = new Ipv6Site(t, 'kill6');
    site.delegate({ prefix: '2001:db8:e::/56' });
    const start = performance.now();
    t.equal(await site.once(), 0);
    const duration = performance.now() - start;
    const { ula } = site.subnets();
    let isLeased = true;
    let interrupted = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const story = STORIES[Math.floor(random() * STORIES.length)] as (typeof STORIES)[number];
      site.configure({ interfaces: story.interfaces });
      if (isLeased || story.delegated.length > 0) site.delegate(...story.delegated);
      isLeased = story.delegated.length > 0;
      const netconfigd = site.daemon('netconfigd');
      await sleep(random() * duration * 1.2);
      await netconfigd.stop('SIGKILL');
      const wanted = { ...story.addresses, rest: story.rest };
      if (JSON.stringify(await present(site)) !== JSON.stringify(wanted)) interrupted++;
      const { status, output } = await site.run();
      t.equal(status, 0, `after kill ${kill}: ${output}`);
      t.same(await present(site), wanted, `after kill ${kill}: no address of another prefix`);
      t.equal(site.subnets().ula, ula, 'and the unique local prefix is the one of the beginning');
      t.same(await ways(site, story.rest), [], 'nor a way to one, but for its hosts to be told');
    }
    t.comment(`${interrupted} of ${KILLS} kills left something to do`);
  },
);

async function present(site: Ipv6Site): Promise<unknown> {
  const unreachable = (await site.routes6()).map((line) => /^unreachable (2001:\S+)/.exec(line)?.[1]);
  return {
    lan0: await site.delegatedAddresses('lan0'),
    guest0: await site.delegatedAddresses('guest0'),
    rest: unreachable.filter((prefix) => prefix !== undefined).sort(),
  };
}

/** Routes to prefixes that are not delegated. */
async function ways(site: Ipv6Site, rest: readonly string[]): Promise<readonly string[]> {
  const starts = rest.map((prefix) => prefix.replace(/::\/\d+$/, ':'));
  return (await site.routes6()).filter(
    (line) =>
      line.startsWith('2001:') && !line.includes('proto 118') && !starts.some((start) => line.startsWith(start)),
  );
}

import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundlePrograms } from '@router7/appliance/image/bundle/bundle-programs';
import { handResults, onStage } from '@router7/lab';
import { dnsLoads } from './dns/loads.ts';
import { memoryRow } from './dns/memory.ts';
import { rowsOf, targetsOf } from './dns/report.ts';
import { servers } from './dns/servers.ts';
import { Site } from './dns/site.ts';
import { soak } from './dns/soak.ts';
import { resultsFile } from './results.ts';

/*
 * What a query costs, side by side in one run: router7's dnsd, the whole daemon as the image has it, against unbound with
 * one thread and dnsmasq with a cache of 150 answers (its default) and of 10,000; `floor` is what no server could do with
 * less than. Each server is on the first processor, with a full cache; on the second one are who asks (dns-load.c, or
 * dnsperf), and a name server for every name there is (dns-upstream.c).
 *
 * Asked are names in the cache, names of the home, and names that nobody has asked for before; at last a million of those,
 * to see what memory that takes. With --soak dnsd alone answers as much as it can, 30 of a hundred names being new, and
 * the bench fails as soon as dnsd has more memory in use than its cache and a constant.
 *
 * usage: dns.ts [--seconds N] [--rounds N] [--only NAME,NAME] [--load NAME] [--forwarded-rate N] [--cache BYTES]
 *               [--unique N] [--soak MINUTES] [--json FILE]
 */
const soaking = process.argv.some((argument) => argument.startsWith('--soak'));
await onStage(import.meta.url, { results: resultsFile(soaking ? 'dns-soak' : 'dns') });

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string', default: '' },
    load: { type: 'string', default: '' },
    'forwarded-rate': { type: 'string', default: '5000' },
    cache: { type: 'string', default: String(32 * 2 ** 20) },
    unique: { type: 'string', default: '1000000' },
    soak: { type: 'string' },
    json: { type: 'string' },
  },
});

// What the image runs, not the sources: a router has no compiler that strips types in its memory.
process.env.ROUTER7_PROGRAMS = mkdtempSync(join(tmpdir(), 'router7-programs-'));
await bundlePrograms(process.env.ROUTER7_PROGRAMS);
const tools = { generator: build('dns-load'), upstream: build('dns-upstream') };
const all = servers(Number(values.cache));
if (values.soak === undefined) await compare();
else await soakOurs(Number(values.soak));
process.exit(0);

async function compare(): Promise<void> {
  const loads = dnsLoads(Number(values['forwarded-rate'])).filter(({ name }) => name.includes(values.load));
  const names = loads.map(({ name }) => name);
  const chosen = all.filter(({ name }) => values.only === '' || values.only.split(',').includes(name));
  const [rounds, seconds, unique] = [values.rounds, values.seconds, values.unique].map(Number) as [
    number,
    number,
    number,
  ];
  const sites: Site[] = [];
  const memory: Record<string, unknown>[] = [];
  for (const server of chosen) {
    const site = new Site(server, tools);
    await site.start();
    memory.push(memoryRow(site, 'start'));
    await site.fill();
    site.setTurn(false);
    sites.push(site);
  }
  for (let round = 0; round < rounds; round++) {
    for (const load of loads) {
      // Every second round backwards: what warms up or wears down does so for all.
      for (const site of round % 2 === 0 ? sites : sites.toReversed()) {
        site.setTurn(true);
        const samples = site.samples.get(load.name) ?? [];
        samples.push(await site.measure(load, seconds));
        site.samples.set(load.name, samples);
        site.setTurn(false);
      }
    }
  }
  for (const site of sites.filter(({ server }) => unique > 0 && server.soaks)) {
    site.setTurn(true);
    await site.askForUnique(unique);
    memory.push(memoryRow(site, `${unique} names`));
    site.setTurn(false);
  }
  const table = rowsOf(names, sites);
  const targets = targetsOf(names, sites);
  console.log(`DNS by UDP, ${rounds} rounds of ${seconds} s, medians; one client socket, queries without EDNS`);
  for (const { server } of sites) console.log(`${server.name}: ${server.settings}`);
  console.table(table);
  console.table(targets);
  console.table(memory);
  const settings = Object.fromEntries(sites.map(({ server: { name, settings } }) => [name, settings]));
  handResults({ rounds, seconds, cacheBytes: Number(values.cache), settings, table, targets, memory });
  for (const site of sites) await site.stop();
}

async function soakOurs(minutes: number): Promise<void> {
  const [ours] = all;
  if (ours === undefined) return;
  const site = new Site(ours, tools);
  await site.start();
  const start = memoryRow(site, 'start');
  console.log(JSON.stringify(start));
  const samples = await soak(site, minutes);
  handResults({ minutes, cacheBytes: Number(values.cache), samples: [start, ...samples] });
  await site.stop();
}

/** Builds a program of this folder. @returns its path */
function build(name: string): string {
  const program = `/tmp/${name}`;
  execFileSync('cc', ['-O2', '-o', program, fileURLToPath(new URL(`${name}.c`, import.meta.url))]);
  return program;
}

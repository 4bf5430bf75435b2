import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { inGuest, onStage } from '@router7/lab';
import { ruleSets } from './forward/rule-sets.ts';
import { type Load, type Sample, Site } from './forward/site.ts';

/*
 * What a router forwards with the appliance's rule set, side by side in one run with no rules at all, with what OpenWrt
 * makes of its default configuration, with the rules of router7, and with the least that translation needs (`tracking`):
 * iperf3 between two namespaces by way of a third.
 * In a cable between namespaces a packet is forwarded in the time of its sender, so with small packets the rate tells
 * what forwarding costs; TCP passes by in segments of up to 64 KiB, as it does by way of a network card that
 * puts them together.
 *
 * With --guest all of it runs under Debian's kernel in QEMU, which has flowtables: there, only the ratios tell something.
 *
 * usage: forward.ts [--guest] [--seconds N] [--rounds N] [--only NAME;NAME] [--loads NAME;NAME] [--json FILE]
 */
if (process.argv.includes('--guest')) await inGuest(import.meta.url, { modules: ['veth', 'nft_flow_offload'] });
await onStage(import.meta.url);

const { values } = parseArgs({
  options: {
    guest: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '7' },
    loads: { type: 'string', default: '' },
    only: { type: 'string', default: '' },
    json: { type: 'string', default: fileURLToPath(new URL('results/forward.json', import.meta.url)) },
  },
});

/** Without a limit the sender would wait between packets. */
const SMALL = ['-u', '-l', '64', '-b', '0'];
const allLoads: readonly Load[] = [
  { name: 'UDP 64 bytes, IPv4 up', arguments: SMALL, family: 'ipv4', leavesBy: 'uplink0' },
  { name: 'UDP 64 bytes, IPv4 down', arguments: [...SMALL, '-R'], family: 'ipv4', leavesBy: 'lan0' },
  { name: 'UDP 64 bytes, IPv6 up', arguments: SMALL, family: 'ipv6', leavesBy: 'uplink0' },
  { name: 'TCP, IPv4 up', arguments: [], family: 'ipv4', leavesBy: 'uplink0' },
  { name: 'TCP, IPv4 down', arguments: ['-R'], family: 'ipv4', leavesBy: 'lan0' },
];

const loads = allLoads.filter(chosen(values.loads));
const sites = ruleSets
  .filter((ruleSet, index) => index === 0 || chosen(values.only)(ruleSet))
  .map((ruleSet, index) => new Site(ruleSet, index));
for (const site of sites) await site.start();
for (let round = 0; round < Number(values.rounds); round++) {
  for (const load of loads) {
    // Every second round backwards: what warms up or wears down does so for all.
    for (const site of round % 2 === 0 ? sites : sites.toReversed()) {
      const samples = site.samples.get(load.name) ?? [];
      samples.push(await site.measure(load, Number(values.seconds)));
      site.samples.set(load.name, samples);
    }
  }
}
report();
for (const site of sites) await site.stop();
process.exit(0);

/** Whether a name is in a list; all are when it is empty. */
function chosen(list: string): (of: { readonly name: string }) => boolean {
  return ({ name }) => list === '' || list.split(';').includes(name);
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function report(): void {
  const [plain] = sites;
  const table = loads.flatMap((load) =>
    sites.map(({ ruleSet, samples }) => {
      const list = samples.get(load.name) ?? [];
      const of = (key: keyof Sample): number => median(list.map((sample) => sample[key]));
      // Ratios of each round, so that a machine that changes its speed between rounds changes both sides.
      const ratio = (key: keyof Sample): number =>
        median(
          list.map((sample, round) => sample[key] / (plain?.samples.get(load.name)?.[round]?.[key] ?? Number.NaN)),
        );
      const rate = load.arguments.includes('-u') ? 'packetsPerSecond' : 'bitsPerSecond';
      return {
        load: load.name,
        rules: ruleSet.name,
        'packets/s': Math.round(of('packetsPerSecond')),
        'Mbit/s': Math.round(of('bitsPerSecond') / 1e6),
        'sender CPU us/packet': Number(of('cpuPerPacket').toFixed(2)),
        arrived: Number(of('arrived').toFixed(3)),
        'rate / no rules': Number(ratio(rate).toFixed(3)),
        'CPU / no rules': Number(ratio('cpuPerPacket').toFixed(3)),
      };
    }),
  );
  console.log(`forwarding, ${values.rounds} rounds of ${values.seconds} s, medians`);
  console.table(table);
  const results = { rounds: Number(values.rounds), seconds: Number(values.seconds), table };
  // What a guest writes is gone with it.
  if (values.guest) return;
  mkdirSync(fileURLToPath(new URL('results', import.meta.url)), { recursive: true });
  writeFileSync(values.json, `${JSON.stringify(results, undefined, 2)}\n`);
}

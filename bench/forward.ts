import { release } from 'node:os';
import { parseArgs } from 'node:util';
import { handResults, inGuest, onStage } from '@router7/lab';
import { ruleSets } from './forward/rule-sets.ts';
import { type Load, type Sample, Site } from './forward/site.ts';
import { resultsFile } from './results.ts';

/*
 * What a router forwards with the appliance's rule set, side by side in one run with no rules at all, with what OpenWrt
 * makes of its default configuration, with the rules of router7, and with the least that translation needs (`tracking`):
 * iperf3 between two namespaces by way of a third.
 * In a cable between namespaces a packet is forwarded in the time of its sender, so with small packets the rate tells
 * what forwarding costs; TCP passes by in segments of up to 64 KiB, as it does by way of a network card that
 * puts them together.
 *
 * With --guest all of it runs under Debian's kernel in QEMU, as on the appliance: it has flowtables, and `ours` has to hand each
 * flow over to them before it is measured. Time is there a count of instructions, on one processor for sender, router and
 * receiver: the rate is of all three, "sender CPU" of sender and router alone. Only the ratios tell something, and they
 * are nearly the same each time.
 *
 * usage: forward.ts [--guest] [--seconds N] [--rounds N] [--only NAME;NAME] [--loads NAME;NAME] [--json FILE]
 */
if (process.argv.includes('--guest'))
  await inGuest(import.meta.url, {
    modules: ['veth', 'nft_flow_offload'],
    countInstructions: true,
    results: resultsFile('forward-guest'),
  });
await onStage(import.meta.url, { results: resultsFile('forward') });

const { values } = parseArgs({
  options: {
    guest: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '2' },
    rounds: { type: 'string' },
    loads: { type: 'string', default: '' },
    only: { type: 'string', default: '' },
    json: { type: 'string' },
  },
});

const rounds = Number(values.rounds ?? (values.guest ? 2 : 7));
const machine = values.guest ? ', in QEMU, by instructions' : '';

/** Without a limit the sender would wait between packets. */
const SMALL = ['-u', '-l', '64', '-b', '0'];
const allLoads: readonly Load[] = [
  { name: 'UDP 64 bytes, IPv4 up', arguments: SMALL, family: 'ipv4', leavesBy: 'uplink0' },
  { name: 'UDP 64 bytes, IPv4 down', arguments: [...SMALL, '-R'], family: 'ipv4', leavesBy: 'lan0' },
  { name: 'UDP 64 bytes, IPv6 up', arguments: SMALL, family: 'ipv6', leavesBy: 'uplink0' },
  { name: 'UDP 64 bytes, IPv6 down', arguments: [...SMALL, '-R'], family: 'ipv6', leavesBy: 'lan0' },
  { name: 'TCP, IPv4 up', arguments: [], family: 'ipv4', leavesBy: 'uplink0' },
  { name: 'TCP, IPv4 down', arguments: ['-R'], family: 'ipv4', leavesBy: 'lan0' },
];

const loads = allLoads.filter(chosen(values.loads));
const sites = ruleSets
  .filter((ruleSet, index) => index === 0 || chosen(values.only)(ruleSet))
  .map((ruleSet, index) => new Site(ruleSet, index));
for (const site of sites) {
  await site.start();
  if (site.ruleSet.offloads) for (const load of loads) await site.assertOffloaded(load);
}
for (let round = 0; round < rounds; round++) {
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
        offloaded: ruleSet.offloads,
        'packets/s': Math.round(of('packetsPerSecond')),
        'Mbit/s': Math.round(of('bitsPerSecond') / 1e6),
        'sender CPU us/packet': Number(of('cpuPerPacket').toFixed(2)),
        arrived: Number(of('arrived').toFixed(3)),
        'rate / no rules': Number(ratio(rate).toFixed(3)),
        'CPU / no rules': Number(ratio('cpuPerPacket').toFixed(3)),
      };
    }),
  );
  console.log(`forwarding under Linux ${release()}${machine}: ${rounds} rounds of ${values.seconds} s, medians`);
  console.table(table);
  const results = { kernel: `${release()}${machine}`, rounds, seconds: Number(values.seconds), table };
  handResults(results);
}

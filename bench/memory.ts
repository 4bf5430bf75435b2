import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApplianceSite, handResults, MADE_IMAGE, makeImage, onStage, STAGE_VARIABLE, until } from '@router7/lab';
import { type Memory, parseShares, SHARES_COMMAND } from './memory/shares.ts';
import { resultsFile } from './results.ts';

/*
 * What the running appliance takes of a machine's memory, by process: the disk image in QEMU with its provider, at rest
 * with a number of computers at home that have their leases. With --soak it then lives under load: names that are in the
 * cache and names that nobody has asked for, and computers that come, ask for an address and stay away; a line is printed
 * every minute, and the end compares the last quarter of the time with the second one.
 *
 * Each process counts with its proportional set size: pages that several have, such as Node's program, count in parts.
 *
 * usage: memory.ts [--clients N] [--settle SECONDS] [--soak MINUTES] [--memory MIB] [--json FILE]
 */
if (process.env[STAGE_VARIABLE] !== '1') makeImage();
await onStage(import.meta.url, { results: resultsFile('memory') });

const option = (name: string, otherwise: number): number =>
  Number(new RegExp(`--${name}[= ](\\d+)`).exec(process.argv.join(' '))?.[1] ?? otherwise);
const clients = option('clients', 20);
const settle = option('settle', 60);
const soak = option('soak', 0);
/** Our processes may have this much together, in kibibytes. */
const TARGET = 240 * 1024;
const BOOT_MS = 400_000;
/** So long a look may take, on a machine that has other work to do than to be a router. */
const LOOK_MS = 600_000;
/** Queries a second: software emulation does not give more than a small part of a real machine's pace. */
const QUERIES = 50;
const COMERS = 5;

const site = new ApplianceSite(clients, { image: MADE_IMAGE, memoryMiB: option('memory', 1024) });
try {
  await site.startProvider();
  await site.router.start({});
  site.startClients();
  await until('all computers have a lease', BOOT_MS, async () => {
    const addresses = await Promise.all(site.home.clients.map((client) => client.addresses('eth0')));
    return addresses.every(({ length }) => length > 0);
  });
  await sleep(settle * 1000);
  const rest = await look();
  console.log(`at rest, ${clients} computers at home, ${settle} s after the last one's lease:\n`);
  print(rest);
  const course = soak > 0 ? await underLoad(rest) : [];
  handResults({ clients, settle, rest, course });
} finally {
  await site.stop();
}
process.exit(0);

async function look(): Promise<Memory> {
  return parseShares(await site.router.output(SHARES_COMMAND, LOOK_MS));
}

function print(memory: Memory): void {
  console.log(`${'process'.padEnd(24)} ${'PSS MiB'.padStart(8)} ${'own MiB'.padStart(8)} ${'huge'.padStart(8)}`);
  for (const { name, pss, own, huge } of memory.shares) {
    console.log([name.padEnd(24), ...[pss, own, huge].map((size) => mebibytes(size).padStart(8))].join(' '));
  }
  console.log(`${'all processes'.padEnd(24)} ${mebibytes(memory.pss).padStart(8)}   (target: ${TARGET / 1024})`);
  console.log(`${'MemTotal - MemAvailable'.padEnd(24)} ${mebibytes(memory.used).padStart(8)}\n`);
}

/** Memory every minute, while computers at home ask for names and addresses. */
async function underLoad(rest: Memory): Promise<readonly Memory[]> {
  const [asker, comer] = site.home.clients;
  if (asker === undefined || comer === undefined) throw new Error('a load needs two computers');
  const names = Array.from({ length: 100_000 }, (_, n) => `${n % 2 === 0 ? 'www' : `n${n}.wild`}.lab.example A`);
  writeFileSync('/tmp/names', `${names.join('\n')}\n`);
  const server = '192.168.42.1';
  const seconds = String(soak * 60);
  site.keep(
    asker.start('dnsperf', 'dnsperf', ['-s', server, '-d', '/tmp/names', '-l', seconds, '-Q', String(QUERIES)]),
    // Each computer asks once and forgets, as phones do that pass by.
    comer.start('perfdhcp', 'perfdhcp', ['-4', '-l', 'eth0', '-r', String(COMERS), '-R', '150', '-p', seconds]),
  );
  const course: Memory[] = [];
  console.log(`under load: ${QUERIES} queries a second, half of them new names, ${COMERS} leases a second\n`);
  const start = performance.now();
  for (let minute = 1; minute <= soak; minute++) {
    await sleep(start + minute * 60_000 - performance.now());
    const memory = await look();
    course.push(memory);
    const largest = memory.shares.slice(0, 3).map(({ name, pss }) => `${name} ${mebibytes(pss)}`);
    console.log(
      `${String(minute).padStart(4)} min  ${mebibytes(memory.pss)} MiB PSS, ${mebibytes(memory.used)} MiB used; ${largest.join(', ')}`,
    );
  }
  print(course.at(-1) as Memory);
  const quarter = (n: number, of: (memory: Memory) => number): string => {
    const part = course.slice(Math.floor((course.length * (n - 1)) / 4), Math.ceil((course.length * n) / 4));
    return mebibytes(part.reduce((sum, memory) => sum + of(memory), 0) / part.length);
  };
  console.log('means of the second and the last quarter of the time, MiB PSS:');
  for (const { name } of rest.shares.filter((each) => each.name.startsWith('/'))) {
    const share = ({ shares }: Memory): number => shares.find((each) => each.name === name)?.pss ?? 0;
    console.log(`${name.padEnd(24)} ${quarter(2, share).padStart(8)} ${quarter(4, share).padStart(8)}`);
  }
  const all = ({ pss }: Memory): number => pss;
  console.log(`${'all processes'.padEnd(24)} ${quarter(2, all).padStart(8)} ${quarter(4, all).padStart(8)}`);
  return course;
}

function mebibytes(kibibytes: number): string {
  return (kibibytes / 1024).toFixed(1);
}

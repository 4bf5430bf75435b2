import { readFileSync, writeFileSync } from 'node:fs';
import { setIntOption } from '@router7/appliance/system/libc';
import { addTable, compileTable, encodeBatch } from '@router7/nft';
import { applyRuleset, NftConnection } from '@router7/nft/node';
import { definition } from './ruleset.ts';

/* The running process: tells what it measured, in milliseconds and octets, for each command that it is sent. */
const [rules = 0, elements = 0] = process.argv.slice(2).map(Number);
const connection = new NftConnection({
  setSocketOption: (fd, level, option, value) => setIntOption(fd, level, option, value, 'an option of nf_tables'),
});
await connection.generation();
globalThis.gc?.();
const idle = status('VmRSS');
// From here on the kernel notes the most memory anew.
writeFileSync('/proc/self/clear_refs', '5');

process.on('message', (command: 'apply' | 'encode' | 'memory') => {
  run(command).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.send?.(0);

async function run(command: 'apply' | 'encode' | 'memory'): Promise<number> {
  if (command === 'memory') return status('VmHWM') - idle;
  if (command === 'encode') return encodeRate();
  // Made anew each time, as one who has read it from a file would.
  const table = definition(rules, elements);
  const start = performance.now();
  await applyRuleset(connection, { tables: [table] });
  return performance.now() - start;
}

/** Octets of messages that are encoded in a second, from compiled objects. */
function encodeRate(): number {
  const operations = addTable(compileTable(definition(rules, elements)));
  let octets = 0;
  const start = performance.now();
  while (performance.now() - start < 1000) octets += encodeBatch(operations, { sequence: 1 }).bytes.length;
  return (octets / (performance.now() - start)) * 1000;
}

/** A line of /proc/self/status, in octets. */
function status(name: string): number {
  const kibibytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return Number(kibibytes) * 1024;
}

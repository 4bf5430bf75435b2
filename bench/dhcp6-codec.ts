import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { decodeMessage, encodeMessage, encodeMessageTo } from '@router7/dhcp6';
import { decodeFrame, readCapture } from '@router7/pcap';
import { ByteWriter, bytesEqual } from '@router7/wire';

/*
 * Decoding and encoding of recorded DHCPv6 messages. There is no npm package to compare with that decodes all of them, so
 * beside it stands what merely finding every option costs: codes and lengths in and out of options, no values.
 *
 * usage: dhcp6-codec.ts [--rounds N] [--json FILE]
 */
const ROUND_MS = 40;
/** Octets before the options, of what holds options. */
const CONTAINERS: ReadonlyMap<number, number> = new Map([
  [3, 12],
  [5, 24],
  [25, 12],
  [26, 25],
]);
const RELAY_MESSAGE = 9;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '25' },
    json: { type: 'string', default: fileURLToPath(new URL('results/dhcp6-codec.json', import.meta.url)) },
  },
});

/** Keeps results alive, so that nothing measured can be optimized away. */
export let sink: unknown;

const rows = [
  ['Solicit of dhcpcd', 'kea-dhcpcd-lease', 0],
  ['Solicit of dhclient', 'kea-dhclient-lease', 0],
  ['Reply of Kea', 'kea-dhcpcd-lease', 3],
  ['Reply of ISC dhcpd', 'isc-dhclient-lease', 3],
  ['Reply of Kea, many options', 'kea-dhclient-options', 3],
  ['Relay-forward, two relay agents', 'kea-dhclient-relay-twice', 0],
] as const;

const results = rows.map(([message, capture, index]) => {
  const bytes = payload(capture, index);
  const decoded = decodeMessage(bytes, { strict: true });
  if (!bytesEqual(encodeMessage(decoded), bytes)) throw new Error(`${message} does not come out as it came in`);
  const writer = new ByteWriter(1500);
  const candidates = {
    walk: () => walkMessage(bytes, 0, bytes.length),
    decode: () => decodeMessage(bytes),
    encode: () => encodeMessage(decoded),
    'encode into a writer': () => {
      writer.reset();
      encodeMessageTo(writer, decoded);
      return writer.view();
    },
  };
  const name = `${message}: ${bytes.length} octets, ${walkMessage(bytes, 0, bytes.length)} options`;
  return { message: name, ...measure(candidates) };
});

console.log(
  `Node ${process.version}, ${cpus()[0]?.model ?? arch()}; nanoseconds per message, medians of ${values.rounds} rounds`,
);
console.table(results);
mkdirSync(dirname(values.json), { recursive: true });
writeFileSync(values.json, `${JSON.stringify({ node: process.version, results }, null, 2)}\n`);

/** Short rounds of each candidate in turn, so that what slows the machine slows all of them. */
function measure(candidates: Readonly<Record<string, () => unknown>>): Record<string, number> {
  const prepared = Object.entries(candidates).map(([name, run]) => ({
    name,
    run,
    count: calibrate(run),
    samples: [0],
  }));
  for (const { samples } of prepared) samples.length = 0;
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const { run, count, samples } of prepared) samples.push(time(run, count));
  }
  return Object.fromEntries(prepared.map(({ name, samples }) => [name, Math.round(median(samples))]));
}

/** How many calls fill a round, after enough of them for the compiler. */
function calibrate(operation: () => unknown): number {
  time(operation, 50_000);
  return Math.ceil((ROUND_MS * 1e6) / time(operation, 50_000));
}

function time(operation: () => unknown, count: number): number {
  const start = process.hrtime.bigint();
  for (let i = 0; i < count; i++) sink = operation();
  return Number(process.hrtime.bigint() - start) / count;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] as number;
}

/** Options of a message, those inside of options among them. */
function walkMessage(b: Uint8Array, start: number, end: number): number {
  const type = b[start];
  return walk(b, start + (type === 12 || type === 13 ? 34 : 4), end);
}

function walk(b: Uint8Array, start: number, end: number): number {
  let count = 0;
  for (let at = start; at + 4 <= end; ) {
    const code = ((b[at] as number) << 8) | (b[at + 1] as number);
    const length = ((b[at + 2] as number) << 8) | (b[at + 3] as number);
    at += 4;
    count++;
    if (code === RELAY_MESSAGE) count += walkMessage(b, at, at + length);
    const inside = CONTAINERS.get(code);
    if (inside !== undefined) count += walk(b, at + inside, at + length);
    at += length;
  }
  return count;
}

/** A message of a capture, by its number from 0. */
function payload(capture: string, index: number): Uint8Array {
  const file = new URL(`../packages/dhcp6/test/fixtures/${capture}.pcap`, import.meta.url);
  const payloads = [...readCapture(readFileSync(file))].flatMap((record) =>
    record.kind === 'packet' ? (decodeFrame(record.bytes).udp?.payload ?? []) : [],
  );
  const found = payloads[index];
  if (found === undefined) throw new Error(`${capture} has no message ${index}`);
  return new Uint8Array(found);
}

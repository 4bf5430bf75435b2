import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, cpus } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { decodeMessage, encodeMessage, encodeMessageTo, type Message, optionValue } from '@router7/dhcp4';
import { ByteWriter } from '@router7/wire';

/*
 * Decoding and encoding of DHCPv4 messages, router7's codec against the npm package `dhcp`, in one run: short rounds of
 * each candidate in turn, so that what slows the machine slows all of them; the ratio is the median of the rounds' ratios.
 * The messages are recorded ones. The package is installed into bench/.peers at the first run.
 *
 * usage: dhcp4-codec.ts [--rounds N] [--json FILE]
 */
const PEER = 'dhcp@0.2.20';
const TARGET = 5;
const ROUND_MS = 40;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '25' },
    json: { type: 'string', default: fileURLToPath(new URL('results/dhcp4-codec.json', import.meta.url)) },
  },
});

/** What the peer makes of a message: nothing here looks into it. */
type PeerMessage = { readonly op: number };
interface PeerProtocol {
  parse(bytes: Buffer): PeerMessage;
  format(message: PeerMessage): { readonly _data: Buffer; readonly _w: number };
}

interface Row {
  readonly message: string;
  readonly operation: string;
  readonly router7: () => unknown;
  readonly peer: () => unknown;
}

interface Result {
  readonly message: string;
  readonly operation: string;
  readonly router7Ns: number;
  readonly peerNs: number;
  readonly ratio: number;
}

/** Keeps results alive, so that nothing measured can be optimized away. */
export let sink: unknown;

const peer = loadPeer();
const rows = [
  ...rowsOf('DISCOVER of udhcpc', 'isc-udhcpc-dora', 0),
  ...rowsOf('DISCOVER of dhclient', 'kea-dhclient-dora', 0),
  ...rowsOf('ACK of ISC dhcpd', 'isc-udhcpc-dora', 3),
  ...rowsOf('ACK of Kea', 'kea-dhclient-dora', 3),
];
const results = rows.map(measure);

console.log(
  `Node ${process.version}, ${cpus()[0]?.model ?? arch()}; nanoseconds per message, medians of ${values.rounds} rounds`,
);
console.table(
  results.map(({ message, operation, router7Ns, peerNs, ratio }) => ({
    message,
    operation,
    router7: Math.round(router7Ns),
    [PEER]: Math.round(peerNs),
    'times faster': Number(ratio.toFixed(1)),
  })),
);
const overall = ['decode', 'encode', 'encode into a writer'].map((operation) => ({
  operation,
  ratio: geometricMean(results.filter((result) => result.operation === operation).map(({ ratio }) => ratio)),
}));
for (const { operation, ratio } of overall) {
  const verdict = ratio >= TARGET ? 'met' : 'MISSED';
  console.log(`${operation}: ${ratio.toFixed(1)} times faster than ${PEER} (target ${TARGET}: ${verdict})`);
}
mkdirSync(dirname(values.json), { recursive: true });
writeFileSync(
  values.json,
  `${JSON.stringify({ node: process.version, peer: PEER, target: TARGET, overall, results }, null, 2)}\n`,
);

/** Installs the peer once, outside of the workspace's own dependencies. */
function loadPeer(): PeerProtocol {
  const folder = fileURLToPath(new URL('.peers/', import.meta.url));
  if (!existsSync(`${folder}node_modules/dhcp/package.json`)) {
    mkdirSync(folder, { recursive: true });
    const flags = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
    execFileSync('npm', ['install', ...flags, '--prefix', folder, PEER], { stdio: 'inherit' });
  }
  return createRequire(folder)('dhcp/lib/protocol.js') as PeerProtocol;
}

function rowsOf(message: string, capture: string, index: number): Row[] {
  const bytes = payloads(capture)[index];
  if (bytes === undefined) throw new Error(`${capture} has no message ${index}`);
  const decoded = decodeMessage(bytes);
  const buffer = Buffer.from(bytes);
  const peerMessage = peer.parse(buffer);
  assertSame(decoded, peerMessage);
  const name = `${message}: ${bytes.length} octets, ${decoded.options.length} options`;
  const writer = new ByteWriter(1500);
  const format = (): unknown => peer.format(peerMessage);
  return [
    { message: name, operation: 'decode', router7: () => decodeMessage(bytes), peer: () => peer.parse(buffer) },
    { message: name, operation: 'encode', router7: () => encodeMessage(decoded), peer: format },
    {
      message: name,
      operation: 'encode into a writer',
      router7: () => {
        writer.reset();
        encodeMessageTo(writer, decoded);
        return writer.view();
      },
      peer: format,
    },
  ];
}

/** Both must have understood the message, and the peer must write one that means the same. */
function assertSame(decoded: Message, peerMessage: PeerMessage): void {
  const sequence = peer.format(peerMessage);
  const again = decodeMessage(sequence._data.subarray(0, sequence._w));
  for (const name of ['dhcpMessageType', 'hostName', 'ipAddressLeaseTime'] as const) {
    if (optionValue(again, name) !== optionValue(decoded, name)) throw new Error(`the peer has lost option ${name}`);
  }
  if (again.xid !== decoded.xid || again.options.length !== decoded.options.length) {
    throw new Error('the peer writes another message than it has read');
  }
}

function measure({ message, operation, router7, peer }: Row): Result {
  const ours = calibrate(router7);
  const theirs = calibrate(peer);
  const samples: { router7Ns: number; peerNs: number }[] = [];
  for (let round = 0; round < Number(values.rounds); round++) {
    samples.push({ router7Ns: time(router7, ours), peerNs: time(peer, theirs) });
  }
  return {
    message,
    operation,
    router7Ns: median(samples.map((sample) => sample.router7Ns)),
    peerNs: median(samples.map((sample) => sample.peerNs)),
    ratio: median(samples.map((sample) => sample.peerNs / sample.router7Ns)),
  };
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

function geometricMean(numbers: readonly number[]): number {
  return Math.exp(numbers.reduce((sum, number) => sum + Math.log(number), 0) / numbers.length);
}

/** UDP payloads of a classic pcap of Ethernet frames, those of ARP and the like left out. */
function payloads(name: string): Uint8Array[] {
  const data = readFileSync(new URL(`../packages/dhcp4/test/fixtures/${name}.pcap`, import.meta.url));
  const found: Uint8Array[] = [];
  for (let at = 24; at + 16 <= data.length; ) {
    const frame = data.subarray(at + 16, at + 16 + data.readUInt32LE(at + 8));
    at += 16 + frame.length;
    if (frame.readUInt16BE(12) !== 0x0800 || frame[23] !== 17) continue;
    const udp = frame.subarray(14 + (frame.readUInt8(14) & 15) * 4);
    found.push(new Uint8Array(udp.subarray(8, udp.readUInt16BE(4))));
  }
  return found;
}

import { readdirSync, readFileSync } from 'node:fs';
import { decodeFrame, readCapture } from '@router7/pcap';

const FIXTURES = new URL('fixtures/', import.meta.url);
const TCP = 6;

/** A DNS message of a capture. */
export interface CapturedMessage {
  /** The number of its packet in the file, from 1; over TCP that of its last part. */
  readonly frame: number;
  readonly bytes: Uint8Array;
}

/** File names of the captures beside this file. */
export const captures: readonly string[] = readdirSync(FIXTURES).filter((name) => name.endsWith('.pcap'));

/** What tshark makes of a capture, as expected.py says. */
export function expectation<T>(name: string): readonly T[] {
  return JSON.parse(readFileSync(new URL(`expected/${name.replace('.pcap', '.json')}`, FIXTURES), 'utf8'));
}

/** The messages of a capture, over UDP and TCP. Nothing was lost or repeated when they were recorded. */
export function capturedMessages(name: string): CapturedMessage[] {
  const found: CapturedMessage[] = [];
  const streams = new Map<string, Uint8Array>();
  let frame = 0;
  for (const record of readCapture(readFileSync(new URL(name, FIXTURES)))) {
    if (record.kind !== 'packet') continue;
    frame++;
    const { udp, ipv4 } = decodeFrame(record.bytes, { verifyChecksums: true });
    if (udp !== undefined) found.push({ frame, bytes: Uint8Array.from(udp.payload) });
    if (ipv4?.protocol !== TCP) continue;
    const segment = Uint8Array.from(ipv4.payload);
    const ports = segment.subarray(0, 4).join();
    let data = Uint8Array.from([
      ...(streams.get(ports) ?? []),
      ...segment.subarray(((segment[12] as number) >> 4) * 4),
    ]);
    for (let end = next(data); end <= data.length; end = next(data)) {
      found.push({ frame, bytes: data.slice(2, end) });
      data = data.slice(end);
    }
    streams.set(ports, data);
  }
  return found;
}

/** Where the first message of a stream ends (RFC 1035 section 4.2.2). */
function next(data: Uint8Array): number {
  return data.length < 2 ? 2 ** 16 + 2 : 2 + (((data[0] as number) << 8) | (data[1] as number));
}

/** What a program or library of Linux needs to be loaded. */
export interface ElfNeeds {
  /** Names of libraries, without folders. */
  readonly libraries: readonly string[];
  /** Path of the program that loads it. */
  readonly interpreter: string | undefined;
}

/** Fields of the header and of program headers (elf(5), 64 bits, little-endian). */
const CLASS_64_LITTLE_ENDIAN = [0x7f, 0x45, 0x4c, 0x46, 2, 1];
const PROGRAM_HEADERS_AT = 32;
const PROGRAM_HEADER_SIZE_AT = 54;

const Segment = { load: 1, dynamic: 2, interpreter: 3 } as const;
const Tag = { end: 0, needed: 1, stringTable: 5 } as const;

interface SegmentHeader {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

/**
 * Reads what a file needs to be loaded.
 *
 * @returns undefined for what is no ELF file of 64 bits
 * @throws RangeError when its tables point outside of it
 */
export function readElfNeeds(file: Uint8Array): ElfNeeds | undefined {
  if (!CLASS_64_LITTLE_ENDIAN.every((byte, index) => file[index] === byte)) return undefined;
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.length);
  const segments = readSegments(bytes);
  const interpreter = segments.find(({ type }) => type === Segment.interpreter);
  return {
    libraries: neededLibraries(bytes, segments),
    interpreter: interpreter && textAt(bytes, interpreter.offset),
  };
}

function readSegments(bytes: Buffer): readonly SegmentHeader[] {
  const start = Number(bytes.readBigUInt64LE(PROGRAM_HEADERS_AT));
  const size = bytes.readUInt16LE(PROGRAM_HEADER_SIZE_AT);
  const count = bytes.readUInt16LE(PROGRAM_HEADER_SIZE_AT + 2);
  return Array.from({ length: count }, (_, index) => {
    const at = start + index * size;
    return {
      type: bytes.readUInt32LE(at),
      offset: Number(bytes.readBigUInt64LE(at + 8)),
      address: Number(bytes.readBigUInt64LE(at + 16)),
      size: Number(bytes.readBigUInt64LE(at + 32)),
    };
  });
}

function neededLibraries(bytes: Buffer, segments: readonly SegmentHeader[]): readonly string[] {
  const dynamic = segments.find(({ type }) => type === Segment.dynamic);
  if (dynamic === undefined) return [];
  const names: number[] = [];
  let strings = 0;
  for (let at = dynamic.offset; at < dynamic.offset + dynamic.size; at += 16) {
    const tag = Number(bytes.readBigUInt64LE(at));
    const value = Number(bytes.readBigUInt64LE(at + 8));
    if (tag === Tag.end) break;
    if (tag === Tag.needed) names.push(value);
    if (tag === Tag.stringTable) strings = offsetOf(value, segments);
  }
  return names.map((name) => textAt(bytes, strings + name));
}

function offsetOf(address: number, segments: readonly SegmentHeader[]): number {
  const segment = segments.find(
    ({ type, address: start, size }) => type === Segment.load && address >= start && address < start + size,
  );
  if (segment === undefined) throw new RangeError('the table of names is in no segment');
  return address - segment.address + segment.offset;
}

function textAt(bytes: Buffer, at: number): string {
  const end = bytes.indexOf(0, at);
  if (at >= bytes.length || end === -1) throw new RangeError('a name ends outside of the file');
  return bytes.toString('latin1', at, end);
}

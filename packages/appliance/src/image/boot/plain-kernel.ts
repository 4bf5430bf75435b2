import { execFileSync } from 'node:child_process';

/*
 * Debian's kernel is compressed by xz, which takes 4.7 thousand million instructions to undo: most of the time that a router
 * of 1 GHz takes to start. GRUB for a BIOS can be given a kernel that is not compressed: the boot protocol
 * (Documentation/x86/boot.rst) does not care what is behind the setup header. Here that is a page of code that does what
 * Debian's decompressor would do in the end: it puts the kernel where it is made for, turns on paging and 64 bits, and jumps
 * into it. The kernel is not moved to a random address: see docs/appliance/image.md.
 */

/** Where GRUB loads what is behind the setup, when the header says that it cannot be anywhere. */
const LOAD = 0x100000;
const PAGE = 4096;
/** Of 2 MiB pages: the first four GiB take four tables. */
const LARGE_PAGE = 0x200000;
const TABLES = 4;
/** After the code: the table of tables of tables, the table of tables, and the tables. */
const PAGING = LOAD + PAGE;
const KERNEL = PAGING + (2 + TABLES) * PAGE;
/** Of the code, in its page. */
const SEGMENTS_AT = 0x800;

/** Present, writable; and a page instead of a table. */
const PRESENT = 3;
const IS_LARGE = 0x80;

/** Offsets in the setup header. */
const Header = {
  setupSectors: 0x1f1,
  size: 0x1f4,
  magic: 0x202,
  start: 0x214,
  relocatable: 0x234,
  extendedFlags: 0x236,
  payloadOffset: 0x248,
  payloadLength: 0x24c,
  initSize: 0x260,
  handover: 0x264,
} as const;

/** The kernel as it is in memory. */
interface MemoryImage {
  readonly address: number;
  /** Without zeros at its end. */
  readonly bytes: Uint8Array;
  /** With them. */
  readonly length: number;
}

/**
 * Makes a kernel that need not be decompressed of one that has to be (a bzImage of x86-64, compressed by xz). A BIOS's boot
 * loader takes it; neither UEFI nor kexec does.
 *
 * @throws RangeError when it is not such a kernel
 */
export function plainKernel(bzImage: Uint8Array): Uint8Array {
  const image = Buffer.from(bzImage);
  if (image.toString('latin1', Header.magic, Header.magic + 4) !== 'HdrS') throw new RangeError('not a kernel');
  const setupLength = (image.readUInt8(Header.setupSectors) + 1) * 512;
  const start = setupLength + image.readUInt32LE(Header.payloadOffset);
  // The last four octets are the length of what comes out.
  const payload = image.subarray(start, start + image.readUInt32LE(Header.payloadLength) - 4);
  const kernel = memoryImage(unpack(payload));

  const body = Buffer.concat([startCode(kernel), pageTables(), kernel.bytes]);
  const setup = Buffer.from(image.subarray(0, setupLength));
  setup.writeUInt32LE(Math.ceil(body.length / 16), Header.size);
  setup.writeUInt32LE(LOAD, Header.start);
  setup.writeUInt8(0, Header.relocatable);
  // No other ways in: 64 bits, UEFI.
  setup.writeUInt16LE(0, Header.extendedFlags);
  setup.writeUInt32LE(0, Header.handover);
  setup.writeUInt32LE(0, Header.payloadOffset);
  setup.writeUInt32LE(0, Header.payloadLength);
  // What has to be free from where it is loaded on: the initrd comes behind it.
  setup.writeUInt32LE(kernel.address + kernel.length - LOAD, Header.initSize);
  return Buffer.concat([setup, body], Math.ceil((setup.length + body.length) / 16) * 16);
}

function unpack(payload: Uint8Array): Buffer {
  return execFileSync('xz', ['--decompress', '--stdout', '--single-stream'], {
    input: payload,
    maxBuffer: 512 * 1024 * 1024,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}

/** Puts the segments of an ELF file (64 bits, little-endian) where they belong in memory. */
function memoryImage(elf: Buffer): MemoryImage {
  if (elf.readUInt32BE(0) !== 0x7f454c46) throw new RangeError('what was compressed is no ELF file');
  const headers = Number(elf.readBigUInt64LE(32));
  const segments = Array.from({ length: elf.readUInt16LE(56) }, (_, index) => {
    const header = elf.subarray(headers + index * 56);
    const field = (at: number): number => Number(header.readBigUInt64LE(at));
    return { type: header.readUInt32LE(0), offset: field(8), address: field(24), size: field(32), memory: field(40) };
  }).filter(({ type }) => type === 1);
  const address = Math.min(...segments.map((segment) => segment.address));
  const end = Math.max(...segments.map((segment) => segment.address + segment.memory));
  if (address !== Number(elf.readBigUInt64LE(24)) || address < KERNEL || end > 2 ** 31) {
    throw new RangeError('the kernel is not where it was expected');
  }
  const bytes = Buffer.alloc(end - address);
  for (const { offset, address: at, size } of segments) bytes.set(elf.subarray(offset, offset + size), at - address);
  let length = bytes.length;
  while (length > 0 && bytes[length - 1] === 0) length--;
  return { address, bytes: bytes.subarray(0, Math.ceil(length / PAGE) * PAGE), length: bytes.length };
}

/** Tables that map the first four GiB to themselves (Intel's manual, volume 3, 4.5). */
function pageTables(): Buffer {
  const bytes = Buffer.alloc((2 + TABLES) * PAGE);
  bytes.writeBigUInt64LE(BigInt(PAGING + PAGE + PRESENT), 0);
  for (let table = 0; table < TABLES; table++) {
    bytes.writeBigUInt64LE(BigInt(PAGING + (2 + table) * PAGE + PRESENT), PAGE + table * 8);
  }
  for (let page = 0; page < TABLES * 512; page++) {
    bytes.writeBigUInt64LE(BigInt(page * LARGE_PAGE + IS_LARGE + PRESENT), 2 * PAGE + page * 8);
  }
  return bytes;
}

/**
 * Code that is jumped to with 32 bits, without paging, segments flat, interrupts off, and the address of the boot parameters
 * in ESI. The kernel wants the latter in RSI, 64 bits, and itself and them mapped to where they are.
 */
function startCode({ address, bytes, length }: MemoryImage): Buffer {
  const segments = LOAD + SEGMENTS_AT;
  const before = [
    ['fa'], // cli
    ['89f5'], // mov %esi, %ebp
    // Backwards, for the two places overlap.
    ['fd'], // std
    ['be', KERNEL + bytes.length - 4], // mov $, %esi
    ['bf', address + bytes.length - 4], // mov $, %edi
    ['b9', bytes.length / 4], // mov $, %ecx
    ['f3a5'], // rep movsl
    ['fc'], // cld
    // What was left out at the end.
    ['bf', address + bytes.length], // mov $, %edi
    ['b9', (length - bytes.length) / 4], // mov $, %ecx
    ['31c0'], // xor %eax, %eax
    ['f3ab'], // rep stosl
    ['0f0115', segments], // lgdt
    ['0f20e0'], // mov %cr4, %eax
    ['83c820'], // or $PAE, %eax
    ['0f22e0'], // mov %eax, %cr4
    ['b8', PAGING], // mov $, %eax
    ['0f22d8'], // mov %eax, %cr3
    ['b9800000c0'], // mov $EFER, %ecx
    ['0f32'], // rdmsr
    ['0d00010000'], // or $LME, %eax
    ['0f30'], // wrmsr
    ['0f20c0'], // mov %cr0, %eax
    ['0d00000080'], // or $PG, %eax
    ['0f22c0'], // mov %eax, %cr0
  ] as const;
  const first = encode(before);
  const long = first.length + 7;
  const code = Buffer.concat([
    first,
    encode([['ea', LOAD + long], ['1000']]), // ljmp $0x10, $
    encode([
      ['b818000000'], // mov $0x18, %eax
      ['8ed8'], // mov %eax, %ds
      ['8ec0'], // mov %eax, %es
      ['8ed0'], // mov %eax, %ss
      ['89ee'], // mov %ebp, %esi: clears the upper half of RSI
      ['b8', address], // mov $, %eax
      ['ffe0'], // jmp *%rax
    ]),
  ]);
  const page = Buffer.alloc(PAGE);
  page.set(code);
  // Limit and address of the table of segments, which follows: two empty ones, code of 64 bits, data.
  page.writeUInt16LE(4 * 8 - 1, SEGMENTS_AT);
  page.writeUInt32LE(segments + 8, SEGMENTS_AT + 2);
  page.writeBigUInt64LE(0x00af9a000000ffffn, SEGMENTS_AT + 8 + 0x10);
  page.writeBigUInt64LE(0x00cf92000000ffffn, SEGMENTS_AT + 8 + 0x18);
  return page;
}

/** Instructions as hexadecimal, each with a number of 32 bits behind it or without. */
function encode(instructions: readonly (readonly [code: string, operand?: number])[]): Buffer {
  return Buffer.concat(
    instructions.flatMap(([code, operand]) => {
      const number = Buffer.alloc(operand === undefined ? 0 : 4);
      if (operand !== undefined) number.writeUInt32LE(operand);
      return [Buffer.from(code, 'hex'), number];
    }),
  );
}

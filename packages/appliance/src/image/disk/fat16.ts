import { SECTOR } from './gpt.ts';

/** A folder's entries by name, each in the 8.3 form; names are not told apart by case. */
export interface FatFolder {
  readonly [name: string]: FatFolder | Uint8Array;
}

/** What a FAT16 file system is to be like. */
export interface Fat16Options {
  /** Size of the partition. */
  readonly sectors: number;
  /** Sector of the disk at which the partition begins. */
  readonly hiddenSectors: number;
  /** Stand in the reserved sectors, from the second one on: the file system leaves them alone. */
  readonly reserved: Uint8Array;
  readonly reservedSectors: number;
  readonly volumeId: number;
  /** Eleven characters at most. */
  readonly label: string;
  /** Time of all entries. */
  readonly time: Date;
}

const SECTORS_PER_CLUSTER = 4;
const CLUSTER = SECTORS_PER_CLUSTER * SECTOR;
const ROOT_ENTRIES = 512;
const ENTRY_LENGTH = 32;
const COPIES = 2;
/** Which FAT it is goes by the number of clusters alone (Microsoft's specification of FAT, 3.5). */
const MIN_CLUSTERS = 4085;
const MAX_CLUSTERS = 65524;
/** A hard disk; stands in the first entry of the table, too. */
const MEDIA = 0xf8;
const END_OF_CHAIN = 0xffff;

const Attribute = { directory: 0x10, volumeLabel: 0x08, archive: 0x20 } as const;

/**
 * Writes a FAT16 file system (Microsoft's specification of FAT, 2005).
 *
 * @returns without the free space at its end
 * @throws RangeError when it does not fit, or a name is not of the 8.3 form
 */
export function encodeFat16(root: FatFolder, options: Fat16Options): Uint8Array {
  const { sectors, reservedSectors } = options;
  if (options.reserved.length > (reservedSectors - 1) * SECTOR) {
    throw new RangeError(`found ${options.reserved.length} bytes for ${reservedSectors - 1} reserved sectors`);
  }
  const rootSectors = (ROOT_ENTRIES * ENTRY_LENGTH) / SECTOR;
  const tableSectors = sectorsOfTable(sectors - reservedSectors - rootSectors);
  const dataSector = reservedSectors + COPIES * tableSectors + rootSectors;
  const clusters = Math.floor((sectors - dataSector) / SECTORS_PER_CLUSTER);
  if (clusters < MIN_CLUSTERS || clusters > MAX_CLUSTERS) throw new RangeError(`${sectors} sectors are not for FAT16`);

  const writer = new ClusterWriter(clusters, options.time);
  const rootFolder = writer.folder(root, [labelEntry(options)]);
  if (rootFolder.length > ROOT_ENTRIES * ENTRY_LENGTH) throw new RangeError('too many files in the root folder');

  const bytes = Buffer.alloc(dataSector * SECTOR + writer.data.length);
  bytes.set(bootSector(options, tableSectors));
  bytes.set(options.reserved, SECTOR);
  for (let copy = 0; copy < COPIES; copy++) bytes.set(writer.table(), (reservedSectors + copy * tableSectors) * SECTOR);
  bytes.set(rootFolder, (dataSector - rootSectors) * SECTOR);
  bytes.set(writer.data, dataSector * SECTOR);
  return bytes;
}

/** Sectors of one table for what is left of the partition without reserved sectors and root folder. */
function sectorsOfTable(sectors: number): number {
  const perTableSector = SECTOR / 2;
  return Math.ceil((sectors / SECTORS_PER_CLUSTER + 2) / (perTableSector + COPIES / SECTORS_PER_CLUSTER));
}

/** Hands out clusters one after the other, so that each file is in one piece. */
class ClusterWriter {
  readonly #clusters: number;
  readonly #time: Uint8Array;
  readonly #chain: number[] = [0xff00 | MEDIA, END_OF_CHAIN];
  readonly #parts: Uint8Array[] = [];

  constructor(clusters: number, time: Date) {
    this.#clusters = clusters;
    this.#time = encodeTime(time);
  }

  get data(): Uint8Array {
    return Buffer.concat(this.#parts);
  }

  table(): Uint8Array {
    const bytes = Buffer.alloc(this.#chain.length * 2);
    for (const [index, next] of this.#chain.entries()) bytes.writeUInt16LE(next, index * 2);
    return bytes;
  }

  /** Writes what is in a folder. @returns the folder's own entries, behind `first` */
  folder(entries: FatFolder, first: readonly Uint8Array[], own?: number): Uint8Array {
    const found = Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1));
    return Buffer.concat([
      ...first,
      ...found.map(([name, content]) => {
        if (content instanceof Uint8Array) {
          return entry(shortName(name), Attribute.archive, this.#allocate(content), content.length, this.#time);
        }
        return entry(shortName(name), Attribute.directory, this.#subfolder(content, own ?? 0), 0, this.#time);
      }),
    ]);
  }

  #subfolder(content: FatFolder, parent: number): number {
    // Its own number stands in it: the clusters are taken first, and filled afterwards.
    const length = (Object.keys(content).length + 2) * ENTRY_LENGTH;
    const bytes = Buffer.alloc(Math.ceil(length / CLUSTER) * CLUSTER);
    const own = this.#allocate(bytes);
    const dot = entry(Buffer.from('.'.padEnd(11)), Attribute.directory, own, 0, this.#time);
    const dotDot = entry(Buffer.from('..'.padEnd(11)), Attribute.directory, parent, 0, this.#time);
    bytes.set(this.folder(content, [dot, dotDot], own));
    return own;
  }

  /** @returns the first cluster; 0 for what is empty */
  #allocate(content: Uint8Array): number {
    const count = Math.ceil(content.length / CLUSTER);
    if (count === 0) return 0;
    const first = this.#chain.length;
    if (first - 2 + count > this.#clusters) throw new RangeError('the file system is full');
    for (let index = 1; index < count; index++) this.#chain.push(first + index);
    this.#chain.push(END_OF_CHAIN);
    this.#parts.push(content, new Uint8Array(count * CLUSTER - content.length));
    return first;
  }
}

function bootSector(options: Fat16Options, tableSectors: number): Uint8Array {
  const bytes = Buffer.alloc(SECTOR);
  bytes.set([0xeb, 0x3c, 0x90]); // jump over what follows
  bytes.write('gokrazy!', 3, 'latin1');
  bytes.writeUInt16LE(SECTOR, 11);
  bytes.writeUInt8(SECTORS_PER_CLUSTER, 13);
  bytes.writeUInt16LE(options.reservedSectors, 14);
  bytes.writeUInt8(COPIES, 16);
  bytes.writeUInt16LE(ROOT_ENTRIES, 17);
  bytes.writeUInt8(MEDIA, 21);
  bytes.writeUInt16LE(tableSectors, 22);
  bytes.writeUInt16LE(63, 24); // sectors per track
  bytes.writeUInt16LE(255, 26); // heads
  bytes.writeUInt32LE(options.hiddenSectors, 28);
  bytes.writeUInt32LE(options.sectors, 32);
  bytes.writeUInt8(0x80, 36); // drive
  bytes.writeUInt8(0x29, 38); // the next three are there
  bytes.writeUInt32LE(options.volumeId, 39);
  bytes.write(options.label.padEnd(11), 43, 'latin1');
  bytes.write('FAT16   ', 54, 'latin1');
  // Who starts from the partition itself ends here: int 0x18 has the BIOS try its next device.
  bytes.set([0xcd, 0x18], 62);
  bytes.writeUInt16LE(0xaa55, 510);
  return bytes;
}

function labelEntry({ label, time }: Fat16Options): Uint8Array {
  return entry(Buffer.from(label.padEnd(11), 'latin1'), Attribute.volumeLabel, 0, 0, encodeTime(time));
}

function entry(name: Uint8Array, attributes: number, cluster: number, size: number, time: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(ENTRY_LENGTH);
  bytes.set(name);
  bytes.writeUInt8(attributes, 11);
  bytes.set(time, 14); // made
  bytes.set(time.subarray(2), 18); // read, a day
  bytes.set(time, 22); // written
  bytes.writeUInt16LE(cluster, 26);
  bytes.writeUInt32LE(size, 28);
  return bytes;
}

function shortName(name: string): Uint8Array {
  const [, base = '', extension = ''] = /^([\w-]{1,8})(?:\.([\w-]{1,3}))?$/.exec(name) ?? [];
  if (base === '') throw new RangeError(`found the name ${JSON.stringify(name)}, expected one of the 8.3 form`);
  return Buffer.from(`${base.padEnd(8)}${extension.padEnd(3)}`.toUpperCase(), 'latin1');
}

/** Time and date, in two seconds and since 1980, of UTC. */
function encodeTime(time: Date): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt16LE((time.getUTCHours() << 11) | (time.getUTCMinutes() << 5) | (time.getUTCSeconds() >> 1), 0);
  const year = Math.max(0, Math.min(127, time.getUTCFullYear() - 1980));
  bytes.writeUInt16LE((year << 9) | ((time.getUTCMonth() + 1) << 5) | time.getUTCDate(), 2);
  return bytes;
}

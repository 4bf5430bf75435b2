/** An entry of an archive. Paths are relative, without a leading slash; parents come before what is in them. */
export type CpioEntry =
  | { readonly kind: 'directory'; readonly path: string; readonly mode: number }
  | { readonly kind: 'file'; readonly path: string; readonly mode: number; readonly data: Uint8Array }
  | { readonly kind: 'link'; readonly path: string; readonly target: string }
  | {
      readonly kind: 'device';
      readonly path: string;
      readonly mode: number;
      readonly major: number;
      readonly minor: number;
    };

/** File types of `st_mode` (inode(7)). */
const FileType = { directory: 0o040000, file: 0o100000, link: 0o120000, device: 0o020000 } as const;

/** Header and data each begin at a multiple of this. */
const ALIGNMENT = 4;

/**
 * Writes an archive in the "newc" format, the one that Linux unpacks as an initramfs
 * (Documentation/driver-api/early-userspace/buffer-format.rst): all that is in it belongs to root, and has no time.
 */
export function encodeCpio(entries: readonly CpioEntry[]): Uint8Array {
  const parts = entries.flatMap((entry, index) => member(entry, index + 1));
  return Buffer.concat([...parts, ...member({ kind: 'file', path: 'TRAILER!!!', mode: 0, data: new Uint8Array() }, 0)]);
}

/** @param inode a number of its own for each entry, or they would be taken for hard links to each other */
function member(entry: CpioEntry, inode: number): readonly Uint8Array[] {
  const data = contents(entry);
  const name = Buffer.from(`${entry.path}\0`);
  const [major, minor] = entry.kind === 'device' ? [entry.major, entry.minor] : [0, 0];
  const permissions = entry.kind === 'link' ? 0o777 : entry.mode;
  const fields = [
    inode,
    inode === 0 ? 0 : FileType[entry.kind] | permissions,
    0, // uid
    0, // gid
    1, // nlink
    0, // mtime
    data.length,
    0, // device that the file is on, major
    0, // and minor
    major,
    minor,
    name.length,
    0, // checksum, of the "crc" format only
  ];
  const header = Buffer.from(`070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`);
  return [header, name, padding(header.length + name.length), data, padding(data.length)];
}

function contents(entry: CpioEntry): Uint8Array {
  if (entry.kind === 'file') return entry.data;
  return entry.kind === 'link' ? Buffer.from(entry.target) : new Uint8Array();
}

function padding(length: number): Uint8Array {
  return new Uint8Array((ALIGNMENT - (length % ALIGNMENT)) % ALIGNMENT);
}

import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import { crc32 } from 'node:zlib';

/** That it takes to read it: 1.0. */
const VERSION = 10;

/**
 * Writes gokrazy's archive format (.gaf): a ZIP file (PKWARE's APPNOTE 6.3, 4.3) whose members are stored as they are.
 *
 * @param members paths of files, each below 4 GiB
 * @param time of all of them
 */
export function writeGaf(path: string, members: readonly string[], time: Date): void {
  const file = openSync(path, 'w');
  try {
    let at = 0;
    const write = (bytes: Uint8Array): void => {
      writeSync(file, bytes);
      at += bytes.length;
    };
    const directory = members.map((member) => {
      const data = readFileSync(member);
      const name = Buffer.from(basename(member));
      const fields = memberFields(data, name, time);
      const offset = at;
      for (const part of [signature('PK\x03\x04'), fields, name, data]) write(part);
      const more = Buffer.alloc(14);
      more.writeUInt32LE(offset, 10);
      return Buffer.concat([signature('PK\x01\x02'), word(VERSION), fields, more, name]);
    });
    const start = at;
    for (const entry of directory) write(entry);
    const end = Buffer.alloc(18);
    end.writeUInt16LE(members.length, 4);
    end.writeUInt16LE(members.length, 6);
    end.writeUInt32LE(at - start, 8);
    end.writeUInt32LE(start, 12);
    write(Buffer.concat([signature('PK\x05\x06'), end]));
  } finally {
    closeSync(file);
  }
}

/** What the header of a member and its entry in the directory have in common. */
function memberFields(data: Uint8Array, name: Uint8Array, time: Date): Buffer {
  const bytes = Buffer.alloc(26);
  bytes.writeUInt16LE(VERSION, 0);
  // Flags and method are 0: stored. Time and date are in two seconds and since 1980.
  bytes.writeUInt16LE((time.getUTCHours() << 11) | (time.getUTCMinutes() << 5) | (time.getUTCSeconds() >> 1), 6);
  bytes.writeUInt16LE(((time.getUTCFullYear() - 1980) << 9) | ((time.getUTCMonth() + 1) << 5) | time.getUTCDate(), 8);
  bytes.writeUInt32LE(crc32(data), 10);
  bytes.writeUInt32LE(data.length, 14);
  bytes.writeUInt32LE(data.length, 18);
  bytes.writeUInt16LE(name.length, 22);
  return bytes;
}

function signature(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

function word(value: number): Buffer {
  return Buffer.from([value & 0xff, value >> 8]);
}

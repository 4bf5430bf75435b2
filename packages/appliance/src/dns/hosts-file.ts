import { isIP } from 'node:net';

/** Entries of one file at most. */
const MOST_ENTRIES = 100_000;

/** A name and an address of it. */
export interface HostsEntry {
  readonly address: string;
  readonly name: string;
}

/** Reads a file such as /etc/hosts: an address and its names a line, comments from `#` on. What is no such line is passed over. */
export function parseHostsFile(text: string): readonly HostsEntry[] {
  const entries: HostsEntry[] = [];
  for (const line of text.split('\n')) {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (isIP(address) === 0 || address.includes('%')) continue;
    for (const name of names) {
      if (entries.length === MOST_ENTRIES) return entries;
      entries.push({ address, name: name.toLowerCase().replace(/\.$/, '') });
    }
  }
  return entries;
}

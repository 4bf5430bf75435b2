/** What one process has of the memory. */
export interface Share {
  /** First word of its command line, a daemon's title. */
  readonly name: string;
  /** Proportional set size in kibibytes: what it shares with others counts in parts (proc(5), smaps_rollup). */
  readonly pss: number;
  /** What is its own, in kibibytes, clean and dirty. */
  readonly own: number;
  /** What of it is in pages of 2 MiB, used or not, in kibibytes. */
  readonly huge: number;
}

/** Prints, in a guest, what {@link parseShares} reads; the kernel's threads have no memory of their own and are left out. */
export const SHARES_COMMAND = `for folder in /proc/[0-9]*; do
  rollup=$(cat $folder/smaps_rollup 2>/dev/null) || continue
  [ -n "$rollup" ] || continue
  echo "process $(tr '\\0' ' ' <$folder/cmdline)"
  echo "$rollup"
done
grep -E '^(MemTotal|MemAvailable):' /proc/meminfo`;

/** The memory of a machine. */
export interface Memory {
  /** The largest first. */
  readonly shares: readonly Share[];
  /** Sum of all shares in kibibytes. */
  readonly pss: number;
  /** MemTotal minus MemAvailable in kibibytes: the kernel's own is part of it. */
  readonly used: number;
}

/** Reads the output of {@link SHARES_COMMAND}. */
export function parseShares(text: string): Memory {
  const shares: Share[] = [];
  for (const part of text.split(/^process /m).slice(1)) {
    const pss = numberOf(part, 'Pss');
    const name = part.split(/\s/, 1)[0] ?? '';
    const own = numberOf(part, 'Private_Clean') + numberOf(part, 'Private_Dirty');
    // Programs that this command consists of end while it looks.
    if (pss > 0) shares.push({ name: name === '' ? '(shell)' : name, pss, own, huge: numberOf(part, 'AnonHugePages') });
  }
  shares.sort((a, b) => b.pss - a.pss);
  return {
    shares,
    pss: shares.reduce((sum, share) => sum + share.pss, 0),
    used: numberOf(text, 'MemTotal') - numberOf(text, 'MemAvailable'),
  };
}

function numberOf(text: string, key: string): number {
  return Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0);
}

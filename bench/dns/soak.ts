import { uniqueNames } from './loads.ts';
import { memoryRow } from './memory.ts';
import type { Site } from './site.ts';

/** Of a hundred queries, those for a name that was never asked for. */
const UNIQUE = 30;
/** Seconds from one look at the memory to the next. */
const INTERVAL = 10;

/** Puts a server under full load. @returns what was seen @throws Error when it has more memory than it may, or fails to answer */
export async function soak(site: Site, minutes: number): Promise<readonly Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  for (let second = 0; second < minutes * 60; second += INTERVAL) {
    const { answered, seconds, lost, wrong } = await site.ask(uniqueNames(UNIQUE), INTERVAL, 0);
    const row: Record<string, unknown> = {
      ...memoryRow(site, `${second + INTERVAL} s`),
      'queries/s': Math.round(answered / seconds),
      lost,
      wrong,
    };
    rows.push(row);
    console.log(JSON.stringify(row));
    if (row.holds === false) throw new Error(`${row['RSS MiB']} MiB are in use, ${row['bound MiB']} may be`);
    if (wrong > 0) throw new Error(`${wrong} answers were wrong`);
  }
  return rows;
}

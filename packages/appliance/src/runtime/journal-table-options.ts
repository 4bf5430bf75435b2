import type { Clock } from '../system/clock.ts';
import type { Log } from './log.ts';
import type { TableFile } from './table-file.ts';
import type { TableMemory, TableRecords } from './table-records.ts';

/** How `JournalTable` is made. */
export interface JournalTableOptions<L, K> {
  /** Holds the file and the journal; made when it is not there. */
  readonly folder: string;
  readonly memory: TableMemory<L, K>;
  readonly records: TableRecords<L, K>;
  readonly file: TableFile<L>;
  readonly clock: Clock;
  readonly log: Log;
  /** The file has been written anew. */
  readonly onSaved?: (() => void) | undefined;
  /** Somebody else has edited the file: whoever has an engine on the table stops it and has the edits taken over. */
  readonly onEdited?: (() => void) | undefined;
}

/** What a table has done since it was opened. */
export interface JournalTableCounters {
  syncs: number;
  failedSyncs: number;
  snapshots: number;
  failedSnapshots: number;
}

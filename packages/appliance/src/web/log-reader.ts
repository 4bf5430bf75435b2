import { readFileSync } from 'node:fs';
import type { LogStream, SupervisorControl } from '../init/control.ts';
import type { LogLine, LogRing } from '../init/log-ring.ts';

/** A line as a reader gets it. */
export interface ReadLine extends LogLine {
  readonly stream: LogStream;
  /** How many lines before this one, of its stream, were no longer kept. */
  readonly missed: number;
  /** Where another reader goes on after this line. */
  readonly position: string;
}

/** One stream, or both. */
export type LogChoice = LogStream | 'both';

/** Lines are numbered as long as the machine runs: the next supervisor goes on where this one ends. */
const EPOCH = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8);
const POSITION = /^([0-9a-f]{8})-(\d{1,15})-(\d{1,15})(?:-\d{1,15})?$/;

interface Place {
  readonly stream: LogStream;
  readonly ring: LogRing;
  /** Number of the line that is wanted next; undefined: the first that is kept. */
  next: number | undefined;
}

/** Reads a service's log from a place on: no line is lost or doubled, as long as it is kept. */
export class LogReader {
  readonly #places: readonly Place[];
  /** When the last line was written that was read, milliseconds since 1970. */
  #at = 0;

  /**
   * @param position {@link ReadLine.position} of another reader; anything else means from the first line on
   * @throws RangeError when no service has this name
   */
  constructor(control: SupervisorControl, name: string, choice: LogChoice, position: string | undefined) {
    const [, epoch, ...numbers] = POSITION.exec(position ?? '') ?? [];
    this.#places = (['stdout', 'stderr'] as const)
      .map((stream, index) => {
        const ring = control.log(name, stream);
        const next = Number(numbers[index]);
        // More than there ever was: a supervisor that could not keep its lines counts anew.
        const isKnown = epoch === EPOCH && next <= (ring.lines().at(-1)?.number ?? -1) + 1;
        return { stream, ring, next: isKnown ? next : undefined };
      })
      .filter(({ stream }) => choice === 'both' || choice === stream);
  }

  /** Where it stands. In it are the numbers of both streams, and the time of the last line, for our own page. */
  get position(): string {
    const next = (wanted: LogStream): number => this.#places.find(({ stream }) => stream === wanted)?.next ?? 0;
    return `${EPOCH}-${next('stdout')}-${next('stderr')}-${this.#at}`;
  }

  /**
   * What has not been read yet, in the order of the times.
   *
   * @param mostCharacters after which it stops for now; one line is read in any case
   */
  read(mostCharacters: number = Number.POSITIVE_INFINITY): readonly ReadLine[] {
    const waiting = this.#places.map((place) => ({
      place,
      lines: place.ring.lines().filter(({ number }) => number >= (place.next ?? 0)),
    }));
    const read: ReadLine[] = [];
    for (let characters = 0; characters < mostCharacters; ) {
      // Lines of one stream stay in order, whatever the clock does.
      let first: (typeof waiting)[number] | undefined;
      for (const each of waiting) {
        const [line] = each.lines;
        if (line !== undefined && (first?.lines[0] === undefined || line.at < first.lines[0].at)) first = each;
      }
      const line = first?.lines.shift();
      if (first === undefined || line === undefined) break;
      const { place } = first;
      const missed = line.number - (place.next ?? line.number);
      place.next = line.number + 1;
      this.#at = line.at.getTime();
      read.push({ ...line, stream: place.stream, missed, position: this.position });
      characters += line.text.length + 1;
    }
    return read;
  }

  /** Hears that there may be more. @returns ends that */
  onMore(listener: () => void): () => void {
    const ends = this.#places.map(({ ring }) => ring.subscribe(listener));
    return () => {
      for (const end of ends) end();
    };
  }
}

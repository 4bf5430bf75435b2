import type { RandomNumbers } from './random-numbers.ts';

const LARGEST = 65535;
/** Octets that mean something: label lengths, pointers, counts, types, the ends of ranges. */
const INTERESTING = [0, 1, 2, 5, 6, 12, 16, 28, 41, 46, 63, 64, 65, 0x7f, 0x80, 0xbf, 0xc0, 0xfe, 0xff];
const INTERESTING_16 = [
  0, 1, 12, 41, 65, 250, 255, 257, 511, 512, 1232, 0x3fff, 0x7fff, 0x8000, 0xc000, 0xc00c, 0xffff,
];

/** Messages out of a corpus that were changed at random, as AFL's "havoc" stage changes its inputs. */
export class Mutated {
  readonly #corpus: readonly Uint8Array[];
  readonly #random: RandomNumbers;
  readonly #buffer: Uint8Array = new Uint8Array(2 * LARGEST);
  #length = 0;

  constructor(corpus: readonly Uint8Array[], random: RandomNumbers) {
    this.#corpus = corpus;
    this.#random = random;
  }

  /** A message, good until the next one. */
  next(): Uint8Array {
    const random = this.#random;
    const seed = random.of(this.#corpus);
    this.#buffer.set(seed);
    this.#length = seed.length;
    // 1, 2, 4 ... 32 changes: one message in six is nearly what it was.
    for (let left = 1 << random.below(6); left > 0; left--) this.#change();
    this.#length = Math.min(this.#length, LARGEST);
    return this.#buffer.subarray(0, this.#length);
  }

  #change(): void {
    const random = this.#random;
    const buffer = this.#buffer;
    const length = this.#length;
    if (length < 2) {
      this.#length = 2 + random.below(40);
      return;
    }
    const at = random.below(length);
    switch (random.below(13)) {
      case 0:
        buffer[at] = (buffer[at] as number) ^ (1 << random.below(8));
        return;
      case 1:
        buffer[at] = random.of(INTERESTING);
        return;
      case 2:
        this.#put16(at, random.of(INTERESTING_16));
        return;
      case 3:
        buffer[at] = (buffer[at] as number) + random.below(33) - 16;
        return;
      case 4:
        buffer[at] = random.next();
        return;
      case 5:
        // A pointer to anywhere.
        this.#put16(at, 0xc000 | random.below(Math.min(length + 4, 0x4000)));
        return;
      case 6:
        // Counts of the header.
        this.#put16(4 + 2 * random.below(4), random.one(4) ? random.next() & 0xffff : random.below(4));
        return;
      case 7:
        this.#length = at;
        return;
      case 8:
        this.#insert(at, 1 + random.below(16));
        return;
      case 9: {
        const count = Math.min(length - at, 1 + random.below(16));
        buffer.copyWithin(at, at + count, length);
        this.#length = length - count;
        return;
      }
      case 10: {
        // Some of it once more, elsewhere.
        const count = Math.min(length - at, 1 + random.below(64));
        const part = buffer.slice(at, at + count);
        const to = random.below(length);
        if (random.one(2)) this.#insert(to, count);
        buffer.set(part, to);
        this.#length = Math.max(this.#length, to + count);
        return;
      }
      case 11: {
        // From here on another message.
        const other = random.of(this.#corpus);
        const from = random.below(other.length);
        buffer.set(other.subarray(from), at);
        this.#length = at + other.length - from;
        return;
      }
      default:
        // Large ones: many records take long, if anything does.
        if (length < 20 || !random.one(200)) return;
        while (this.#length < 30_000) {
          buffer.copyWithin(this.#length, 12, this.#length);
          this.#length += this.#length - 12;
        }
        this.#put16(6, random.next() & 0xffff);
    }
  }

  #put16(at: number, value: number): void {
    this.#buffer[at] = value >>> 8;
    this.#buffer[at + 1] = value;
  }

  #insert(at: number, count: number): void {
    if (this.#length + count > LARGEST) return;
    this.#buffer.copyWithin(at + count, at, this.#length);
    for (let i = 0; i < count; i++) this.#buffer[at + i] = this.#random.next();
    this.#length += count;
  }
}

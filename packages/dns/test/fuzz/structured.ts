import type { RandomNumbers } from './random-numbers.ts';

const LARGEST = 65535;
const NAMES = ['a', 'www', 'example', 'com', 'lan', 'localhost', 'WWW', '_dns', '1', 'xn--p1ai', 'x'.repeat(63)];
const TYPES = [
  1, 2, 5, 6, 12, 13, 15, 16, 17, 24, 28, 33, 35, 39, 41, 43, 44, 46, 47, 48, 50, 52, 64, 65, 250, 255, 257, 65280,
];
const TTLS = [0, 1, 30, 300, 86400, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];
const OPTIONS = [3, 8, 10, 11, 12, 15, 65001];

/** Messages that are built as the specifications say, but for a choice here and there that they forbid. */
export class Structured {
  readonly #random: RandomNumbers;
  readonly #bytes: Uint8Array = new Uint8Array(LARGEST + 70_000);
  #length = 0;
  /** Where names start, for pointers. */
  readonly #names: number[] = [];

  constructor(random: RandomNumbers) {
    this.#random = random;
  }

  /** A query, good until the next message. */
  query(): Uint8Array {
    const random = this.#random;
    this.#begin(random.next(), random.one(10) ? random.next() & 0x7fff : 0x0100 | (random.next() & 0x30));
    this.#question();
    const beside = random.one(20) ? random.below(3) : 0;
    for (let left = beside; left > 0; left--) this.#record();
    const opt = random.one(3) ? 0 : random.one(50) ? 2 : 1;
    for (let left = opt; left > 0; left--) this.#opt();
    return this.#finish(random.one(50) ? random.below(3) : 1, 0, 0, beside + opt);
  }

  /**
   * A response, good until the next message.
   *
   * @param id of the question
   * @param question QNAME, QTYPE and QCLASS as they were asked; absent: any
   */
  response(id: number = this.#random.next(), question?: Uint8Array): Uint8Array {
    const random = this.#random;
    const rcode = random.one(3) ? random.of([1, 2, 3, 3, 3, 5, 15]) : 0;
    const flags = 0x8180 | rcode | (random.one(4) ? random.of([0x0400, 0x0200, 0x20, 0x10, 0x40, 0x0800]) : 0);
    this.#begin(random.one(50) ? id + 1 : id, flags);
    if (question === undefined || random.one(50)) this.#question();
    else {
      this.#names.push(this.#length);
      this.#bytes.set(question, this.#length);
      this.#length += question.length;
    }
    const counts = [random.below(5), random.below(3), random.below(4)];
    if (random.one(500)) counts[random.below(3)] = random.below(700);
    const type = question === undefined ? 1 : (question.at(-4) as number) * 256 + (question.at(-3) as number);
    for (let left = counts[0] as number; left > 0; left--) this.#record(random.one(3) ? 5 : type);
    for (let left = counts[1] as number; left > 0; left--) this.#record(random.one(2) ? 6 : undefined);
    for (let left = counts[2] as number; left > 0; left--) this.#record();
    const opt = random.one(2) ? 0 : random.one(30) ? 2 : 1;
    for (let left = opt; left > 0; left--) this.#opt();
    if (random.one(60)) counts[random.below(3)] = random.next() & 0xffff;
    return this.#finish(random.one(60) ? random.below(3) : 1, counts[0], counts[1], (counts[2] as number) + opt);
  }

  #begin(id: number, flags: number): void {
    this.#length = 0;
    this.#names.length = 0;
    this.#u16(id & 0xffff);
    this.#u16(flags);
    for (let i = 0; i < 4; i++) this.#u16(0);
  }

  #finish(...counts: (number | undefined)[]): Uint8Array {
    for (const [i, count] of counts.entries()) {
      this.#bytes[4 + 2 * i] = (count ?? 0) >>> 8;
      this.#bytes[5 + 2 * i] = count ?? 0;
    }
    const spare = this.#random.one(80) ? this.#random.below(4) : 0;
    const cut = this.#random.one(80) ? this.#random.below(30) : 0;
    return this.#bytes.subarray(0, Math.min(LARGEST, Math.max(0, this.#length + spare - cut)));
  }

  #question(): void {
    this.#name(0);
    this.#u16(this.#random.of(TYPES));
    this.#u16(this.#random.one(20) ? this.#random.of([3, 4, 254, 255, 0]) : 1);
  }

  /** @param pointers one in this many chances to end in a pointer, 0 for never */
  #name(pointers: number = 2): void {
    const random = this.#random;
    this.#names.push(this.#length);
    for (let left = random.one(60) ? 5 : random.below(4); left > 0; left--) {
      const label = random.of(NAMES);
      const at = this.#length;
      this.#u8(random.one(200) ? random.next() & 0xff : label.length);
      for (let i = 0; i < label.length; i++) this.#u8(random.one(60) ? random.next() & 0xff : label.charCodeAt(i));
      if (at > 12 && random.one(3)) this.#names.push(at);
    }
    if (pointers > 0 && random.one(pointers)) {
      const target = random.one(40) ? random.below(this.#length + 20) : random.of(this.#names);
      this.#u16(0xc000 | (target & 0x3fff));
    } else this.#u8(0);
  }

  #record(type: number = this.#random.of(TYPES)): void {
    const random = this.#random;
    if (random.one(3)) this.#name();
    else this.#u16(0xc00c);
    this.#u16(type);
    this.#u16(random.one(30) ? random.of([3, 254, 255]) : 1);
    this.#u32(random.of(TTLS));
    const at = this.#length;
    this.#u16(0);
    this.#data(type);
    const length = this.#length - at - 2 + (random.one(60) ? random.below(5) - 2 : 0);
    this.#bytes[at] = length >>> 8;
    this.#bytes[at + 1] = length;
    if (this.#length > LARGEST) this.#length = LARGEST;
  }

  #data(type: number): void {
    const random = this.#random;
    switch (type) {
      case 1:
        this.#u32(random.one(4) ? 0x0a00_0001 : 0xcb00_7107);
        return;
      case 28:
        this.#u32(random.one(4) ? 0xfd00_0000 : 0x2001_0db8);
        for (let i = 0; i < 3; i++) this.#u32(random.below(2));
        return;
      case 2:
      case 5:
      case 12:
      case 39:
        this.#name();
        return;
      case 6:
        this.#name();
        this.#name();
        for (let i = 0; i < 5; i++) this.#u32(random.of(TTLS));
        return;
      case 15:
      case 33:
        for (let i = type === 15 ? 1 : 3; i > 0; i--) this.#u16(random.next() & 0xffff);
        this.#name(type === 15 ? 2 : 20);
        return;
      case 17:
        this.#name();
        this.#name();
        return;
      case 35:
        this.#u32(random.next());
        for (let i = 0; i < 3; i++) this.#string();
        this.#name(20);
        return;
      case 46:
        for (let i = 0; i < 9; i++) this.#u16(random.next() & 0xffff);
        this.#name(20);
        this.#octets(random.below(70));
        return;
      case 13:
      case 16:
        for (let i = random.below(3); i >= 0; i--) this.#string();
        return;
      case 64:
      case 65:
        this.#u16(random.below(3));
        this.#name(30);
        for (let i = random.below(5); i > 0; i--) this.#pair(random.below(10), random.below(20));
        return;
      default:
        this.#octets(random.below(40));
    }
  }

  #opt(): void {
    const random = this.#random;
    this.#u8(random.one(60) ? 1 : 0);
    this.#u16(41);
    this.#u16(random.of([0, 511, 512, 1232, 4096, 65535]));
    this.#u32(random.one(10) ? random.next() : random.of([0, 0x8000, 0x0100_0000, 0x0001_0000]));
    const at = this.#length;
    this.#u16(0);
    for (let left = random.below(4); left > 0; left--) {
      const code = random.of(OPTIONS);
      this.#pair(code, code === 10 ? random.of([8, 8, 16, 24, 40, 7, 41]) : random.below(12));
    }
    const length = this.#length - at - 2;
    this.#bytes[at] = length >>> 8;
    this.#bytes[at + 1] = length;
  }

  #pair(key: number, length: number): void {
    this.#u16(key);
    this.#u16(this.#random.one(60) ? length + 1 : length);
    this.#octets(length);
  }

  #string(): void {
    const length = this.#random.below(12);
    this.#u8(this.#random.one(60) ? length + 1 : length);
    this.#octets(length);
  }

  #octets(count: number): void {
    for (let i = 0; i < count; i++) this.#u8(this.#random.one(4) ? this.#random.next() & 0xff : 0x61);
  }

  #u8(value: number): void {
    this.#bytes[this.#length++] = value;
  }

  #u16(value: number): void {
    this.#u8(value >>> 8);
    this.#u8(value);
  }

  #u32(value: number): void {
    this.#u16(value >>> 16);
    this.#u16(value & 0xffff);
  }
}

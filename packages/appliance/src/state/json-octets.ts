import { formatGoTime } from './go-time.ts';

/** Seconds since 1970 that have a year of four digits. */
const LATEST_SECOND = 250_000_000_000;

/** Octets of a buffer at first. */
const SMALLEST = 64 * 1024;

/** The text of a whole second, made anew when it is another one: one for each of the times that a list has. */
export class SecondText {
  #seconds = Number.NaN;
  #text = '';

  /** @returns up to the second, without the Z */
  textOf(seconds: number): string {
    if (seconds !== this.#seconds) {
      this.#seconds = seconds;
      this.#text = formatGoTime(seconds * 1000).slice(0, -1);
    }
    return this.#text;
  }
}

/**
 * The octets of a list in JSON that is put together by hand in one buffer: thousands of leases took ten times as long as
 * objects and texts, and the garbage collector again as much.
 */
export class JsonOctets {
  #bytes: Uint8Array = new Uint8Array(SMALLEST);
  #end = 0;

  /** Begins another text in the same buffer. */
  begin(): void {
    this.#end = 0;
  }

  /** Makes room for so many octets: whoever writes has to have done so before. */
  reserve(length: number): void {
    if (this.#end + length <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#end + length));
    larger.set(this.#bytes.subarray(0, this.#end));
    this.#bytes = larger;
  }

  /** What was written since {@link begin}; a view that is valid until then. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.#end);
  }

  /** A text of ASCII, as it is. */
  text(text: string): void {
    const bytes = this.#bytes;
    let at = this.#end;
    for (let i = 0; i < text.length; i++) bytes[at++] = text.charCodeAt(i);
    this.#end = at;
  }

  /** Any text, as it is. It makes room for itself, and for `behind` octets behind it. */
  anyText(text: string, behind: number): void {
    const octets = Buffer.from(text);
    this.reserve(octets.length + behind);
    this.#bytes.set(octets, this.#end);
    this.#end += octets.length;
  }

  /** A number of up to three digits. */
  octet(value: number): void {
    const bytes = this.#bytes;
    if (value >= 100) bytes[this.#end++] = 0x30 + Math.floor(value / 100);
    if (value >= 10) bytes[this.#end++] = 0x30 + (Math.floor(value / 10) % 10);
    bytes[this.#end++] = 0x30 + (value % 10);
  }

  /** Hexadecimal digits. @param separator character code of what is between the octets; nothing when absent */
  hex(octets: Uint8Array, separator?: number): void {
    const bytes = this.#bytes;
    let at = this.#end;
    for (let i = 0; i < octets.length; i++) {
      const octet = octets[i] as number;
      if (i > 0 && separator !== undefined) bytes[at++] = separator;
      bytes[at++] = hexDigit(octet >>> 4);
      bytes[at++] = hexDigit(octet & 15);
    }
    this.#end = at;
  }

  /** A time that {@link isPlainTime}, as `formatGoTime` writes it. @param time milliseconds since 1970 */
  time(time: number, second: SecondText): void {
    const whole = Math.floor(time);
    const seconds = Math.floor(whole / 1000);
    this.text(second.textOf(seconds));
    const milliseconds = whole - seconds * 1000;
    const bytes = this.#bytes;
    if (milliseconds > 0) {
      // Without trailing zeros.
      bytes[this.#end++] = 0x2e;
      bytes[this.#end++] = 0x30 + Math.floor(milliseconds / 100);
      if (milliseconds % 100 > 0) bytes[this.#end++] = 0x30 + (Math.floor(milliseconds / 10) % 10);
      if (milliseconds % 10 > 0) bytes[this.#end++] = 0x30 + (milliseconds % 10);
    }
    bytes[this.#end++] = 0x5a;
  }
}

/** Whether {@link JsonOctets.time} can write a time. */
export function isPlainTime(time: number): boolean {
  return time >= 0 && time < LATEST_SECOND * 1000;
}

/** Whether JSON, also as Go writes it, has a text as it is. */
export function isPlainText(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || code > 0x7e) return false;
    // Quotation mark, backslash, and what is special in HTML.
    if (code === 0x22 || code === 0x5c || code === 0x26 || code === 0x3c || code === 0x3e) return false;
  }
  return true;
}

/** The character code of a hexadecimal digit. */
export function hexDigit(value: number): number {
  return value < 10 ? 0x30 + value : 0x57 + value;
}

import { decodeUtf8 } from '@router7/wire';
import { LOWER_CASE } from '../scan/name.ts';
import { EXCEPTIONS } from './block-list.ts';
import type { BlockTableBuilder } from './block-table-builder.ts';

/** Longer lines are passed over: a name has 253 characters. */
const LONGEST_LINE = 4096;
const LONGEST_NAME = 255;
const LONGEST_LABEL = 63;
/** How a rule of an ad blocker may go on behind the name and still be about all that the name is used for. */
const WHOLE_RULE = /^\|?(?:\$(?:important|all|document|doc|third-party|3p|,)+)?$/;
const [NEWLINE, BLANK, BANG, HASH, DOT, CARET, BAR, AT, BRACKET, STAR, COLON, HYPHEN] = [
  0x0a, 0x20, 0x21, 0x23, 0x2e, 0x5e, 0x7c, 0x40, 0x5b, 0x2a, 0x3a, 0x2d,
];

/**
 * Reads a list of names, as lists of that kind are published, piece by piece:
 *
 * - a hosts file, `0.0.0.0 name other-name`: these names, and not those below them;
 * - a name a line, also as `*.name` or `.name`: with all names below it;
 * - rules of ad blockers, `||name^`: with all names below it; `@@||name^` is an exception from all lists.
 *
 * Comments begin with `#` or `!`. Rules for parts of web pages, for paths and with wildcards are passed over, and so is what
 * is no name, or has one label where the kind of line does not say that it is meant. There is no text made of anything: a
 * list of a million names would be a hundred megabytes of it.
 */
export class BlockFileReader {
  readonly #builder: BlockTableBuilder;
  readonly #list: number;
  readonly #exceptions: number;
  /** What stands behind the last end of a line. */
  readonly #rest: Uint8Array = new Uint8Array(LONGEST_LINE);
  #restLength = 0;
  readonly #name: Uint8Array = new Uint8Array(LONGEST_NAME);
  /** Names that were read. */
  names: number = 0;
  /** Lines that were passed over, comments not among them. */
  skipped: number = 0;

  /**
   * @param list where the names go
   * @param allow the list is one of those that allow: exceptions from it mean nothing
   */
  constructor(builder: BlockTableBuilder, list: number, allow: boolean = false) {
    this.#builder = builder;
    this.#list = list;
    this.#exceptions = allow ? -1 : EXCEPTIONS;
  }

  /** Takes the next piece of the file. */
  push(bytes: Uint8Array): void {
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      if (this.#restLength === 0) {
        this.#line(bytes, start, end);
      } else {
        this.#keep(bytes, start, end);
        this.end();
      }
      start = end + 1;
    }
    this.#keep(bytes, start, bytes.length);
  }

  /** The file has ended. */
  end(): void {
    const length = this.#restLength;
    this.#restLength = 0;
    if (length <= LONGEST_LINE) this.#line(this.#rest, 0, length);
    else this.skipped++;
  }

  #keep(bytes: Uint8Array, start: number, end: number): void {
    if (this.#restLength + end - start <= LONGEST_LINE) this.#rest.set(bytes.subarray(start, end), this.#restLength);
    this.#restLength += end - start;
  }

  #line(bytes: Uint8Array, start: number, end: number): void {
    const first = skipBlanks(bytes, start, end);
    const octet = bytes[first];
    if (first === end || octet === BANG || octet === HASH || octet === BRACKET) return;
    const before = this.names;
    const isException = octet === AT && bytes[first + 1] === AT;
    const rule = isException ? first + 2 : first;
    if (bytes[rule] === BAR && bytes[rule + 1] === BAR) {
      this.#rule(bytes, rule + 2, end, isException ? this.#exceptions : this.#list);
    } else {
      this.#words(bytes, first, end);
    }
    if (this.names === before) this.skipped++;
  }

  #rule(bytes: Uint8Array, start: number, end: number, list: number): void {
    const caret = bytes.indexOf(CARET, start);
    if (caret < 0 || caret >= end || list < 0) return;
    const rest = skipBlanks(bytes, caret + 1, end);
    if (rest < end && !WHOLE_RULE.test(decodeUtf8(bytes.subarray(rest, end)).trim())) return;
    this.#add(bytes, start, caret, list, false, 1);
  }

  #words(bytes: Uint8Array, first: number, end: number): void {
    const firstEnd = wordEnd(bytes, first, end);
    let word = skipBlanks(bytes, firstEnd, end);
    if (word === end || bytes[word] === HASH) {
      const isBelow = bytes[first] === STAR && bytes[first + 1] === DOT;
      const name = isBelow ? first + 2 : bytes[first] === DOT ? first + 1 : first;
      this.#add(bytes, name, firstEnd, this.#list, false, 2);
      return;
    }
    if (!isAddress(bytes, first, firstEnd)) return;
    while (word < end && bytes[word] !== HASH) {
      const next = wordEnd(bytes, word, end);
      this.#add(bytes, word, next, this.#list, true, 2);
      word = skipBlanks(bytes, next, end);
    }
  }

  /** Puts a name into the table, if it is one. */
  #add(bytes: Uint8Array, start: number, end: number, list: number, exact: boolean, leastLabels: number): void {
    const name = this.#name;
    const stop = bytes[end - 1] === DOT ? end - 1 : end;
    if (stop - start > LONGEST_NAME - 2 || stop <= start) return;
    let labels = 0;
    let isNumber = true;
    // Where the octet with the length of the label is.
    let label = 0;
    for (let i = start; i <= stop; i++) {
      const octet = LOWER_CASE[bytes[i] as number] as number;
      const at = i - start + 1;
      if (i < stop && octet !== DOT) {
        if (!isLabelOctet(octet)) return;
        name[at] = octet;
        continue;
      }
      const length = at - label - 1;
      if (length < 1 || length > LONGEST_LABEL) return;
      if (name[label + 1] === HYPHEN || name[at - 1] === HYPHEN) return;
      isNumber = name.subarray(label + 1, at).every(isDigit);
      name[label] = length;
      label = at;
      labels++;
    }
    // `1.2.3.4` is an address.
    if (labels < leastLabels || isNumber) return;
    name[label] = 0;
    this.#builder.add(name, 0, label + 1, list, exact);
    this.names++;
  }
}

function skipBlanks(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && (bytes[at] as number) <= BLANK) at++;
  return at;
}

function wordEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && (bytes[at] as number) > BLANK) at++;
  return at;
}

function isDigit(octet: number): boolean {
  return octet >= 0x30 && octet <= 0x39;
}

/** Letters in lower case, digits, hyphens, and the underscores that many names have. */
function isLabelOctet(octet: number): boolean {
  return (octet >= 0x61 && octet <= 0x7a) || isDigit(octet) || octet === HYPHEN || octet === 0x5f;
}

/** Whether a word looks like an IP address: what stands first in a line of a hosts file. */
function isAddress(bytes: Uint8Array, start: number, end: number): boolean {
  let colons = 0;
  let dots = 0;
  for (let i = start; i < end; i++) {
    const octet = LOWER_CASE[bytes[i] as number] as number;
    if (octet === COLON) colons++;
    else if (octet === DOT) dots++;
    // The zone of `fe80::1%lo0` may be anything.
    else if (octet === 0x25 && colons > 1) return true;
    else if (!isDigit(octet) && !(colons > 0 || i - start < 4 ? octet >= 0x61 && octet <= 0x66 : false)) return false;
  }
  return colons > 1 || dots === 3;
}

import { isTopLevelDomain, NumberMap } from '@router7/wire';

/** RFC 1035 2.3.4: a label has 63 octets or less. */
const MAXIMUM_LENGTH = 63;

/**
 * Names that mean something else to programs, and that a device must never be found under: the host itself, the special
 * names of RFC 6761 and RFC 6762, and two that clients look up to find a proxy or a tunnel and then trust.
 */
const SPECIAL: ReadonlySet<string> = new Set([
  'localhost',
  'localdomain',
  'local',
  'broadcasthost',
  'ip6-localhost',
  'ip6-loopback',
  'lan',
  'home',
  'internal',
  'intranet',
  'private',
  'corp',
  'domain',
  'test',
  'invalid',
  'example',
  'onion',
  'alt',
  'wpad',
  'isatap',
]);

/**
 * Makes an RFC 1123 2.1 label of what a client calls itself: letters in lower case, digits, and hyphens in between.
 *
 * - Only what stands before the first dot counts. A name with dots names a place in the DNS tree, and that is not for a
 *   client to choose: one that calls itself `google.com` becomes `google`.
 * - Accents are dropped (`Müller` becomes `muller`), apostrophes too; every other character becomes a hyphen.
 * - At most 63 octets.
 * - Numbers are no names: `inet_aton` takes `192` and `0x7f000001` for addresses.
 *
 * @returns the label, or an empty string when nothing is left of it
 */
export function cleanHostName(text: string): string {
  if (isClean(text)) return isNumber(text) ? '' : text;
  let label = '';
  let hyphen = false;
  const plain = isAscii(text) ? text : text.normalize('NFKD');
  for (let i = 0; i < plain.length && label.length < MAXIMUM_LENGTH; i++) {
    let code = plain.charCodeAt(i);
    if (code === 0x2e) break;
    if (code >= 0x41 && code <= 0x5a) code += 0x20;
    if ((code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39)) {
      // A hyphen is written once it is known that something stands behind it.
      if (hyphen && label.length > 0) {
        if (label.length > MAXIMUM_LENGTH - 2) break;
        label += '-';
      }
      hyphen = false;
      label += String.fromCharCode(code);
    } else if (!isDropped(code)) {
      hyphen = true;
    }
  }
  return isNumber(label) ? '' : label;
}

/** Whether a text is a label already, as nearly all are: then it stays the text that it is. */
function isClean(text: string): boolean {
  if (text.length > MAXIMUM_LENGTH) return false;
  // As if a hyphen came before: none may stand at the beginning, or next to another one.
  let hyphen = true;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x2d) {
      if (hyphen) return false;
      hyphen = true;
    } else if ((code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39)) {
      hyphen = false;
    } else {
      return false;
    }
  }
  return !hyphen || text === '';
}

/** Apostrophes, and the combining marks that a decomposed letter leaves behind. */
function isDropped(code: number): boolean {
  return code === 0x27 || code === 0x2019 || (code >= 0x300 && code <= 0x36f);
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

/** What `inet_aton` reads as a number: digits only, or 0x and hexadecimal digits. */
function isNumber(label: string): boolean {
  let i = label.startsWith('0x') ? 2 : 0;
  const hexadecimal = i === 2;
  for (; i < label.length; i++) {
    const code = label.charCodeAt(i);
    const digit = code >= 0x30 && code <= 0x39;
    if (!digit && !(hexadecimal && code >= 0x61 && code <= 0x66)) return false;
  }
  return true;
}

/** Why a name cannot be given to a host. */
export type HostNameRefusal = 'bad-name' | 'reserved' | 'taken';

/**
 * Which address has which name. One name leads to one address; names of leases that have ended are free again, unless a
 * person set them.
 */
export class HostNames {
  readonly #owners = new Map<string, number>();
  /** The name that an address has taken last, if it may have it again whatever else there is. */
  readonly #settled = new NumberMap<string>();
  /** Names of reservations: theirs even while the client is away. */
  readonly #fixed = new Map<string, number>();
  readonly #reserved: ReadonlySet<string>;

  /** Names that a person gave to clients whose lease is gone, until they have another. */
  readonly #remembered = new Map<string, string>();

  /** @param reserved names that no client gets, in lower case */
  constructor(reserved: readonly string[]) {
    this.#reserved = new Set(reserved.map((name) => name.toLowerCase()));
  }

  /** Keeps a name for an address for ever. */
  fix(name: string, address: number): void {
    this.#fixed.set(name, address);
    const owner = this.#owners.get(name);
    if (owner !== undefined && owner !== address && this.#settled.get(owner) === name) this.#settled.delete(owner);
  }

  /** Keeps what a person has named a client that has just lost its lease. */
  remember(clientKey: string, name: string): void {
    if (name !== '') this.#remembered.set(clientKey, name);
  }

  /** What {@link remember} kept, if the name is still to be had. */
  recall(clientKey: string, address: number): string {
    if (this.#remembered.size === 0) return '';
    const name = this.#remembered.get(clientKey) ?? '';
    this.#remembered.delete(clientKey);
    return name !== '' && this.isAvailable(name, address) ? name : '';
  }

  /** Which address goes by a name, if one does. */
  ownerOf(name: string): number | undefined {
    return this.#owners.get(name);
  }

  /** Whether a name is kept for another address than this one. */
  isFixedElsewhere(name: string, address: number): boolean {
    return (this.#fixed.get(name) ?? address) !== address;
  }

  /** Notes that an address goes by a name, unless another one does. */
  take(name: string, address: number): void {
    if (name === '' || this.#owners.has(name) || this.isReserved(name)) return;
    this.#owners.set(name, address);
    if (this.#isFree(name, address)) this.#settled.set(address, name);
  }

  /** Gives up what {@link take} took. */
  drop(name: string, address: number): void {
    if (this.#owners.get(name) !== address) return;
    this.#owners.delete(name);
    if (this.#settled.get(address) === name) this.#settled.delete(address);
  }

  /** Whether an address goes by a name, and may go on with it whatever else there is. */
  isSettled(name: string, address: number): boolean {
    return this.#settled.get(address) === name;
  }

  /** Whether an address may go by a name. */
  isAvailable(name: string, address: number): boolean {
    if (this.isReserved(name)) return false;
    return (this.#owners.get(name) ?? address) === address && !this.isFixedElsewhere(name, address);
  }

  /** Names that no device gets, not even by a person's will. */
  isReserved(name: string): boolean {
    return this.#reserved.has(name) || SPECIAL.has(name);
  }

  /**
   * The name under which a client will be found that calls itself `label`.
   *
   * A name that another live lease has, and a public top-level domain, get the address's last octets appended:
   * `laptop-42-17`. That takes no search, and the client has the same name again after each renewal and restart.
   *
   * @param label of {@link cleanHostName}
   * @param current the name that the address has now; kept if it came from the same label
   * @returns an empty string when there is no name to be had
   */
  choose(label: string, address: number, current: string): string {
    // The usual renewal. No address owns a reserved name.
    // Asked by the address and by the text of the lease: to look up one that is new to a map is ten times as slow.
    if (label === current && this.isSettled(current, address)) return current;
    // Row D4S-14: never the router's own name, nor one that stands for something else.
    if (label === '' || this.isReserved(label)) return '';
    const suffixed = withSuffix(label, `-${(address >>> 8) & 255}-${address & 255}`);
    if (current === suffixed && this.isAvailable(suffixed, address)) return suffixed;
    if (this.#isFree(label, address) && this.isAvailable(label, address)) return label;
    if (this.isAvailable(suffixed, address)) return suffixed;
    // Somebody has chosen to be called just that.
    const full = withSuffix(label, `-${(address + 0x1_0000_0000).toString(16).slice(1)}`);
    return this.isAvailable(full, address) ? full : '';
  }

  /** Whether a device at an address may have a name as it is, by what was there before any device. */
  #isFree(label: string, address: number): boolean {
    return !isTopLevelDomain(label) && !this.isFixedElsewhere(label, address);
  }
}

function withSuffix(label: string, suffix: string): string {
  return label.slice(0, MAXIMUM_LENGTH - suffix.length) + suffix;
}

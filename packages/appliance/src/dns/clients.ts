import { type ClientGroup, ClientGroups, type LocalPrefix } from '@router7/dns';
import { Ipv4Address, Ipv6Address } from '@router7/wire';

/** Address families as the first two octets of a socket address have them (amd64, arm64: low octet first). */
const AF_INET = 2;
const AF_INET6 = 10;

/** Where a socket address (ip(7), ipv6(7)) has its address, in words of 32 bits. */
const IPV4_WORD = 1;
const IPV6_WORD = 2;
const NAME_WORDS = 7;

/** Who is answered, and how. Octets only: it is posted to another thread. */
export interface ClientSettings {
  /** Whose hosts are answered. */
  readonly prefixes: readonly LocalPrefix[];
  readonly groups: readonly ClientGroup[];
}

/** Masks and values of prefixes as they lie in memory: a word each for IPv4, four for IPv6. */
interface Table {
  readonly masks: Int32Array;
  readonly values: Int32Array;
}

/**
 * Who is answered (rows DNS-01 and DNS-29): hosts with a private address, and those of the own LANs, whose public IPv6
 * addresses are as good. Whoever else's address is on a query did not send it, or has no business here; there is no answer
 * at all, so that nothing can be sent to third parties in this way.
 *
 * It reads socket addresses where the kernel has put them, as it is asked for each query.
 */
export class Clients {
  /** After {@link Clients.find}: a number that stands for the client in limits of rate. */
  source: number = 0;
  /** After {@link Clients.find}: the group that the client belongs to, 0 for none. */
  group: number = 0;
  readonly #seed: number;
  #ipv4: Table;
  #ipv6: Table;
  #groups: ClientGroups | undefined;
  /** A socket address for {@link Clients.findText}. */
  readonly #name = new Uint32Array(NAME_WORDS);
  readonly #nameOctets = new Uint8Array(this.#name.buffer);

  /** @param seed 32 random bits: nobody is to know which addresses share a number */
  constructor(settings: ClientSettings, seed: number) {
    this.#seed = seed;
    this.#ipv4 = tableOf([]);
    this.#ipv6 = tableOf([]);
    this.configure(settings);
  }

  /** Goes by other settings from now on. */
  configure({ prefixes, groups }: ClientSettings): void {
    this.#ipv4 = tableOf(prefixes.filter(({ network }) => network.length === 4));
    this.#ipv6 = tableOf(prefixes.filter(({ network }) => network.length === 16));
    this.#groups = groups.length === 0 ? undefined : new ClientGroups(groups);
  }

  /**
   * Looks at who asks, and sets `source` and `group`.
   *
   * @param name where in `bytes` the client's socket address begins, a multiple of 4
   * @param words the same memory in words
   * @returns whether it is answered
   */
  find(bytes: Uint8Array, words: Uint32Array, name: number): boolean {
    const word = name >> 2;
    if (((words[word] as number) & 0xffff) === AF_INET) {
      const address = word + IPV4_WORD;
      if (!isIn(this.#ipv4, words, address, 1)) return false;
      this.source = (words[address] as number) | 0;
      this.group = this.#groups === undefined ? 0 : this.#groups.ofIpv4(ipv4At(bytes, address << 2));
      return true;
    }
    const address = word + IPV6_WORD;
    if (!isIn(this.#ipv6, words, address, 4)) return false;
    this.source = hashOf(words, address, this.#seed);
    this.group = this.#groups === undefined ? 0 : this.#groups.ofIpv6(bytes, address << 2);
    return true;
  }

  /** The same for an address in text, with or without a zone. */
  findText(text: string): boolean {
    const plain = text.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '');
    this.#name.fill(0);
    if (plain.includes(':')) {
      this.#name[0] = AF_INET6;
      this.#nameOctets.set(Ipv6Address.parse(plain).toBytes(), IPV6_WORD * 4);
    } else {
      this.#name[0] = AF_INET;
      this.#nameOctets.set(Ipv4Address.parse(plain).toBytes(), IPV4_WORD * 4);
    }
    return this.find(this.#nameOctets, this.#name, 0);
  }
}

function isIn({ masks, values }: Table, words: Uint32Array, address: number, size: number): boolean {
  prefixes: for (let at = 0; at < masks.length; at += size) {
    for (let word = 0; word < size; word++) {
      const masked = (words[address + word] as number) & (masks[at + word] as number);
      if (masked !== values[at + word]) continue prefixes;
    }
    return true;
  }
  return false;
}

/** Of the whole address: all the hosts of a LAN are in one /64, and one of them must not use up what the others may ask. */
function hashOf(words: Uint32Array, address: number, seed: number): number {
  let hash = seed;
  for (let word = 0; word < 4; word++) {
    hash = Math.imul(hash ^ (words[address + word] as number), 0x9e37_79b1);
    hash ^= hash >>> 15;
  }
  return hash;
}

function ipv4At(bytes: Uint8Array, at: number): number {
  const [a, b, c, d] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]] as [number, number, number, number];
  return (a << 24) | (b << 16) | (c << 8) | d;
}

function tableOf(prefixes: readonly LocalPrefix[]): Table {
  const masks = prefixes.flatMap(({ network, length }) => [...maskOf(network.length, length)]);
  const values = prefixes.flatMap(({ network }) => [...network]).map((octet, at) => octet & (masks[at] as number));
  return { masks: wordsOf(masks), values: wordsOf(values) };
}

function maskOf(size: number, length: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, at) => 0xff00 >> Math.min(Math.max(length - at * 8, 0), 8));
}

/** In the order of this machine, as the words of a socket address are read. */
function wordsOf(octets: readonly number[]): Int32Array {
  return new Int32Array(Uint8Array.from(octets).buffer);
}

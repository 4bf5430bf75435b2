import { Ipv4Prefix, type Ipv6Prefix } from '@router7/wire';

/** Address families as the first two octets of a socket address have them (amd64, arm64: low octet first). */
const AF_INET = 2;

/** Where a socket address (ip(7), ipv6(7)) has its address, in 32-bit words. */
const IPV4_WORD = 1;
const IPV6_WORD = 2;

/** Masks and values of prefixes as they lie in memory, four words each for IPv6, one for IPv4. */
interface Table {
  readonly masks: Int32Array;
  readonly values: Int32Array;
}

/**
 * Who is answered (rows DNS-01 and DNS-29): hosts with a private address, and those of the own LANs, whose public IPv6
 * addresses are as good. Whoever else's address is on a query did not send it, or has no business here; there is no answer at
 * all, so that nothing can be sent to third parties in this way.
 *
 * It reads socket addresses where the kernel has put them: it is asked for each query.
 */
export class ClientAccess {
  #ipv4: Table;
  #ipv6: Table;
  readonly #seed: number;

  /**
   * @param prefixes whose hosts are answered
   * @param seed 32 random bits: nobody is to know which addresses share a number
   */
  constructor(prefixes: readonly (Ipv4Prefix | Ipv6Prefix)[], seed: number) {
    this.#seed = seed;
    this.#ipv4 = tableOf([]);
    this.#ipv6 = tableOf([]);
    this.configure(prefixes);
  }

  /** Answers the hosts of these prefixes from now on. */
  configure(prefixes: readonly (Ipv4Prefix | Ipv6Prefix)[]): void {
    this.#ipv4 = tableOf(prefixes.filter((prefix) => prefix instanceof Ipv4Prefix));
    this.#ipv6 = tableOf(prefixes.filter((prefix) => !(prefix instanceof Ipv4Prefix)));
  }

  /** Whether the host is answered whose socket address begins at word `name`. */
  allows(words: Uint32Array, name: number): boolean {
    const ipv4 = isIpv4(words, name);
    const { masks, values } = ipv4 ? this.#ipv4 : this.#ipv6;
    const size = ipv4 ? 1 : 4;
    const address = name + (ipv4 ? IPV4_WORD : IPV6_WORD);
    prefixes: for (let at = 0; at < masks.length; at += size) {
      for (let word = 0; word < size; word++) {
        const masked = (words[address + word] as number) & (masks[at + word] as number);
        if (masked !== values[at + word]) continue prefixes;
      }
      return true;
    }
    return false;
  }

  /**
   * A number that stands for a host in limits of rate: of its whole address, for all the hosts of a LAN are in one /64.
   */
  source(words: Uint32Array, name: number): number {
    if (isIpv4(words, name)) return (words[name + IPV4_WORD] as number) | 0;
    let hash = this.#seed;
    for (let word = 0; word < 4; word++) {
      hash = Math.imul(hash ^ (words[name + IPV6_WORD + word] as number), 0x9e37_79b1);
      hash ^= hash >>> 15;
    }
    return hash;
  }
}

function isIpv4(words: Uint32Array, name: number): boolean {
  return ((words[name] as number) & 0xffff) === AF_INET;
}

function tableOf(prefixes: readonly (Ipv4Prefix | Ipv6Prefix)[]): Table {
  const masks = prefixes.map((prefix) => maskOctets(prefix.address.toBytes().length, prefix.length));
  const values = prefixes.map((prefix, index) => {
    const mask = masks[index] as Uint8Array;
    return prefix.address.toBytes().map((octet, at) => octet & (mask[at] as number));
  });
  return { masks: wordsOf(masks), values: wordsOf(values) };
}

function maskOctets(size: number, length: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, at) => 0xff00 >> Math.min(Math.max(length - at * 8, 0), 8));
}

/** In the order of this machine, as the words of a socket address are read. */
function wordsOf(rows: readonly Uint8Array[]): Int32Array {
  const octets = new Uint8Array(rows.reduce((sum, row) => sum + row.length, 0));
  let at = 0;
  for (const row of rows) {
    octets.set(row, at);
    at += row.length;
  }
  return new Int32Array(octets.buffer);
}

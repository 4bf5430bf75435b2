/** Who has asked a question and waits for the response. */
export interface Asker {
  readonly transport: 'udp' | 'tcp';
  /** IPv4 or IPv6 address, with its zone where that is link-local. */
  readonly address: string;
  readonly port: number;
  /**
   * Sends the response; the octets are copied. Without any nothing is sent, and the question is done with. Calls after
   * the first do nothing, and so does one whose asker has gone.
   */
  reply(payload?: Uint8Array): void;
}

/** Gets a question as it came; `payload` is its own as long as it likes. */
export type QueryHandler = (payload: Uint8Array, asker: Asker) => void;

/**
 * The number under which clients are counted: an IPv4 address, for IPv6 a hash of its /64, as one host has as many
 * addresses of that as it likes.
 *
 * @param address text, as node:net has it; IPv4 in IPv6 counts as IPv4
 */
export function clientNumber(address: string): number {
  const mapped = /^(?:::ffff:)?(\d+)\.(\d+)\.(\d+)\.(\d+)$/i.exec(address);
  if (mapped !== null) return mapped.slice(1).reduce((value, octet) => ((value << 8) | Number(octet)) >>> 0, 0);
  return subnetHash(subnetOf(address));
}

/** FNV-1a over the four groups of a /64. */
export function subnetHash(groups: readonly number[]): number {
  let hash = 0x811c9dc5;
  for (const group of groups) {
    hash = Math.imul(hash ^ (group >>> 8), 0x01000193);
    hash = Math.imul(hash ^ (group & 0xff), 0x01000193);
  }
  return hash >>> 0;
}

/** The first four groups of an IPv6 address. */
function subnetOf(address: string): number[] {
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? [];
  const first = groupsOf(head);
  const last = tail === undefined ? [] : groupsOf(tail);
  const zeros = tail === undefined ? 0 : Math.max(8 - first.length - last.length, 0);
  return [...first, ...new Array<number>(zeros).fill(0), ...last].slice(0, 4);
}

function groupsOf(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16) & 0xffff);
}

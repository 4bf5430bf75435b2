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
 * The number under which a client is counted: an IPv4 address, for IPv6 a hash of the whole address, as all hosts of a LAN
 * are in one /64.
 *
 * @param address text, as node:net has it; IPv4 in IPv6 counts as IPv4
 */
export function clientNumber(address: string): number {
  const mapped = /^(?:::ffff:)?(\d+)\.(\d+)\.(\d+)\.(\d+)$/i.exec(address);
  if (mapped !== null) return mapped.slice(1).reduce((value, octet) => ((value << 8) | Number(octet)) >>> 0, 0);
  // FNV-1a
  let hash = 0x811c9dc5;
  for (let i = 0; i < address.length; i++) hash = Math.imul(hash ^ address.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

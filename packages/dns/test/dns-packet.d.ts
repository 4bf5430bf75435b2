/** What the tests use of dns-packet, typed by hand as in src/records/: a peer to compare with. */
declare module 'dns-packet' {
  export type RecordType = string;
  export interface Answer {
    readonly type: string;
    readonly name: string;
    readonly ttl?: number;
    readonly data?: unknown;
  }
  export interface DecodedPacket {
    readonly id: number;
    readonly rcode: string;
    readonly flags: number;
    readonly flag_qr: boolean;
    readonly flag_tc: boolean;
    readonly flag_rd: boolean;
    readonly flag_ra: boolean;
    readonly flag_aa: boolean;
    readonly flag_ad: boolean;
    readonly flag_cd: boolean;
    readonly questions?: readonly { readonly name: string; readonly type: string; readonly class: string }[];
    readonly answers?: readonly Answer[];
    readonly authorities?: readonly Answer[];
    readonly additionals?: readonly Answer[];
  }
  export function encode(packet: object): Buffer;
  export function decode(octets: Buffer): DecodedPacket;
  export const AUTHORITATIVE_ANSWER: number;
  export const TRUNCATED_RESPONSE: number;
  export const RECURSION_DESIRED: number;
  export const RECURSION_AVAILABLE: number;
  export const AUTHENTIC_DATA: number;
  export const CHECKING_DISABLED: number;
  export const DNSSEC_OK: number;
  const packet: { readonly encode: typeof encode; readonly decode: typeof decode };
  export default packet;
}

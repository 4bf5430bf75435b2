/**
 * What is used of dns-packet, typed by hand: its own types come with all of Node's, which this package does not know.
 */
declare module 'dns-packet' {
  /** Its own kind of octets, Node's Buffer. */
  type PacketBytes = Uint8Array & { readonly constructor: { from(octets: Uint8Array): PacketBytes } };

  /** Reads and writes a record's data behind its length (16 bits). */
  interface PacketRecordCodec {
    decode(octets: PacketBytes, offset: number): unknown;
    encode(value: unknown): PacketBytes;
  }

  const packet: {
    record(mnemonic: string): PacketRecordCodec;
    readonly name: { encode(name: string): PacketBytes };
  };
  export default packet;
}

/** A classic BPF program for SO_ATTACH_FILTER: struct sock_filter, 8 octets each (linux/filter.h). */
export type PacketFilter = Uint8Array;

const LD_HALF_ABSOLUTE = 0x28;
const LD_BYTE_ABSOLUTE = 0x30;
const LD_HALF_INDEXED = 0x48;
const LDX_IP_HEADER_LENGTH = 0xb1;
const JUMP_EQUAL = 0x15;
const JUMP_ANY_SET = 0x45;
const RETURN = 0x06;
const WHOLE = 0x4_0000;

/**
 * Lets through IPv4 UDP datagrams to one port, unless they are later fragments (those have no port).
 *
 * @param base octets of link header that the socket hands over: 14 for a raw one, 0 otherwise
 */
export function udpPortFilter(port: number, base: 0 | 14): PacketFilter {
  return assemble([
    [LD_BYTE_ABSOLUTE, 0, 0, base + 9], // protocol
    [JUMP_EQUAL, 0, 6, 17],
    [LD_HALF_ABSOLUTE, 0, 0, base + 6], // flags and fragment offset
    [JUMP_ANY_SET, 4, 0, 0x1fff],
    [LDX_IP_HEADER_LENGTH, 0, 0, base],
    [LD_HALF_INDEXED, 0, 0, base + 2], // destination port, behind the IP header
    [JUMP_EQUAL, 0, 1, port],
    [RETURN, 0, 0, WHOLE],
    [RETURN, 0, 0, 0],
  ]);
}

/** Lets through ARP for IPv4 on Ethernet: hardware type 1, protocol 0x0800. `base` as in {@link udpPortFilter}. */
export function arpFilter(base: 0 | 14): PacketFilter {
  return assemble([
    [LD_HALF_ABSOLUTE, 0, 0, base],
    [JUMP_EQUAL, 0, 3, 1],
    [LD_HALF_ABSOLUTE, 0, 0, base + 2],
    [JUMP_EQUAL, 0, 1, 0x0800],
    [RETURN, 0, 0, WHOLE],
    [RETURN, 0, 0, 0],
  ]);
}

/** Lets nothing through, for a socket that only sends. */
export const nothingFilter: PacketFilter = assemble([[RETURN, 0, 0, 0]]);

function assemble(program: readonly (readonly [code: number, jt: number, jf: number, k: number])[]): PacketFilter {
  const bytes = new Uint8Array(8 * program.length);
  const view = new DataView(bytes.buffer);
  program.forEach(([code, jt, jf, k], i) => {
    view.setUint16(8 * i, code, true);
    view.setUint8(8 * i + 2, jt);
    view.setUint8(8 * i + 3, jf);
    view.setUint32(8 * i + 4, k, true);
  });
  return bytes;
}

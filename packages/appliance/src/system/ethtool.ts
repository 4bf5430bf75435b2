import type { GenericNetlink } from './genetlink.ts';
import { errorCode } from './libc.ts';
import {
  attributeList,
  decodeAttributes,
  encodeAttributes,
  type NetlinkAttributes,
  NLA_F_NESTED,
  textAttribute,
  textPayload,
  uint32Payload,
} from './rtnetlink-attributes.ts';

// linux/ethtool_netlink.h, Documentation/networking/ethtool-netlink.rst
const FAMILY = 'ethtool';
const ETHTOOL_MSG_FEC_GET = 29;
const ETHTOOL_MSG_FEC_SET = 30;
const ETHTOOL_A_HEADER_DEV_INDEX = 1;
const ETHTOOL_A_FEC_HEADER = 1;
const ETHTOOL_A_FEC_MODES = 2;
const ETHTOOL_A_FEC_AUTO = 3;
const ETHTOOL_A_BITSET_NOMASK = 1;
const ETHTOOL_A_BITSET_BITS = 3;
const ETHTOOL_A_BITSET_BITS_BIT = 1;
const ETHTOOL_A_BITSET_BIT_NAME = 2;

/** Of the driver (libuv has another name for EOPNOTSUPP), and of a kernel without this family or command. */
const UNSUPPORTED: ReadonlySet<string | undefined> = new Set(['ENOTSUP', 'EOPNOTSUPP', 'ENOENT']);

/** Modes of forward error correction, by the names that the kernel has for them (IEEE 802.3 clauses 74, 91, 108, 134). */
const MODE_NAMES = { off: 'None', rs: 'RS', baser: 'BASER', llrs: 'LLRS' } as const;

/** A mode of forward error correction; `auto` leaves the choice to the card. */
export type FecMode = keyof typeof MODE_NAMES | 'auto';

/** The mode of interfaces.json's `fec`, in any case; `none` is another word for `off`. Undefined for what is no mode. */
export function parseFecMode(text: string): FecMode | undefined {
  const word = text.toLowerCase();
  if (word === 'none') return 'off';
  return word === 'auto' || Object.hasOwn(MODE_NAMES, word) ? (word as FecMode) : undefined;
}

/** Modes that an interface is set to; more than one, when the card may choose among them. */
export type FecState = ReadonlySet<FecMode>;

/**
 * What forward error correction an interface is set to.
 *
 * @returns undefined when the driver, or this kernel, has none
 * @throws SystemError
 */
export async function readFec(netlink: GenericNetlink, link: number): Promise<FecState | undefined> {
  const what = `forward error correction of link ${link}`;
  try {
    const [answer] = await netlink.request(what, FAMILY, ETHTOOL_MSG_FEC_GET, encodeFec(link, undefined));
    return answer && decodeFec(answer);
  } catch (error) {
    if (UNSUPPORTED.has(errorCode(error))) return undefined;
    throw error;
  }
}

/** Sets forward error correction. @throws SystemError `ENOTSUP`, or `EINVAL` when the card does not have the mode */
export async function writeFec(netlink: GenericNetlink, link: number, mode: FecMode): Promise<void> {
  const what = `set forward error correction of link ${link} to ${mode}`;
  await netlink.request(what, FAMILY, ETHTOOL_MSG_FEC_SET, encodeFec(link, mode));
}

/** Writes the attributes of ETHTOOL_MSG_FEC_GET (without mode) or ETHTOOL_MSG_FEC_SET. */
export function encodeFec(link: number, mode: FecMode | undefined): Uint8Array {
  const header = encodeAttributes([[ETHTOOL_A_HEADER_DEV_INDEX, uint32Payload(link)]]);
  if (mode === undefined) return encodeAttributes([[ETHTOOL_A_FEC_HEADER | NLA_F_NESTED, header]]);
  const bit =
    mode === 'auto' ? undefined : encodeAttributes([[ETHTOOL_A_BITSET_BIT_NAME, textPayload(MODE_NAMES[mode])]]);
  // Without a mask these are all the modes: others are switched off.
  const modes = encodeAttributes([
    [ETHTOOL_A_BITSET_NOMASK, new Uint8Array()],
    [ETHTOOL_A_BITSET_BITS | NLA_F_NESTED, encodeAttributes([[ETHTOOL_A_BITSET_BITS_BIT | NLA_F_NESTED, bit]])],
  ]);
  return encodeAttributes([
    [ETHTOOL_A_FEC_HEADER | NLA_F_NESTED, header],
    [ETHTOOL_A_FEC_MODES | NLA_F_NESTED, modes],
    [ETHTOOL_A_FEC_AUTO, Uint8Array.of(mode === 'auto' ? 1 : 0)],
  ]);
}

/** Reads ETHTOOL_MSG_FEC_GET_REPLY. @throws DecodeError */
export function decodeFec(attributes: NetlinkAttributes): FecState {
  const modes = new Set<FecMode>();
  if (attributes.get(ETHTOOL_A_FEC_AUTO)?.[0] === 1) modes.add('auto');
  const set = decodeAttributes(attributes.get(ETHTOOL_A_FEC_MODES) ?? new Uint8Array());
  for (const [, bit] of attributeList(set.get(ETHTOOL_A_BITSET_BITS) ?? new Uint8Array())) {
    const name = textAttribute(decodeAttributes(bit), ETHTOOL_A_BITSET_BIT_NAME);
    for (const [mode, known] of Object.entries(MODE_NAMES)) if (known === name) modes.add(mode as FecMode);
  }
  return modes;
}

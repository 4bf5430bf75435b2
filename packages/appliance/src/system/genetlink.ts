import { Protocol } from 'netlink';
import { Errno, SystemError } from './libc.ts';
import { NetlinkRequests } from './netlink-requests.ts';
import {
  decodeAttributes,
  encodeAttributes,
  type NetlinkAttributes,
  textPayload,
  uint16Attribute,
} from './rtnetlink-attributes.ts';

/** struct genlmsghdr (linux/genetlink.h): command, version, 16 bits of nothing. */
const GENLMSGHDR = 4;
const GENL_ID_CTRL = 16;
const CTRL_CMD_GETFAMILY = 3;
const CTRL_ATTR_FAMILY_ID = 1;
const CTRL_ATTR_FAMILY_NAME = 2;

/**
 * Generic netlink: subsystems of the kernel, called families, that are found by name (`ethtool`, `wireguard`).
 *
 * Every method rejects with a {@link SystemError}: `ENOENT` when the kernel has no such family.
 */
export class GenericNetlink {
  readonly #requests = new NetlinkRequests(Protocol.GENERIC);
  readonly #families = new Map<string, number>();

  /**
   * Carries out a command of a family.
   *
   * @param attributes the message but for its header
   * @returns the attributes of each message of the answer
   */
  async request(what: string, family: string, command: number, attributes: Uint8Array): Promise<NetlinkAttributes[]> {
    const id = await this.#family(family);
    return (await this.#requests.request(what, id, 0, encodeGeneric(command, attributes))).map(decodeGeneric);
  }

  /** Asks for all that a command of a family tells. */
  async dump(what: string, family: string, command: number, attributes: Uint8Array): Promise<NetlinkAttributes[]> {
    const id = await this.#family(family);
    return (await this.#requests.dump(what, id, encodeGeneric(command, attributes))).map(decodeGeneric);
  }

  /** Closes the socket. It would not keep the process alive. */
  close(): void {
    this.#requests.close();
  }

  /** The number of a family. It stays the same until its module is unloaded, which is not done here. */
  async #family(name: string): Promise<number> {
    const known = this.#families.get(name);
    if (known !== undefined) return known;
    const attributes = encodeAttributes([[CTRL_ATTR_FAMILY_NAME, textPayload(name)]]);
    const payload = encodeGeneric(CTRL_CMD_GETFAMILY, attributes);
    const [answer] = await this.#requests.request(`family ${name}`, GENL_ID_CTRL, 0, payload);
    const id = answer && uint16Attribute(decodeGeneric(answer), CTRL_ATTR_FAMILY_ID);
    if (id === undefined) throw new SystemError('netlink', Errno.ENOENT, `family ${name}`);
    this.#families.set(name, id);
    return id;
  }
}

/** Writes a message of generic netlink: the header, then the attributes. Every family here has version 1. */
export function encodeGeneric(command: number, attributes: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(GENLMSGHDR + attributes.length);
  bytes[0] = command;
  bytes[1] = 1;
  bytes.set(attributes, GENLMSGHDR);
  return bytes;
}

/** The attributes of a message of generic netlink. @throws DecodeError */
export function decodeGeneric(bytes: Uint8Array): NetlinkAttributes {
  return decodeAttributes(bytes.subarray(GENLMSGHDR));
}

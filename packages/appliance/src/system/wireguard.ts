import type { GenericNetlink } from './genetlink.ts';
import {
  decodeWireguardDevice,
  encodeWireguardChange,
  encodeWireguardQuery,
  type WireguardChange,
  type WireguardDevice,
} from './wireguard-device.ts';

export type {
  WireguardChange,
  WireguardDevice,
  WireguardEndpoint,
  WireguardPeer,
  WireguardPeerChange,
} from './wireguard-device.ts';

const FAMILY = 'wireguard';
const WG_CMD_GET_DEVICE = 0;
const WG_CMD_SET_DEVICE = 1;

/** What the kernel has of a WireGuard interface. @throws SystemError `ENOTSUP` when it is of another kind */
export async function readWireguard(netlink: GenericNetlink, link: number): Promise<WireguardDevice> {
  const what = `WireGuard of link ${link}`;
  return decodeWireguardDevice(await netlink.dump(what, FAMILY, WG_CMD_GET_DEVICE, encodeWireguardQuery(link)));
}

/**
 * Changes a WireGuard interface. Peers that are not named stay as they are, and so do their sessions.
 *
 * @throws SystemError `EADDRINUSE` when the port is taken
 */
export async function writeWireguard(netlink: GenericNetlink, link: number, change: WireguardChange): Promise<void> {
  for (const message of encodeWireguardChange(link, change)) {
    await netlink.request(`set WireGuard of link ${link}`, FAMILY, WG_CMD_SET_DEVICE, message);
  }
}

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { NETLINK_NETFILTER } from '@router7/nft';

/**
 * `setsockopt(2)` with an `int`. Node has no such call and neither has the package netlink, so whoever has one (by
 * koffi, for example) may hand it in; it throws when the call fails.
 */
export type SetSocketOption = (fd: number, level: number, option: number, value: number) => void;

const SOL_SOCKET = 1;
const SO_SNDBUFFORCE = 32;
const SO_RCVBUFFORCE = 33;
const SOL_NETLINK = 270;
const NETLINK_NO_ENOBUFS = 5;
const NETLINK_CAP_ACK = 10;
const NETLINK_EXT_ACK = 11;

/**
 * Asks for extended ACKs that do not repeat the request, and for buffers beyond the limits of net.core. Too much for the
 * receive buffer is not to be an error of the socket (ENOBUFS), for the package netlink (0.3.0) ends the process when it
 * hears of one; {@link readDrops} tells instead.
 *
 * @throws whatever `setSocketOption` throws for NETLINK_EXT_ACK
 */
export function setNetlinkOptions(fd: number, set: SetSocketOption, bufferSize: number): void {
  set(fd, SOL_NETLINK, NETLINK_EXT_ACK, 1);
  set(fd, SOL_NETLINK, NETLINK_CAP_ACK, 1);
  set(fd, SOL_NETLINK, NETLINK_NO_ENOBUFS, 1);
  try {
    set(fd, SOL_SOCKET, SO_SNDBUFFORCE, bufferSize);
    set(fd, SOL_SOCKET, SO_RCVBUFFORCE, bufferSize);
  } catch {
    // Needs CAP_NET_ADMIN in the first user namespace; without it the buffers are as large as net.core lets them be.
  }
}

/**
 * The descriptor of this process's netfilter socket with the port id `port`, by way of its inode; undefined when /proc
 * does not tell.
 */
export function findDescriptor(port: number): number | undefined {
  try {
    const inode = columnsOf(port)?.at(-1);
    const name = readdirSync('/proc/self/fd').find((fd) => target(fd) === `socket:[${inode}]`);
    return name === undefined ? undefined : Number(name);
  } catch {
    return undefined;
  }
}

/** How many datagrams did not fit the receive buffer of the netfilter socket with this port id; 0 when /proc is silent. */
export function readDrops(port: number): number {
  try {
    return Number(columnsOf(port)?.at(-2) ?? 0);
  } catch {
    return 0;
  }
}

/** Columns of /proc/net/netlink: sk, Eth (the protocol), Pid (the port id), Groups, Rmem, Wmem, Dump, Locks, Drops, Inode. */
function columnsOf(port: number): string[] | undefined {
  for (const line of readFileSync('/proc/thread-self/net/netlink', 'utf8').split('\n')) {
    const columns = line.trim().split(/\s+/);
    if (Number(columns[1]) === NETLINK_NETFILTER && Number(columns[2]) === port >>> 0) return columns;
  }
  return undefined;
}

function target(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    // The descriptor of the directory itself is gone by now.
    return '';
  }
}

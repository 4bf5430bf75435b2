import { Ipv4Address, Ipv6Address } from '@router7/wire';
import { AF_INET6, Ipv6Option, SOCKADDR_IN6, SOL_IPV6, writeSocketAddress } from './ipv6-socket.ts';
import { Arena, bind, close, interfaceIndex, lastErrno, SystemError, setIntOption, socket } from './libc.ts';

const AF_INET = 2;
const SOCK_DGRAM = 2;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SO_SNDBUF = 7;
const SO_RCVBUF = 8;
const SO_RCVBUFFORCE = 33;
/** The default of 208 KiB holds about 270 queries (each is charged with 768 octets): not a busy millisecond. */
const BUFFER = 4 << 20;

/**
 * Opens a UDP socket that is bound to one address. What is sent from it has that source, whatever other addresses the
 * machine has: RFC 2181 section 4.1 wants an answer to come from where the query went to, and clients drop others.
 *
 * @param host an address, with its zone when it is a link-local one of IPv6: `fe80::1%lan0`
 * @returns its descriptor, for whoever receives from it
 * @throws SystemError `EADDRINUSE`, `EADDRNOTAVAIL` (not, or not yet, an own address), `ENODEV` (no such zone), `EACCES`
 */
export function openDatagramListener(host: string, port: number): number {
  const [text = '', zone] = host.split('%');
  const address = text.includes(':') ? Ipv6Address.parse(text) : Ipv4Address.parse(text);
  const domain = address instanceof Ipv6Address ? AF_INET6 : AF_INET;
  const scope = zone === undefined ? 0 : interfaceIndex(zone);
  if (scope === undefined) throw new SystemError('if_nametoindex', lastErrno(), host);
  const fd = socket(domain, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) throw new SystemError('socket', lastErrno());
  try {
    enlargeBuffers(fd);
    const arena = new Arena(SOCKADDR_IN6);
    if (address instanceof Ipv6Address) {
      setIntOption(fd, SOL_IPV6, Ipv6Option.v6Only, 1, 'IPV6_V6ONLY');
      writeSocketAddress(arena.view, 0, address, port, scope);
    } else {
      arena.view.setUint16(0, AF_INET, true);
      arena.view.setUint16(2, port);
      arena.view.setUint32(4, address.value);
    }
    if (bind(fd, arena.address, SOCKADDR_IN6) < 0) throw new SystemError('bind', lastErrno(), `${host} port ${port}`);
    return fd;
  } catch (error) {
    close(fd);
    throw error;
  }
}

function enlargeBuffers(fd: number): void {
  try {
    setIntOption(fd, SOL_SOCKET, SO_RCVBUFFORCE, BUFFER, 'SO_RCVBUFFORCE');
  } catch {
    // Without CAP_NET_ADMIN the system's limit holds.
    setIntOption(fd, SOL_SOCKET, SO_RCVBUF, BUFFER, 'SO_RCVBUF');
  }
  setIntOption(fd, SOL_SOCKET, SO_SNDBUF, BUFFER, 'SO_SNDBUF');
}

import { Ipv6Address } from '@router7/wire';
import type { HostAddress6 } from '../host.ts';
import type { ListeningPort } from '../router.ts';

/** Flags of an address (linux/if_addr.h). */
const DADFAILED = 0x08;
const DEPRECATED = 0x20;
const TENTATIVE = 0x40;
const LINK_SCOPE = 0x20;
const HOST_SCOPE = 0x10;

/** Of `ip -4 address show`, as busybox prints it: the addresses of one interface as `address/length`. */
export function parseAddresses(text: string): readonly string[] {
  return [...text.matchAll(/^\s+inet (\S+\/\d+)/gm)].map(([, address = '']) => address);
}

/** Of /proc/net/if_inet6: the addresses of one interface that are more than link-local. */
export function parseAddresses6(text: string, device: string): readonly HostAddress6[] {
  return text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(
      ([, , , scope = '', , name]) => name === device && (Number.parseInt(scope, 16) & (LINK_SCOPE | HOST_SCOPE)) === 0,
    )
    .map(([digits = '', , length = '', , flags = '']) => ({
      address: new Ipv6Address(BigInt(`0x${digits}`)).toString(),
      length: Number.parseInt(length, 16),
      isTentative: (Number.parseInt(flags, 16) & (TENTATIVE | DADFAILED)) !== 0,
      isDeprecated: (Number.parseInt(flags, 16) & DEPRECATED) !== 0,
    }));
}

/** State of a TCP socket that listens, and of a UDP socket that is bound and not connected (net/tcp_states.h). */
const LISTENING = { tcp: '0A', udp: '07' } as const;

/** Of /proc/net/tcp and its kind, one after the other: the ports on which something listens, each once. */
export function parseListening(protocol: 'tcp' | 'udp', text: string): readonly ListeningPort[] {
  const ports = [...text.matchAll(/^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} ([0-9A-F]{2})/gm)]
    .filter(([, , state]) => state === LISTENING[protocol])
    .map(([, port = '']) => Number.parseInt(port, 16));
  return [...new Set(ports)].map((port) => ({ protocol, port }));
}

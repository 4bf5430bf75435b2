import { Ipv4Address, Ipv6Address } from '@router7/wire';
import { isPrivateAddress } from './private-address.ts';

/** Names that lead to something in the home, whatever the public DNS says. */
const LOCAL_NAME = /^(?:localhost|[a-z0-9-]+|[a-z0-9.-]+\.(?:lan|local|internal|home\.arpa|localhost))$/i;

/**
 * Whether a peer may see the home's devices: it is on this machine or has a private address.
 *
 * @param remote the connection's other end
 * @param forwardedFor X-Forwarded-For, which counts when the other end is on this machine, as a proxy is (row D4S-17): it
 *   may see all this anyway, so that the header can only have it see less. Its last entry is the proxy's own
 */
export function isPrivatePeer(remote: string | undefined, forwardedFor: string | undefined): boolean {
  const peer = peerAddress(remote);
  const isProxy = peer?.isLoopback === true && forwardedFor !== undefined;
  const seenBy = isProxy ? parseHost(forwardedFor.split(',').at(-1)?.trim() ?? '') : peer;
  return seenBy !== undefined && isPrivateAddress(seenBy);
}

/**
 * Who asks, where it matters which one: the connection's other end. No header counts there. Any program of this machine
 * could be whoever it likes by it: guess passwords without end, have others wait for that, or take names of others.
 */
export function peerAddress(remote: string | undefined): Ipv4Address | Ipv6Address | undefined {
  return parseHost(remote ?? '');
}

/**
 * Whether a Host header names this router as people at home do: by address, or by a name that only the home knows. A page
 * on the Internet can make its own name lead to the router, and read the answers; but then the header has its name.
 */
export function isLocalHost(host: string | undefined): boolean {
  // A dot at the end marks a name as complete (RFC 1034 3.1).
  const [, bracketed, plain = ''] = /^(?:\[([^\]]+)\]|([^:]+?)\.?)(?::\d+)?$/.exec(host ?? '') ?? [];
  return parseHost(bracketed ?? plain) !== undefined || LOCAL_NAME.test(plain);
}

/**
 * Whether a request that changes something was made by our own page, not by another site in the same browser. Programs
 * that are no browsers send neither header.
 */
export function isSameOrigin(headers: {
  readonly fetchSite: string | undefined;
  readonly origin: string | undefined;
  readonly host: string | undefined;
}): boolean {
  const { fetchSite, origin, host } = headers;
  if (fetchSite !== undefined && fetchSite !== 'same-origin' && fetchSite !== 'none') return false;
  if (origin === undefined) return true;
  try {
    return new URL(origin).host === new URL(`http://${host}`).host;
  } catch {
    // `null`, from a sandboxed frame, among others.
    return false;
  }
}

/** An address in text, with or without a zone, IPv4 in IPv6 as IPv4; undefined when it is none. */
export function parseHost(text: string): Ipv4Address | Ipv6Address | undefined {
  const plain = text.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '');
  try {
    return plain.includes(':') ? Ipv6Address.parse(plain) : Ipv4Address.parse(plain);
  } catch {
    return undefined;
  }
}

/**
 * Numbers of upper-layer protocols and IPv6 extension headers: IPv4's Protocol (RFC 791 section 3.1) and IPv6's Next
 * Header (RFC 8200 section 3) share one registry. Others stay plain numbers.
 */
export const IpProtocol = {
  /** IPv6 Hop-by-Hop Options (RFC 8200 section 4.3). */
  hopByHop: 0,
  /** ICMP for IPv4 (RFC 792). */
  icmp: 1,
  /** TCP (RFC 9293). */
  tcp: 6,
  /** UDP (RFC 768). */
  udp: 17,
  /** IPv6 Routing header (RFC 8200 section 4.4). */
  routing: 43,
  /** IPv6 Fragment header (RFC 8200 section 4.5). */
  fragment: 44,
  /** Encapsulating Security Payload (RFC 4303). */
  esp: 50,
  /** Authentication Header (RFC 4302). */
  authentication: 51,
  /** ICMP for IPv6 (RFC 4443). */
  icmpv6: 58,
  /** Nothing follows (RFC 8200 section 4.7). */
  noNextHeader: 59,
  /** IPv6 Destination Options (RFC 8200 section 4.6). */
  destinationOptions: 60,
} as const;

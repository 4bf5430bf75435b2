/** Link types of capture files (the tcpdump group's registry) that this package can decode. Others stay plain numbers. */
export const LinkType = {
  /** Ethernet frames. */
  ethernet: 1,
  /** IPv4 or IPv6 packets. */
  raw: 101,
  /** IPv4 packets. */
  ipv4: 228,
  /** IPv6 packets. */
  ipv6: 229,
} as const;

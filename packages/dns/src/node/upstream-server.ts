/** What is spoken with an upstream: DNS over UDP and TCP (RFC 1035, RFC 7766), over TLS (RFC 7858), or over HTTPS (RFC 8484). */
export type UpstreamProtocol = 'udp' | 'tls' | 'https';

/** A server that questions are handed on to. */
export interface UpstreamServer {
  readonly protocol: UpstreamProtocol;
  /**
   * IPv4 or IPv6 addresses, tried in their order; an IPv6 link-local one with its zone (`fe80::1%uplink0`). Without any,
   * those of `name` are asked for from the other servers, the ones that have addresses.
   */
  readonly addresses?: readonly string[];
  /** Host name: what the certificate has to be for, and what SNI says. Without one the certificate has to be for the address. */
  readonly name?: string;
  /** 53, 853 or 443 when absent. */
  readonly port?: number;
  /** HTTPS: path of the resource, `/dns-query` when absent. */
  readonly path?: string;
  /**
   * Whether a server that cannot be authenticated is refused (RFC 8310 section 5). `opportunistic`: TLS without
   * authentication, and UDP and TCP while there is no TLS, rather than no answer. `strict` when absent.
   */
  readonly privacy?: 'strict' | 'opportunistic';
  /** `opportunistic`: port of UDP and TCP, 53 when absent. */
  readonly clearPort?: number;
}

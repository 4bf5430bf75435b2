import { EncodeError, type Ipv6Address } from '@router7/wire';
import { domainName } from './domain-name.ts';
import { ipv6List, type Shape } from './shape.ts';

/** An encrypted DNS resolver (RFC 9463 section 4.1); a message has an option for each. */
export interface EncryptedDns {
  /** Lower is preferred. */
  readonly servicePriority: number;
  /** Authentication domain name, in presentation form. */
  readonly authenticationDomainName: string;
  /** What is absent in ADN-only mode: addresses to reach it at, and service parameters (RFC 9460 section 2.2). */
  readonly service: { readonly addresses: readonly Ipv6Address[]; readonly parameters: Uint8Array } | undefined;
}

/**
 * 144, discovery of network-designated resolvers (RFC 9463 section 4.1).
 *
 * ```
 * +-------------------------------+-------------------------------+
 * |       Service Priority        |          ADN Length           |
 * +-------------------------------+-------------------------------+
 * |                authentication-domain-name (variable)          |
 * +-------------------------------+-------------------------------+
 * |         Addr Length           |  ipv6-address(es)             |  absent in ADN-only mode
 * +-------------------------------+-------------------------------+
 * |                Service Parameters (SvcParams)                 |  absent in ADN-only mode
 * +---------------------------------------------------------------+
 * ```
 */
export const encryptedDns: Shape<EncryptedDns> = {
  decode(reader) {
    const servicePriority = reader.u16();
    const authenticationDomainName = domainName.decode(reader.sub(reader.u16()));
    if (reader.remaining === 0) return { servicePriority, authenticationDomainName, service: undefined };
    const addresses = ipv6List.decode(reader.sub(reader.u16()));
    return { servicePriority, authenticationDomainName, service: { addresses, parameters: reader.rest() } };
  },
  encode(writer, value) {
    writer.u16(value.servicePriority);
    const at = writer.length;
    writer.u16(0);
    domainName.encode(writer, value.authenticationDomainName);
    writer.patchU16(at, writer.length - at - 2);
    if (value.service === undefined) return;
    const { addresses, parameters } = value.service;
    if (addresses.length > 4095) throw new EncodeError('too-long', 'a resolver has at most 4095 addresses');
    writer.u16(addresses.length * 16);
    ipv6List.encode(writer, addresses);
    writer.bytes(parameters);
  },
};

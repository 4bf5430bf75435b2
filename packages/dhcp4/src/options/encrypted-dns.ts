import {
  type ByteReader,
  type ByteWriter,
  decodeDnsName,
  EncodeError,
  encodeDnsName,
  type Ipv4Address,
} from '@router7/wire';
import { type Shape, tooShort } from './shape.ts';

/** An encrypted DNS resolver (RFC 9463 section 5.1). */
export interface EncryptedDns {
  /** 0 is not allowed to servers of the service mode; lower is preferred. */
  readonly servicePriority: number;
  /** Authentication domain name, in presentation form. */
  readonly authenticationDomainName: string;
  /** What is absent in ADN-only mode: addresses to reach it at, and service parameters (RFC 9460 section 2.2). */
  readonly service: { readonly addresses: readonly Ipv4Address[]; readonly parameters: Uint8Array } | undefined;
}

/**
 * 162, discovery of network-designated resolvers (RFC 9463 section 5.1).
 *
 * ```
 * +-------------------------------+
 * |    DNR Instance Data Length   |
 * +-------------------------------+
 * |       Service Priority        |
 * +---------------+---------------+
 * |  ADN Length   |  authentication-domain-name
 * +---------------+---------------+
 * |  Addr Length  |  IPv4 Address(es)            absent in ADN-only mode
 * +---------------+---------------+
 * |  Service Parameters (SvcParams)              absent in ADN-only mode
 * +-------------------------------+  repeated
 * ```
 */
export const encryptedDns: Shape<readonly EncryptedDns[]> = {
  decode(reader) {
    if (reader.remaining === 0) throw tooShort(reader);
    const instances: EncryptedDns[] = [];
    while (reader.remaining > 0) instances.push(readInstance(reader.sub(reader.u16())));
    return instances;
  },
  encode(writer, value) {
    if (value.length === 0) throw new EncodeError('bad-value', 'resolvers are at least one');
    for (const instance of value) {
      const at = writer.length;
      writer.u16(0);
      writeInstance(writer, instance);
      writer.patchU16(at, writer.length - at - 2);
    }
  },
};

function readInstance(reader: ByteReader): EncryptedDns {
  const servicePriority = reader.u16();
  const domain = reader.sub(reader.u8());
  const octets = domain.rest();
  const { name, end } = decodeDnsName(octets, 0, false);
  if (end !== octets.length) throw tooShort(domain);
  if (reader.remaining === 0) return { servicePriority, authenticationDomainName: name, service: undefined };
  const list = reader.sub(reader.u8());
  // Section 5.1: Addr Length counts octets, a multiple of 4, and in service mode there is at least one address.
  if (list.remaining === 0 || list.remaining % 4 !== 0) throw tooShort(list);
  const addresses: Ipv4Address[] = [];
  while (list.remaining > 0) addresses.push(list.ipv4());
  return { servicePriority, authenticationDomainName: name, service: { addresses, parameters: reader.rest() } };
}

function writeInstance(writer: ByteWriter, instance: EncryptedDns): void {
  writer.u16(instance.servicePriority);
  const at = writer.length;
  writer.u8(0);
  encodeDnsName(writer, instance.authenticationDomainName);
  writer.patchU8(at, writer.length - at - 1);
  if (instance.service === undefined) return;
  const { addresses, parameters } = instance.service;
  if (addresses.length === 0) throw new EncodeError('bad-value', 'a resolver in service mode has an address');
  if (addresses.length > 63) throw new EncodeError('too-long', 'a resolver has at most 63 addresses');
  writer.u8(addresses.length * 4);
  for (const address of addresses) writer.ipv4(address);
  writer.bytes(parameters);
}

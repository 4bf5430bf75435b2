import {
  type ByteReader,
  DecodeError,
  decodeDnsName,
  EncodeError,
  encodeDnsName,
  type Ipv6Address,
} from '@router7/wire';
import { badLength, checkPadding, readAddresses, type Shape, writeAddresses } from './shape.ts';

/** A resolver that is reached over an encrypted transport, option 144 (RFC 9463 section 6.1). */
export interface EncryptedDns {
  /** Lower comes first; 0 is an alias (RFC 9460 section 2.4.1). */
  readonly servicePriority: number;
  /** 0 takes the resolver back; 0xffffffff is for ever. */
  readonly lifetimeSeconds: number;
  /** What the resolver's certificate is for, in presentation form without the final dot. */
  readonly authenticationDomainName: string;
  /** Undefined in ADN-only mode (section 3.1.6), where hosts look the rest up. */
  readonly service:
    | {
        /** One or more, in order of preference. */
        readonly addresses: readonly Ipv6Address[];
        /** Service parameters in wire format (RFC 9460 section 2.2). */
        readonly parameters: Uint8Array;
      }
    | undefined;
}

/**
 * ```
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +---------------+---------------+-------------------------------+
 * |   Type 144    |    Length     |       Service Priority        |
 * +---------------+---------------+-------------------------------+
 * |                           Lifetime                            |
 * +-------------------------------+-------------------------------+
 * |          ADN Length           |  authentication-domain-name
 * +-------------------------------+-------------------------------+
 * |          Addr Length          |  ipv6-address(es)                \
 * +-------------------------------+-------------------------------+   absent in ADN-only mode (erratum 7804)
 * |       SvcParams Length        |  Service Parameters              /
 * +-------------------------------+-------------------------------+
 * ```
 */
export const encryptedDns: Shape<EncryptedDns> = {
  padded: true,
  decode(reader) {
    const servicePriority = reader.u16();
    const lifetimeSeconds = reader.u32();
    const authenticationDomainName = readName(reader.sub(reader.u16()));
    const service = readService(reader);
    const offset = reader.offset;
    checkPadding(reader.rest(), 0, offset);
    return { servicePriority, lifetimeSeconds, authenticationDomainName, service };
  },
  encode(writer, { servicePriority, lifetimeSeconds, authenticationDomainName, service }) {
    writer.u16(servicePriority);
    writer.u32(lifetimeSeconds);
    const at = writer.length;
    writer.u16(0);
    if (authenticationDomainName === '.') throw new EncodeError('bad-value', 'the root is not the name of a resolver');
    encodeDnsName(writer, authenticationDomainName);
    writer.patchU16(at, writer.length - at - 2);
    if (service === undefined) return;
    writer.u16(service.addresses.length * 16);
    writeAddresses(writer, service.addresses);
    writer.u16(service.parameters.length);
    writer.bytes(service.parameters);
  },
};

function readName(reader: ByteReader): string {
  const offset = reader.offset;
  const data = reader.rest();
  const { name, end } = decodeDnsName(data, 0, false);
  if (name === '.') throw new DecodeError('bad-name', 'the root is not the name of a resolver', offset);
  if (end !== data.length) throw new DecodeError('leftover', 'more than one name', offset + end);
  return name;
}

/** What follows the name: nothing, or padding, which reads as lengths of 0, in ADN-only mode. */
function readService(reader: ByteReader): EncryptedDns['service'] {
  const length = reader.remaining < 2 ? 0 : reader.u16();
  if (length === 0) return undefined;
  if (length > reader.remaining) throw badLength(reader);
  const addresses = readAddresses(reader.sub(length));
  return { addresses, parameters: reader.bytes(reader.u16()) };
}

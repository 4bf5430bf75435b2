import { DecodeError, EncodeError, type Ipv4Address } from '@router7/wire';
import type { Shape } from './shape.ts';

/**
 * 1, subnet mask (RFC 2132 section 3.3). A mask whose ones are not all on the left has no prefix length, so nothing
 * could use it: it is `bad-value`.
 */
export const subnetMask: Shape<Ipv4Address> = {
  decode(reader) {
    const mask = reader.ipv4();
    if (hasHoles(mask)) throw new DecodeError('bad-value', `${mask} is not a subnet mask`, reader.offset - 4);
    return mask;
  },
  encode(writer, value) {
    if (hasHoles(value)) throw new EncodeError('bad-value', `${value} is not a subnet mask`);
    writer.ipv4(value);
  },
};

function hasHoles(mask: Ipv4Address): boolean {
  const host = ~mask.value;
  return (host & (host + 1)) !== 0;
}

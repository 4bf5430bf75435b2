import { DecodeError, EncodeError, Ipv4Address, Ipv4Prefix } from '@router7/wire';
import type { Route } from '../option.ts';
import { type Shape, tooShort } from './shape.ts';

/**
 * 121, classless static routes (RFC 3442). A destination is its width and only as many octets as that needs.
 *
 * ```
 *  Width  Destination      Router
 * +-----+----+ - - +----+----+----+----+----+
 * |  n  | d1 |     | dN | r1 | r2 | r3 | r4 |   N = ceil(n / 8), repeated
 * +-----+----+ - - +----+----+----+----+----+
 * ```
 */
export const classlessStaticRoute: Shape<readonly Route[]> = {
  decode(reader) {
    // The least there can be is the default route: a width of 0 and a router.
    if (reader.remaining < 5) throw tooShort(reader);
    const routes: Route[] = [];
    while (reader.remaining > 0) {
      const width = reader.u8();
      if (width > 32) throw new DecodeError('bad-value', `a subnet mask of ${width} bits`, reader.offset - 1);
      let destination = 0;
      for (let bits = 0, shift = 24; bits < width; bits += 8, shift -= 8) destination |= reader.u8() << shift;
      routes.push({
        destination: new Ipv4Prefix(new Ipv4Address(destination >>> 0), width),
        router: reader.ipv4(),
      });
    }
    return routes;
  },
  encode(writer, value) {
    if (value.length === 0) throw new EncodeError('bad-value', 'classless static routes are at least one');
    for (const { destination, router } of value) {
      writer.u8(destination.length);
      // Host bits within the last octet stay as they were given; a destination that came in leaves as it was.
      for (let bits = 0, shift = 24; bits < destination.length; bits += 8, shift -= 8) {
        writer.u8((destination.address.value >>> shift) & 0xff);
      }
      writer.ipv4(router);
    }
  },
};

import { DecodeError, EncodeError, type Ipv4Address } from '@router7/wire';
import { type Shape, tooShort } from './shape.ts';

/** A route of option 33: to a single host or a classful network. */
export interface StaticRoute {
  readonly destination: Ipv4Address;
  readonly router: Ipv4Address;
}

/** 33, static routes (RFC 2132 section 5.8): pairs of destination and router. */
export const staticRoute: Shape<readonly StaticRoute[]> = {
  decode(reader) {
    if (reader.remaining === 0 || reader.remaining % 8 !== 0) throw tooShort(reader);
    const routes: StaticRoute[] = [];
    while (reader.remaining > 0) {
      const destination = reader.ipv4();
      // "The default route (0.0.0.0) is an illegal destination for a static route."
      if (destination.isUnspecified) throw new DecodeError('bad-value', 'a static route to 0.0.0.0', reader.offset - 4);
      routes.push({ destination, router: reader.ipv4() });
    }
    return routes;
  },
  encode(writer, value) {
    if (value.length === 0) throw new EncodeError('bad-value', 'static routes are at least one');
    for (const route of value) {
      if (route.destination.isUnspecified) throw new EncodeError('bad-value', 'a static route to 0.0.0.0');
      writer.ipv4(route.destination);
      writer.ipv4(route.router);
    }
  },
};

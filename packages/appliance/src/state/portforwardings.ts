import { Ipv4Address } from '@router7/wire';
import { z } from 'zod';
import { PORT_RANGE, PROTOCOL_LIST } from './firewall.ts';
import { listOf, type Parsed, parseState, textOf } from './state-file.ts';

/** Where they are kept. A router without it forwards no ports. */
export const PORTFORWARDINGS_FILE = '/perm/portforwardings.json';

/** Ports of the router's address outside that lead to a computer at home. */
export interface PortForwarding {
  /** Place in the file, for messages and comments: `forwardings[2]`. */
  readonly place: string;
  /** Without repetitions, in the order in which they are named. */
  readonly protocols: readonly ('tcp' | 'udp')[];
  readonly firstPort: number;
  readonly lastPort: number;
  readonly destination: Ipv4Address;
  readonly firstDestinationPort: number;
  readonly lastDestinationPort: number;
}

interface Entry {
  readonly proto?: string | undefined;
  readonly port: string;
  readonly dest_addr: string;
  readonly dest_port?: string | undefined;
}

/** A place in a list outlives the removal of a bad neighbour when the entry carries it. */
type Placed = Entry & { readonly place: string };

const range = z
  .string()
  .regex(PORT_RANGE, { error: 'a port or range of ports such as 8040-8060' })
  .refine((text) => isRange(text), { error: 'ports from 1 to 65535, the lower one first' });

const entry = z
  .strictObject({
    place: z.string(),
    proto: z.string().regex(PROTOCOL_LIST, { error: 'tcp, udp, a list of them with commas, or ""' }).optional(),
    port: range,
    dest_addr: textOf('an IPv4 address', Ipv4Address.parse),
    dest_port: range.optional(),
  })
  .refine(({ port, dest_port = port }) => length(dest_port) === 1 || length(dest_port) === length(port), {
    error: 'one port, or as many as there are in port',
    path: ['dest_port'],
  });

const schema: z.ZodType<{ forwardings: Placed[] }> = z.strictObject({ forwardings: listOf(entry) });

/**
 * Reads the text of portforwardings.json. An entry that is not valid is passed over with a warning.
 *
 * @throws StateError
 */
export function parsePortForwardings(
  text: string,
  file: string = PORTFORWARDINGS_FILE,
): Parsed<readonly PortForwarding[]> {
  const { value, ...rest } = parseState(schema, withPlaces(text), file);
  return { ...rest, value: value.forwardings.map(toForwarding) };
}

/** Notes at each entry where it stands, for those before it may be passed over. */
function withPlaces(text: string): string {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return text;
  }
  const list = (json as { forwardings?: unknown } | null)?.forwardings;
  if (!Array.isArray(list)) return text;
  const placed = list.map((value: unknown, index) =>
    typeof value === 'object' && value !== null ? { ...value, place: `forwardings[${index}]` } : value,
  );
  return JSON.stringify({ ...(json as object), forwardings: placed });
}

function toForwarding({ place, proto = '', port, dest_addr, dest_port = port }: Placed): PortForwarding {
  const names = proto === '' ? ['tcp'] : proto.split(',');
  const [firstPort, lastPort] = bounds(port);
  const [firstDestinationPort, lastDestinationPort] = bounds(dest_port);
  return {
    place,
    protocols: [...new Set(names)] as ('tcp' | 'udp')[],
    ...{ firstPort, lastPort, firstDestinationPort, lastDestinationPort },
    destination: Ipv4Address.parse(dest_addr),
  };
}

/** First and last port of `8080` or `8040-8060`. */
function bounds(text: string): [number, number] {
  const [first, last = first] = text.split('-').map(Number) as [number, number?];
  return [first, last];
}

function isRange(text: string): boolean {
  const [first, last] = bounds(text);
  return first >= 1 && last <= 65_535 && first <= last;
}

function length(text: string): number {
  const [first, last] = bounds(text);
  return last - first + 1;
}

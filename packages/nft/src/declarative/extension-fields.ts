import { Register } from '../expressions/codec.ts';
import { ExthdrFlag, ExthdrHeader } from '../expressions/exthdr.ts';
import { bitField, type Dependency, type Field, type Load, named, needsIpv4, needsIpv6 } from './field.ts';
import type { ExtensionFieldName, SctpChunkName, TcpOptionName } from './field-name.ts';
import { valueTypes as t, type ValueType } from './value-type.ts';

/** Numbers of IPv6's extension headers (RFC 8200, RFC 6275). */
const ipv6Headers = { hbh: 0, rt: 43, frag: 44, dst: 60, mh: 135 } as const;

/** Kinds of TCP options (RFC 9293 section 3.2 and IANA's registry). */
export const tcpOptions: { readonly [O in TcpOptionName]: number } = {
  ...{ eol: 0, nop: 1, maxseg: 2, window: 3, 'sack-perm': 4, sack: 5, timestamp: 8 },
  ...{ md5sig: 19, mptcp: 30, fastopen: 34 },
};

/** Types of IPv4 options (RFC 791 section 3.1, RFC 2113). */
const ipOptions = { rr: 7, lsrr: 131, ssrr: 137, ra: 148 } as const;

const sctpChunks: { readonly [C in SctpChunkName]: number } = {
  ...{ data: 0, init: 1, 'init-ack': 2, sack: 3, heartbeat: 4, 'heartbeat-ack': 5, abort: 6, shutdown: 7 },
  ...{ 'shutdown-ack': 8, error: 9, 'cookie-echo': 10, 'cookie-ack': 11, ecne: 12, cwr: 13 },
  ...{ 'shutdown-complete': 14, 'asconf-ack': 128, 'forward-tsn': 192, asconf: 193 },
};

const loadFrom =
  (header: keyof typeof ExthdrHeader, type: number) =>
  (offset: number, length: number): Load => {
    const where = { header: ExthdrHeader[header], type, offset, length, flags: 0 };
    return { kind: 'exthdr', operation: 'load', register: Register.r1, ...where };
  };

interface Extension {
  /** A field of whole octets. */
  at(offset: number, type: ValueType): Field;
  /** A field of bits, counted from the start of the extension. */
  bits(offset: number, width: number): Field;
  /** Whether it is there at all. */
  readonly present: Field;
}

function extension(header: keyof typeof ExthdrHeader, number: number, needs: readonly Dependency[]): Extension {
  const load = loadFrom(header, number);
  const where = { header: ExthdrHeader[header], type: number, offset: 0, length: 1, flags: ExthdrFlag.present };
  const present: Load = { kind: 'exthdr', operation: 'load', register: Register.r1, ...where };
  return {
    at: (offset, type) => ({ type, needs, load: load(offset, type.length) }),
    bits: (offset, width) => bitField(load, offset, width, needs),
    present: { type: t.boolean, needs, load: present },
  };
}

const ipv6 = (name: keyof typeof ipv6Headers): Extension => extension('ipv6', ipv6Headers[name], needsIpv6);
const [hbh, rt, frag, dst, mh] = [ipv6('hbh'), ipv6('rt'), ipv6('frag'), ipv6('dst'), ipv6('mh')];
const tcp = (name: TcpOptionName): Extension => extension('tcpOption', tcpOptions[name], []);
const data = extension('sctp', sctpChunks.data, []);
const sack = tcp('sack');

/** A field for each name, where all are made alike. */
function each<N extends string>(names: readonly N[], make: (name: N) => Field): { [F in N]: Field } {
  return Object.fromEntries(names.map((name) => [name, make(name)])) as { [F in N]: Field };
}

const chunkNames = Object.keys(sctpChunks) as SctpChunkName[];
const optionNames = Object.keys(tcpOptions) as TcpOptionName[];
const ipOptionNames = Object.keys(ipOptions) as (keyof typeof ipOptions)[];
const routes = ['lsrr', 'rr', 'ssrr'] as const;
const ip = (name: keyof typeof ipOptions): Extension => extension('ipv4Option', ipOptions[name], needsIpv4);
const chunk = (name: SctpChunkName): Extension => extension('sctp', sctpChunks[name], []);

/** A suffix behind each name: `.length` of `maxseg` is `maxseg.length`. */
function suffixed<N extends string, S extends string>(names: readonly N[], suffix: S, make: (name: N) => Field) {
  const entries = names.map((name) => [`${name}.${suffix}`, make(name)] as const);
  return Object.fromEntries(entries) as { [F in `${N}.${S}`]: Field };
}

/** Extension headers of IPv6, options of IPv4 and TCP, chunks of SCTP. */
export const extensionFields: { readonly [F in ExtensionFieldName]: Field } = {
  ...named(
    'exthdr',
    each(['hbh', 'rt', 'frag', 'dst', 'mh'] as const, (name) => ipv6(name).present),
  ),
  ...named('hbh', { nexthdr: hbh.at(0, t.inet_proto), hdrlength: hbh.at(1, t.octet) }),
  ...named('dst', { nexthdr: dst.at(0, t.inet_proto), hdrlength: dst.at(1, t.octet) }),
  ...named('rt', {
    ...{ nexthdr: rt.at(0, t.inet_proto), hdrlength: rt.at(1, t.octet) },
    ...{ type: rt.at(2, t.octet), 'seg-left': rt.at(3, t.octet) },
  }),
  ...named('srh', { 'last-entry': rt.at(4, t.octet), flags: rt.at(5, t.octet), tag: rt.at(6, t.short) }),
  ...named('frag', {
    ...{ nexthdr: frag.at(0, t.inet_proto), reserved: frag.at(1, t.octet), 'frag-off': frag.bits(16, 13) },
    ...{ reserved2: frag.bits(29, 2), 'more-fragments': frag.bits(31, 1), id: frag.at(4, t.word) },
  }),
  ...named('mh', {
    ...{ nexthdr: mh.at(0, t.inet_proto), hdrlength: mh.at(1, t.octet), type: mh.at(2, t.mh_type) },
    ...{ reserved: mh.at(3, t.octet), checksum: mh.at(4, t.short) },
  }),
  ...named('tcp.option', {
    ...each(optionNames, (name) => tcp(name).present),
    ...suffixed(['maxseg', 'window', 'sack-perm', 'sack', 'timestamp', 'mptcp'] as const, 'length', (name) =>
      tcp(name).at(1, t.octet),
    ),
    'maxseg.size': tcp('maxseg').at(2, t.short),
    'window.count': tcp('window').at(2, t.octet),
    'timestamp.tsval': tcp('timestamp').at(2, t.word),
    'timestamp.tsecr': tcp('timestamp').at(6, t.word),
    'mptcp.subtype': tcp('mptcp').bits(16, 4),
    ...{ 'sack.left': sack.at(2, t.word), 'sack.right': sack.at(6, t.word) },
    ...{ 'sack0.left': sack.at(2, t.word), 'sack0.right': sack.at(6, t.word) },
    ...{ 'sack1.left': sack.at(10, t.word), 'sack1.right': sack.at(14, t.word) },
    ...{ 'sack2.left': sack.at(18, t.word), 'sack2.right': sack.at(22, t.word) },
    ...{ 'sack3.left': sack.at(26, t.word), 'sack3.right': sack.at(30, t.word) },
  }),
  ...named('ip.option', {
    ...each(ipOptionNames, (name) => ip(name).present),
    ...suffixed(ipOptionNames, 'type', (name) => ip(name).at(0, t.octet)),
    ...suffixed(ipOptionNames, 'length', (name) => ip(name).at(1, t.octet)),
    ...suffixed(routes, 'ptr', (name) => ip(name).at(2, t.octet)),
    ...suffixed(routes, 'addr', (name) => ip(name).at(3, t.ipv4_addr)),
    'ra.value': ip('ra').at(2, t.short),
  }),
  ...named('sctp.chunk', {
    ...each(chunkNames, (name) => chunk(name).present),
    ...suffixed(chunkNames, 'type', (name) => chunk(name).at(0, t.octet)),
    ...suffixed(chunkNames, 'flags', (name) => chunk(name).at(1, t.octet)),
    ...suffixed(chunkNames, 'length', (name) => chunk(name).at(2, t.short)),
    ...{ 'data.tsn': data.at(4, t.word), 'data.stream': data.at(8, t.short) },
    ...{ 'data.ssn': data.at(10, t.short), 'data.ppid': data.at(12, t.word) },
  }),
};

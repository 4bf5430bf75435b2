import * as dnsPacket from 'dns-packet';
import {
  type AnswerCache,
  QueryScan,
  QueryView,
  ResponseScan,
  ResponseView,
  scanQuery,
  scanResponse,
} from '../../src/index.ts';
import { compress } from './compress.ts';

export const SEED = 0x5eed_1e55;

/** What a query is made of; by default a plain one with RD. */
export interface QueryParts {
  readonly type?: string | number;
  readonly class?: string;
  readonly flags?: number;
  readonly dnssecOk?: boolean;
  /** Octets in front of it in its buffer. */
  readonly offset?: number;
  readonly room?: number;
}

/** A query in a buffer of its own, with room for its response. */
export function ask(name: string, parts: QueryParts = {}): QueryView {
  const { type = 'A', offset = 0, room = 4096 } = parts;
  const octets = dnsPacket.encode({
    type: 'query',
    id: 0x1234,
    flags: parts.flags ?? dnsPacket.RECURSION_DESIRED,
    questions: [{ name, type: type as dnsPacket.RecordType, class: (parts.class ?? 'IN') as 'IN' }],
    additionals: parts.dnssecOk
      ? [{ type: 'OPT', name: '.', udpPayloadSize: 1232, flags: dnsPacket.DNSSEC_OK, options: [] } as never]
      : [],
  });
  const bytes = new Uint8Array(offset + room);
  bytes.set(octets, offset);
  const view = new QueryView();
  const scan = scanQuery(view, bytes, offset, octets.length, SEED);
  if (scan !== QueryScan.ok) throw new Error(`not a query: ${scan}`);
  return view;
}

/** What a response is made of. */
export interface ResponseParts {
  readonly rcode?: number;
  readonly flags?: number;
  readonly answers?: readonly unknown[];
  readonly authorities?: readonly unknown[];
  readonly additionals?: readonly unknown[];
}

/** The octets of a response to a question. */
export function answerOctets(name: string, parts: ResponseParts & QueryParts): Uint8Array {
  const { type = 'A' } = parts;
  const octets = dnsPacket.encode({
    type: 'response',
    id: 1,
    flags: (parts.flags ?? dnsPacket.RECURSION_DESIRED | dnsPacket.RECURSION_AVAILABLE) | (parts.rcode ?? 0),
    questions: [{ name, type: type as dnsPacket.RecordType, class: (parts.class ?? 'IN') as 'IN' }],
    answers: (parts.answers ?? []) as dnsPacket.Answer[],
    authorities: (parts.authorities ?? []) as dnsPacket.Answer[],
    additionals: (parts.additionals ?? []) as dnsPacket.Answer[],
  });
  return compress(new Uint8Array(octets));
}

/** A message as dns-packet reads it. */
export type Packet = dnsPacket.DecodedPacket & { readonly rcode: string };

export function decoded(octets: Uint8Array): Packet {
  return dnsPacket.decode(Buffer.from(octets)) as Packet;
}

const responseView = new ResponseView();

/** The same, scanned; the view is good until the next call. */
export function answer(name: string, parts: ResponseParts & QueryParts): ResponseView {
  return scanned(answerOctets(name, parts));
}

/** The view is good until the next call. */
export function scanned(octets: Uint8Array): ResponseView {
  const scan = scanResponse(responseView, octets, 0, octets.length);
  if (scan !== ResponseScan.ok) throw new Error(`not a response: ${scan}`);
  return responseView;
}

export const address = (name: string, ttl: number, data = '192.0.2.1'): unknown => ({ type: 'A', name, ttl, data });

export const soa = (name: string, ttl: number, minimum: number): unknown => ({
  type: 'SOA',
  name,
  ttl,
  data: { mname: `ns.${name}`, rname: `admin.${name}`, serial: 1, refresh: 2, retry: 3, expire: 4, minimum },
});

/** What a client is answered from the cache; undefined when nothing is found. */
export function told(
  cache: AnswerCache,
  query: QueryView,
  now: number,
  flavour = 0,
  limit: number = query.bytes.length,
): Packet | undefined {
  const entry = cache.lookup(query, flavour, now);
  return entry === 0 ? undefined : written(cache, entry, query, now, limit);
}

/** What an entry makes of a query, decoded. */
export function written(
  cache: AnswerCache,
  entry: number,
  query: QueryView,
  now: number,
  limit: number = query.bytes.length,
): Packet {
  const end = cache.write(entry, query, limit, now);
  const octets = query.bytes.slice(query.start, end);
  scanned(octets);
  return decoded(octets);
}

import { HeaderFlag, Rcode } from '../header.ts';
import { RecordType } from '../record-type.ts';
import type { ResponseView } from '../scan/response-view.ts';
import type { Draft } from './draft.ts';
import { EntryBit, KeyKind } from './entry.ts';
import type { CacheLimits } from './limits.ts';

/** Sets of more records than this have one TTL, the least. */
const RECORDS_COMPARED = 32;

/** Pointers of records that are told of names below must not outgrow their 14 bits. */
const LARGEST_CUT = 8192;

/**
 * Judges whether a response from upstream may be stored, for how long, and what of it.
 *
 * RFC 2181 section 5.4.1 ranks data by the section that it came in, so that nothing from an authority or additional section
 * is ever given as an answer. Here a message is stored whole and given to nobody but those who ask its question: the ranks
 * hold without being compared.
 *
 * @returns whether it may be stored: then `draft` is filled
 */
export function draftResponse(draft: Draft, response: ResponseView, limits: CacheLimits): boolean {
  const { rcode, answers, authorities } = response;
  // RFC 2181 section 9: "When a DNS client receives a reply with TC set, it should ignore that response".
  if (response.questions !== 1 || response.truncated || isMeta(response.type)) return false;
  if (rcode !== Rcode.noError && rcode !== Rcode.nxDomain) return false;
  const required = answers + authorities;
  // What follows OPT stays away with it: nothing points forward, and additional records may be missing.
  const kept = response.optIndex >= 0 ? response.optIndex : response.records;
  if (isSigned(response)) return false;
  draft.kind = rcode === Rcode.nxDomain && answers === 0 ? KeyKind.name : KeyKind.type;
  draft.rcode = rcode;
  draft.answers = answers;
  draft.authorities = authorities;
  draft.additionals = kept - required;
  draft.records = kept;
  draft.extendedError = response.extendedError;
  draft.bytes = response.bytes;
  draft.at = response.questionEnd;
  draft.octets = (kept < response.records ? (response.ownerAt[kept] as number) : response.end) - draft.at;
  draft.required = kept > required ? (response.ownerAt[required] as number) - draft.at : draft.octets;
  draft.bits = (response.flags & HeaderFlag.authenticData) !== 0 ? EntryBit.authenticData : 0;
  for (let i = 0; i < kept; i++) draft.ttlAt[i] = (response.ttlAt[i] as number) - draft.at;
  const positive = rcode === Rcode.noError && response.answered;
  // RFC 2308 section 5: "Negative responses without SOA records SHOULD NOT be cached". Referrals are among them.
  if (!positive && response.soaIndex < 0) return false;
  if (draft.kind === KeyKind.name && isCut(response, draft)) draft.bits |= EntryBit.cut;
  setTimes(draft, response, positive, limits);
  return draft.lifetime > 0;
}

/** Times to live of records and of the message. */
function setTimes(draft: Draft, response: ResponseView, positive: boolean, limits: CacheLimits): void {
  const minimum = positive ? limits.minimumTtlSeconds : 0;
  const maximum = positive ? limits.maximumTtlSeconds : limits.maximumNegativeTtlSeconds;
  let least = maximum;
  for (let i = 0; i < draft.records; i++) {
    // RFC 8767 section 4 has values with the highest bit set be large ones, not 0 as RFC 2181 section 8 had it.
    let ttl = ttlOf(response, i);
    // RFC 2308 section 5: "its TTL is taken from the minimum of the SOA.MINIMUM field and SOA's TTL".
    if (!positive && i === response.soaIndex) ttl = Math.min(ttl, response.soaMinimum);
    ttl = Math.max(minimum, Math.min(maximum, ttl));
    draft.ttl[i] = ttl;
    if (ttl < least) least = ttl;
  }
  draft.lifetime = least;
  levelTtls(draft, response, least);
}

/** RFC 2181 section 5.2: records of one set whose TTLs differ have the least of them. */
function levelTtls(draft: Draft, response: ResponseView, least: number): void {
  const { answers } = response;
  const { ttl } = draft;
  for (let i = 1; i < answers; i++) {
    if (answers > RECORDS_COMPARED) {
      ttl[i] = ttl[0] = least;
      continue;
    }
    // A set is of one owner; lowering those of other owners as well harms nobody.
    for (let other = 0; other < i; other++) {
      if (response.recordType[other] !== response.recordType[i]) continue;
      ttl[i] = ttl[other] = Math.min(ttl[i] as number, ttl[other] as number);
    }
  }
}

/** A TTL of 32 bits without a sign. */
function ttlOf(response: ResponseView, index: number): number {
  const { bytes } = response;
  const at = response.ttlAt[index] as number;
  const high = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
  return high * 0x1_0000 + (((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number));
}

/** OPT, and the types that are only asked for (RFC 6895 section 3.1: 128 to 255). */
function isMeta(type: number): boolean {
  return type === RecordType.opt || (type >= 128 && type <= 255);
}

/** Has a signature over the message, which is for one asker (RFC 8945, RFC 2931). */
function isSigned(response: ResponseView): boolean {
  if (response.additionals === 0) return false;
  const last = response.recordType[response.records - 1];
  return last === RecordType.tsig || last === RecordType.sig;
}

/** Whether the pointers of all records are where `CutWriter` looks for them. */
function isCut(response: ResponseView, draft: Draft): boolean {
  if (draft.additionals > 0 || draft.octets > LARGEST_CUT) return false;
  for (let i = 0; i < draft.records; i++) {
    const type = response.recordType[i] as number;
    const known =
      type === RecordType.soa || type === RecordType.nsec || type === RecordType.nsec3 || type === RecordType.rrsig;
    if (!known) return false;
  }
  return true;
}

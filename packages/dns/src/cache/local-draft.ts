import { MAX_RECORDS } from '../scan/response-view.ts';
import type { Draft } from './draft.ts';
import { EntryBit, KeyKind } from './entry.ts';
import type { LocalRecords } from './local-records.ts';

/** @returns whether the records are what their counts say: then `draft` is filled */
export function draftLocal(draft: Draft, answer: LocalRecords): boolean {
  const { records, answers, authorities } = answer;
  const additionals = answer.additionals ?? 0;
  draft.kind = KeyKind.type;
  draft.lifetime = Math.floor(answer.ttlSeconds);
  draft.bits = EntryBit.local | (answer.authoritative ? EntryBit.authoritative : 0);
  draft.rcode = answer.rcode;
  draft.answers = answers;
  draft.authorities = authorities;
  draft.additionals = additionals;
  draft.records = answers + authorities + additionals;
  draft.extendedError = -1;
  draft.bytes = records;
  draft.at = 0;
  draft.required = draft.octets = records.length;
  if (draft.records > MAX_RECORDS || draft.octets > 0xffff || answer.rcode > 0xf) return false;
  let position = 0;
  for (let i = 0; i < draft.records; i++) {
    if (i === answers + authorities) draft.required = position;
    position = afterOwner(records, position);
    if (position < 0 || position + 10 > records.length) return false;
    draft.ttlAt[i] = position + 4;
    draft.ttl[i] = word(records, position + 4);
    position += 10 + half(records, position + 8);
  }
  return position === records.length && draft.lifetime > 0;
}

function afterOwner(bytes: Uint8Array, at: number): number {
  for (let position = at; position < bytes.length; ) {
    const length = bytes[position] as number;
    if (length === 0) return position + 1;
    if (length >= 0xc0) return position + 2;
    position += length + 1;
  }
  return -1;
}

function half(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

function word(bytes: Uint8Array, at: number): number {
  return half(bytes, at) * 0x1_0000 + half(bytes, at + 2);
}

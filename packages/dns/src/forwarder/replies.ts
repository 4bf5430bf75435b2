import { ExtendedError } from '../edns-code.ts';
import { HEADER_LENGTH, HeaderFlag, Rcode } from '../header.ts';
import { scanQuery } from '../scan/query-view.ts';
import type { Asker } from './asker.ts';
import { answeredSubnetOption } from './client-subnet.ts';
import type { Machine } from './machine.ts';
import { copyOctets, readU16, writeU16 } from './message-writing.ts';
import { Outcome } from './outcome.ts';

/** Of an answer's flags, what goes on to the client: AA and, to who understands it, AD (RFC 6840 section 5.8). */
const KEPT = HeaderFlag.authoritative;

/**
 * Writes the response for a client that waited into the machine's output.
 *
 * @returns octets of it
 */
export function writeReply(m: Machine, asker: Asker, now: number): number {
  const { output, pendingView: view, writer, statistics } = m;
  copyOctets(output, 0, asker.question, 0, asker.questionEnd);
  scanQuery(view, output, 0, asker.questionEnd, m.seed);
  view.dnssecOk = asker.dnssecOk;
  const here = asker.answerSerial === m.answerSerial;
  switch (asker.outcome) {
    case Outcome.answer:
      statistics.answers.forwarded++;
      return here ? writeAnswer(m, asker, now) : writeStored(m, asker, false, now);
    case Outcome.untouched:
      statistics.answers.forwarded++;
      return here ? writeUntouched(m, asker) : writeStored(m, asker, false, now);
    case Outcome.stale:
      statistics.answers.stale++;
      return writeStored(m, asker, true, now);
    case Outcome.rebind:
      statistics.answers.blocked++;
      return writer.bare(view, Rcode.noError, 0, asker, ExtendedError.blocked, now);
    default:
      statistics.answers.failed++;
      return writer.bare(view, asker.rcode, 0, asker, asker.extendedError, now);
  }
}

/** The answer that has just come: as the cache has it, or as it is when the cache may not have it. */
function writeAnswer(m: Machine, asker: Asker, now: number): number {
  const { answerView, pendingView: view, output, writer, cache } = m;
  const subnet = asker.subnet ? answeredSubnetOption(answerView) : undefined;
  const { extendedError } = answerView;
  const limit = asker.limit - writer.optLength(asker, extendedError, subnet?.length);
  if (m.answerEntry !== 0) {
    const end = cache.write(m.answerEntry, view, limit, now);
    return writer.finish(output, 0, end, asker, answerView.rcode, extendedError, now, subnet);
  }
  const rcode = answerView.rcode > 0xf && !asker.hasOpt ? Rcode.servFail : answerView.rcode;
  let flags = answerView.flags & KEPT;
  if (asker.wantsAuthentic) flags |= answerView.flags & HeaderFlag.authenticData;
  // What stands behind the OPT record is left away with it: additional records may be missing, and would have to move.
  const kept = answerView.optIndex >= 0 ? answerView.optIndex : answerView.records;
  const required = answerView.answers + answerView.authorities;
  const start = answerView.questionEnd;
  let records = kept;
  if (asker.questionEnd + endOf(m, records) - start > limit) records = required;
  const length = endOf(m, records) - start;
  if (asker.questionEnd + length > limit) {
    return writer.bare(view, rcode, flags | HeaderFlag.truncated, asker, extendedError, now);
  }
  writer.header(view, rcode, flags);
  writeU16(output, 6, answerView.answers);
  writeU16(output, 8, answerView.authorities);
  writeU16(output, 10, records - required);
  output.set(m.answer.subarray(start, start + length), asker.questionEnd);
  return writer.finish(output, 0, asker.questionEnd + length, asker, rcode, extendedError, now, subnet);
}

/** Offset behind so many records of the answer. */
function endOf(m: Machine, records: number): number {
  const view = m.answerView;
  if (records === view.records) return view.end;
  return view.ownerAt[records] as number;
}

/** What the cache has, even if it has expired; the error when it has nothing (any more). */
function writeStored(m: Machine, asker: Asker, expired: boolean, now: number): number {
  const { output, pendingView: view, writer, cache } = m;
  const entry = cache.lookup(view, asker.flavour, now);
  if (entry === 0) {
    const code = asker.extendedError >= 0 ? asker.extendedError : ExtendedError.noReachableAuthority;
    return writer.bare(view, Rcode.servFail, 0, asker, code, now);
  }
  const end = cache.write(entry, view, asker.limit - writer.optLength(asker, ExtendedError.staleAnswer), now);
  const rcode = (output[3] as number) & 0xf;
  const told = rcode === Rcode.nxDomain ? ExtendedError.staleNxdomainAnswer : ExtendedError.staleAnswer;
  return writer.finish(output, 0, end, asker, rcode, expired ? told : -1, now);
}

/** The answer octet for octet, but for the id; cut to what the client takes. */
function writeUntouched(m: Machine, asker: Asker): number {
  const { answer, answerLength, output } = m;
  if (answerLength > asker.limit) {
    // Header and question are what there is room for; the query may have had a question that means something else.
    output.set(answer.subarray(0, HEADER_LENGTH));
    copyOctets(output, 0, asker.question, 0, 2);
    writeU16(output, 2, readU16(answer, 2) | HeaderFlag.truncated);
    const whole = asker.questionEnd > HEADER_LENGTH;
    writeU16(output, 4, whole ? 1 : 0);
    output.fill(0, 6, HEADER_LENGTH);
    return whole ? asker.questionEnd : HEADER_LENGTH;
  }
  output.set(answer.subarray(0, answerLength));
  copyOctets(output, 0, asker.question, 0, 2);
  return answerLength;
}

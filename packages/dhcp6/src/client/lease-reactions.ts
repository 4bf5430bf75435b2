/** What a Reply to Solicit, Request, Renew or Rebind does to the leases (RFC 9915 section 18.2.10.1). */
import { StatusCode } from '../status-code.ts';
import { type Binding, changeOf, sameIa } from './bindings.ts';
import { enterBound, enterInit, enterRequesting } from './entry-actions.ts';
import { type IaAnswer, iaAnswer } from './ia-answer.ts';
import type { ClientLease } from './lease.ts';
import type { Machine } from './machine.ts';
import type { ChangeReason, DiscardReason } from './output.ts';
import { parametersOf } from './parameters.ts';
import { refusalDelay } from './retransmission.ts';
import { type ServerMessage, tellRefusals } from './server-message.ts';

/**
 * Takes the leases out of a Reply, and goes on from there.
 *
 * @param status of the message as a whole
 */
export function takeLeases(
  m: Machine,
  { message, serverIdentifier }: ServerMessage,
  status: number,
  now: number,
): DiscardReason | undefined {
  const isNew = m.state.kind === 'soliciting' || m.state.kind === 'requesting';
  const answers = m.wanted.map((ia) => iaAnswer(message, ia));
  for (const { ia, refusals } of answers) tellRefusals(m, refusals, ia.iaid);
  const given = answers.some(({ leases }) => leases.length > 0);
  const lost = given || !isNew ? applyAnswers(m, answers, isNew, now) : [];
  const why = reasonOf(m);

  // Section 18.2.10.1: "The client examines the status code in each IA individually. If the client receives a
  // NoAddrsAvail or NoPrefixAvail status code [...], the client has received no usable leases in the IA."
  if (given) {
    m.granted = parametersOf(message, serverIdentifier, now);
    m.serverIdentifier = serverIdentifier;
    m.failures.forgive(serverIdentifier);
    m.refusals = 0;
    m.silentRounds = 0;
    for (const { ia, leases } of answers) {
      if (leases.length > 0) m.hints.granted(ia);
      else m.hints.refused(ia);
    }
  }
  if (given || lost.length > 0) m.changed(why, lost);

  if (isNew) {
    if (given) enterBound(m, now);
    else startOver(m, serverIdentifier, now);
    return undefined;
  }
  if (unbound(answers, status)) {
    // "Sends a Request message to the server that responded if any of the IAs in the Reply message contain the NoBinding
    // status code. The client places IA options in this message for all IAs. The client continues to use other bindings
    // for which the server did not return an error."
    enterRequesting(m, serverIdentifier, m.hints.wishes(m.bindings), now);
    return undefined;
  }
  if (m.bindings.length === 0) {
    // All has been taken away: there is nothing to renew any longer.
    enterInit(m, now);
    return undefined;
  }
  if (given) {
    enterBound(m, now);
    return undefined;
  }
  // Nothing was extended: "the client MUST rate-limit its transmissions (see Section 14.1) and MAY just wait for the normal
  // retransmission time (as if the Reply message had not been received)".
  return lost.length > 0 ? undefined : 'no-leases';
}

function applyAnswers(
  m: Machine,
  answers: readonly IaAnswer[],
  replaces: boolean,
  now: number,
): readonly ClientLease[] {
  const bindings: Binding[] = [];
  const lost: ClientLease[] = [];
  for (const answer of answers) {
    const held = m.bindings.find(({ ia }) => sameIa(ia, answer.ia));
    if (held !== undefined) m.hints.remember(held);
    const change = changeOf(held, answer, replaces, now);
    if (change.binding !== undefined) bindings.push(change.binding);
    lost.push(...change.lost);
  }
  m.bindings = bindings.flatMap((binding, i) => ownLeases(binding, bindings.slice(0, i)));
  return lost;
}

/** Without what another IA has: a link of the home must not share its prefix with the next one. */
function ownLeases(binding: Binding, others: readonly Binding[]): readonly Binding[] {
  const rivals = others.filter(({ ia }) => ia.kind === binding.ia.kind).flatMap(({ leases }) => leases);
  const own = binding.leases.filter(({ prefix }) => !rivals.some((rival) => rival.prefix.equals(prefix)));
  return own.length === 0 ? [] : [{ ...binding, leases: own }];
}

function reasonOf(m: Machine): ChangeReason {
  switch (m.state.kind) {
    case 'renewing':
      return 'renew';
    case 'rebinding':
      return 'rebind';
    case 'confirming':
      return 'reboot';
    default:
      return 'new';
  }
}

/** Whether the server knows nothing of an IA, or of a lease in it (D6C-10, D6C-11). */
function unbound(answers: readonly IaAnswer[], status: number): boolean {
  if (status === StatusCode.noBinding) return true;
  return answers.some(({ refusals }) => refusals.some((refusal) => refusal.status === StatusCode.noBinding));
}

/** A server has taken back what it had advertised, or could not do what it was asked for after NoBinding. */
function startOver(m: Machine, serverIdentifier: Uint8Array, now: number): void {
  m.failures.add(serverIdentifier);
  for (const ia of m.wanted) m.hints.refused(ia);
  m.refusals += 1;
  m.notBefore = now + refusalDelay(m.timing('solicit').maximumMs, m.refusals);
  enterInit(m, now);
}

/** Sending, for the first time and again: which message belongs to which state. */
import type { ClientServerMessage } from '../option.ts';
import {
  confirmMessage,
  type IaWish,
  rebindMessage,
  releaseMessage,
  renewMessage,
  requestMessage,
  solicitMessage,
  type Transaction,
} from './client-message.ts';
import type { Machine } from './machine.ts';
import type { ExchangingState } from './state.ts';

/** Sends the message of the present state if it is due. */
export function transmit(m: Machine, now: number): void {
  const { state } = m;
  if (!('exchange' in state) || now < state.exchange.sendAt) return;
  if (state.kind === 'soliciting' && state.refused) {
    // Another question. Its answers are told from the former ones by the transaction id; RT goes on growing, for a refusal
    // "MUST NOT restart the Solicit retransmission timer" (section 18.2.9).
    for (const ia of m.wanted) m.hints.refused(ia);
    m.enter({ ...state, refused: false, exchange: { ...state.exchange, transactionId: m.newTransactionId() } });
    transmit(m, now);
    return;
  }
  m.enter({ ...state, exchange: m.send(state.exchange, now, (t) => messageOf(m, state, t)) });
}

function messageOf(m: Machine, state: ExchangingState, t: Transaction): ClientServerMessage {
  const { config } = m;
  switch (state.kind) {
    case 'soliciting':
      return solicitMessage(config, t, solicitWishes(m));
    case 'requesting':
      return requestMessage(config, t, state.serverIdentifier, state.wishes);
    case 'renewing':
      return renewMessage(config, t, state.serverIdentifier, m.hints.wishes(m.bindings));
    case 'rebinding':
      return rebindMessage(config, t, m.hints.wishes(m.bindings));
    case 'confirming':
      return holdsPrefix(m)
        ? rebindMessage(config, t, m.hints.wishes(m.bindings))
        : confirmMessage(config, t, m.hints.wishes(m.bindings));
    case 'releasing':
      return releaseMessage(config, t, state.serverIdentifier, state.wishes);
  }
}

/** What a Solicit asks for: what is in use, which is as good a hint as any, or else what was. */
export function solicitWishes(m: Machine): readonly IaWish[] {
  return m.hints.wishes(m.bindings);
}

/** Whether a prefix is held: section 18.2.12 wants a Rebind in place of Confirm then. */
function holdsPrefix(m: Machine): boolean {
  return m.bindings.some(({ ia }) => ia.kind === 'iaPd');
}

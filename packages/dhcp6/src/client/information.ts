/** Parameters without leases (RFC 9915 section 18.2.6), beside whatever else goes on. */
import { optionValue } from '../message.ts';
import type { ClientServerMessage } from '../option.ts';
import { informationRequestMessage } from './client-message.ts';
import { INFINITE_SECONDS } from './lease-times.ts';
import type { Machine } from './machine.ts';
import { parametersOf } from './parameters.ts';
import type { InformationState } from './state.ts';

/** IRT_DEFAULT and IRT_MINIMUM (section 7.6), seconds. */
const DEFAULT_REFRESH = 86_400;
const LEAST_REFRESH = 600;

/** How often the server of a Reconfigure is asked before it is taken for gone: about ten minutes, as RFC 9915 has no limit. */
const MOST_DEMANDED = 10;

/** When something is due about parameters. */
export function informationDeadline(state: InformationState): number | undefined {
  if (state.kind === 'asking') return state.exchange.sendAt;
  return state.kind === 'informed' ? state.refreshAt : undefined;
}

/** Asks for parameters, or stops asking, as the link and the leases are now. */
export function reviewInformation(m: Machine, now: number): void {
  const stopped = m.state.kind === 'stopped' || m.state.kind === 'releasing';
  const wanted = !m.wantsLeases || (m.otherConfigOnly && m.bindings.length === 0);
  // What a server has asked for by Reconfigure is done whoever wants it.
  const demanded = m.information.kind === 'asking' && m.information.serverIdentifier !== undefined;
  if (stopped || !m.carrier || !(wanted || demanded)) m.information = { kind: 'off' };
  else if (m.information.kind === 'off') askForInformation(m, undefined, now);
}

/** Begins an Information-request exchange. */
export function askForInformation(m: Machine, serverIdentifier: Uint8Array | undefined, now: number): void {
  m.information = { kind: 'asking', exchange: m.begin('informationRequest', now), serverIdentifier };
  onInformationTimeout(m, now);
}

/** Sends an Information-request that is due, for the first time, again, or since the parameters have grown old. */
export function onInformationTimeout(m: Machine, now: number): void {
  const state = m.information;
  const due = informationDeadline(state);
  if (due === undefined || now < due) return;
  if (state.kind === 'informed') {
    // Section 21.23: when the time has come the client "SHOULD delay sending the first Information-request by a random
    // amount of time between 0 and INF_MAX_DELAY", as in every such exchange.
    askForInformation(m, undefined, now);
    return;
  }
  if (state.kind !== 'asking') return;
  const { serverIdentifier } = state;
  if (serverIdentifier !== undefined && state.exchange.sent >= MOST_DEMANDED) {
    // Only that server may answer, and it does not: whoever else there is, if parameters are wanted at all.
    m.information = { kind: 'off' };
    reviewInformation(m, now);
    return;
  }
  const exchange = m.send(state.exchange, now, (t) => informationRequestMessage(m.config, t, serverIdentifier));
  m.information = { ...state, exchange };
}

/** Takes the Reply to an Information-request (section 18.2.10.4). */
export function onInformationReply(
  m: Machine,
  message: ClientServerMessage,
  serverIdentifier: Uint8Array,
  now: number,
): void {
  m.informed = parametersOf(message, serverIdentifier, now);
  // One that was asked for by Reconfigure is about the parameters that came with the leases.
  if (m.bindings.length > 0) m.granted = m.informed;
  const periodic = !m.wantsLeases || m.bindings.length === 0;
  m.information = { kind: 'informed', refreshAt: periodic ? refreshAt(message, now) : undefined };
  m.changed('information');
}

/**
 * Section 21.23: "If the Reply to an Information-request message does not contain this option, the client MUST behave as
 * if the option with the value IRT_DEFAULT was provided. A client MUST use the refresh time IRT_MINIMUM if it receives the
 * option with a value less than IRT_MINIMUM. [...] The value 0xffffffff [...] implies that the client should not refresh".
 */
function refreshAt(message: ClientServerMessage, now: number): number | undefined {
  const seconds = optionValue(message, 'informationRefreshTime') ?? DEFAULT_REFRESH;
  if (seconds === INFINITE_SECONDS) return undefined;
  return now + 1000 * Math.max(seconds, LEAST_REFRESH);
}

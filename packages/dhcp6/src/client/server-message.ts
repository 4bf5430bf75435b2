import type { ClientServerMessage } from '../option.ts';
import type { Refusal } from './ia-answer.ts';
import type { Machine } from './machine.ts';

/** A message of a server that has passed the checks which do not depend on the state. */
export interface ServerMessage {
  readonly message: ClientServerMessage;
  readonly serverIdentifier: Uint8Array;
}

/** Refusals of one message or IA that are told. */
const MOST_TOLD = 4;

/** Tells of refusals, for the log and for people. */
export function tellRefusals(m: Machine, refusals: readonly Refusal[], iaid: number | undefined): void {
  for (const { status, message } of refusals.slice(0, MOST_TOLD)) m.tell({ kind: 'refused', status, message, iaid });
}

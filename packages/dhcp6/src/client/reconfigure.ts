/** Reconfigure (RFC 9915 section 18.2.11), with the reconfiguration key of section 20.4. */
import { bytesEqual } from '@router7/wire';
import { optionValue } from '../message.ts';
import { MessageType } from '../message-type.ts';
import type { ClientServerMessage } from '../option.ts';
import { enterRebinding, enterRenewing } from './entry-actions.ts';
import { askForInformation } from './information.ts';
import type { Machine } from './machine.ts';
import type { DiscardReason } from './output.ts';
import { hasDigest, InformationType, isOurKind, type ReconfigureKey } from './reconfigure-key.ts';

/** Takes the key out of a Reply, if there is one: section 20.4.3, "The client will receive a reconfigure key from the server". */
export function learnKey(m: Machine, message: ClientServerMessage, serverIdentifier: Uint8Array): void {
  const authentication = optionValue(message, 'authentication');
  if (authentication === undefined || !isOurKind(authentication, InformationType.key)) return;
  const { information, replayDetection } = authentication;
  const key = information.slice(1);
  const before = m.reconfigureKey;
  // The same key again: what was sent with it before stays replayed.
  const same =
    before !== undefined && bytesEqual(before.serverIdentifier, serverIdentifier) && bytesEqual(before.key, key);
  const least = same && before.replayDetection > replayDetection ? before.replayDetection : replayDetection;
  keepKey(m, { serverIdentifier, key, replayDetection: least });
}

/** The key is told before anything that follows from it, so that a client which is killed then knows what was there. */
function keepKey(m: Machine, key: ReconfigureKey): void {
  m.reconfigureKey = key;
  m.tell({ kind: 'reconfigureKey', key });
}

/** Takes a Reconfigure whose identifiers are right. @returns why it is dropped */
export function onReconfigure(
  m: Machine,
  message: ClientServerMessage,
  payload: Uint8Array,
  serverIdentifier: Uint8Array,
  now: number,
): DiscardReason | undefined {
  const { reconfigureKey, hmacMd5, state } = m;
  const authentication = optionValue(message, 'authentication');
  const asked = optionValue(message, 'reconfigureMessage');
  // Section 16.11: discarded unless it "contains an authentication option" and "does not fail the authentication
  // validation performed by the client"; and the key is the one of the server that sends it.
  if (reconfigureKey === undefined || hmacMd5 === undefined || !m.config.reconfigure) return 'not-authentic';
  if (!bytesEqual(reconfigureKey.serverIdentifier, serverIdentifier)) return 'not-authentic';
  if (authentication === undefined || !isOurKind(authentication, InformationType.digest)) return 'not-authentic';
  if (!hasDigest(payload, authentication.information.subarray(1), (octets) => hmacMd5(reconfigureKey.key, octets))) {
    return 'not-authentic';
  }
  // Section 20.3: "the replay detection field MUST be set to the value of a strictly increasing 64-bit unsigned integer".
  if (authentication.replayDetection <= reconfigureKey.replayDetection) return 'replayed';
  keepKey(m, { ...reconfigureKey, replayDetection: authentication.replayDetection });
  // Section 18.2.11: "While the client is in the process of [the] transaction, the client [...] discards any Reconfigure".
  if (m.information.kind === 'asking' && m.information.serverIdentifier !== undefined) return 'busy';
  switch (asked) {
    case MessageType.renew:
      if (state.kind !== 'bound') return 'busy';
      enterRenewing(m, state.rebindAt, now);
      return undefined;
    case MessageType.rebind:
      if (state.kind !== 'bound') return 'busy';
      enterRebinding(m, now);
      return undefined;
    case MessageType.informationRequest:
      if (m.information.kind === 'asking') return 'busy';
      askForInformation(m, serverIdentifier, now);
      return undefined;
    default:
      // Section 16.11: "the Reconfigure Message option does not contain a valid msg-type".
      return 'unexpected-type';
  }
}

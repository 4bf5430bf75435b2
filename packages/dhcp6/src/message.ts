import { MessageType } from './message-type.ts';
import type { Message, Option, OptionName, OptionValues, RelayMessage } from './option.ts';
import { StatusCode } from './status-code.ts';

/** Whatever has options: a message, an IA, an address or a prefix of an IA. */
export interface OptionHolder {
  readonly options: readonly Option[];
}

/** Whether a message is one of relay agents, with addresses in place of the transaction id. */
export function isRelayMessage(message: Message): message is RelayMessage {
  return message.messageType === MessageType.relayForw || message.messageType === MessageType.relayRepl;
}

/** The value of the first option of this name, or undefined when there is none or it is malformed. */
export function optionValue<N extends OptionName>(holder: OptionHolder, name: N): OptionValues[N] | undefined {
  for (const option of holder.options) {
    if (option.kind === name) return option.value as OptionValues[N];
  }
  return undefined;
}

/** The values of all options of this name in their order: a message can have several `iaNa`, an `iaPd` several `iaPrefix`. */
export function optionValues<N extends OptionName>(holder: OptionHolder, name: N): OptionValues[N][] {
  const values: OptionValues[N][] = [];
  for (const option of holder.options) {
    if (option.kind === name) values.push(option.value as OptionValues[N]);
  }
  return values;
}

/**
 * The status of a message, an IA, an address or a prefix, {@link StatusCode}.
 *
 * "If the Status Code option does not appear in a message in which the option could appear, the status of the message is
 * assumed to be Success" (RFC 9915 section 21.13). An option whose text is not UTF-8 counts with its code all the same,
 * one without even a code as `unspecFail`.
 */
export function statusOf(holder: OptionHolder): number {
  for (const option of holder.options) {
    if (option.kind === 'statusCode') return option.value.status;
    if (option.kind === 'malformed' && option.code === 13) {
      const [high, low] = option.data;
      return high === undefined || low === undefined ? StatusCode.unspecFail : (high << 8) | low;
    }
  }
  return StatusCode.success;
}

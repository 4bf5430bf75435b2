import { DecodeError } from '@router7/wire';
import { readChain, readChainKey } from './chain.ts';
import { readFlowtable, readFlowtableKey } from './flowtable.ts';
import { type Generation, readGeneration } from './generation.ts';
import type { NetlinkMessage } from './netlink-header.ts';
import { NFNL_SUBSYS_NFTABLES, NftablesMessage, type NftablesReply, readNftables } from './nftables-message.ts';
import type { NftObject, NftObjectKey } from './operation.ts';
import { readRule, readRuleKey } from './rule.ts';
import { readSet, readSetKey } from './set.ts';
import { readSetElements } from './set-elements.ts';
import { readObject, readObjectKey } from './stateful-object.ts';
import { readTable, readTableKey } from './table.ts';

/** The multicast group whose members hear of every change (NFNLGRP_NFTABLES). */
export const NFNLGRP_NFTABLES = 7;

/**
 * Something that happened to the rule set. The changes of a transaction come in their order, then its `generation`.
 *
 * - `added`: made, or changed (a chain's policy, a table's flags, the elements that a set has more). A rule that is
 *   replaced is `deleted` and `added`. Elements that rules add to a set, and those whose time is over, are told as well.
 * - `deleted`: with what names it, elements with all there was of them
 * - `generation`: the end of a transaction, its number and who made it
 * - `unknown`: a message of a newer kernel that cannot be read here
 */
export type NftChange =
  | { readonly kind: 'added'; readonly object: NftObject }
  | {
      readonly kind: 'deleted';
      readonly key: NftObjectKey;
      /** For a chain or flow table at devices: those that it is taken off; all of them when it is gone. */
      readonly devices?: readonly string[];
    }
  | { readonly kind: 'generation'; readonly generation: Generation }
  | { readonly kind: 'unknown'; readonly message: number; readonly body: Uint8Array; readonly cause?: DecodeError };

/**
 * Reads one message of the multicast group {@link NFNLGRP_NFTABLES}; undefined for one of another subsystem.
 * What is in the change is copied where it has octets of an expression, and borrowed from the message otherwise.
 */
export function readChange(message: NetlinkMessage): NftChange | undefined {
  if (message.type >>> 8 !== NFNL_SUBSYS_NFTABLES) return undefined;
  try {
    const change = read(readNftables(message));
    if (change !== undefined) return change;
    return { kind: 'unknown', message: message.type & 0xff, body: message.body };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { kind: 'unknown', message: message.type & 0xff, body: message.body, cause: error };
  }
}

function read({ message, family, attributes }: NftablesReply): NftChange | undefined {
  switch (message) {
    case NftablesMessage.newTable:
      return { kind: 'added', object: readTable(family, attributes) };
    case NftablesMessage.newChain:
      return { kind: 'added', object: readChain(family, attributes) };
    case NftablesMessage.newRule:
      return { kind: 'added', object: readRule(family, attributes) };
    case NftablesMessage.newSet:
      return { kind: 'added', object: readSet(family, attributes) };
    case NftablesMessage.newSetElements:
      return { kind: 'added', object: readSetElements(family, attributes) };
    case NftablesMessage.newObject:
      return { kind: 'added', object: readObject(family, attributes) };
    case NftablesMessage.newFlowtable:
      return { kind: 'added', object: readFlowtable(family, attributes) };
    case NftablesMessage.newGeneration:
      return { kind: 'generation', generation: readGeneration(attributes) };
    case NftablesMessage.deleteTable:
    case NftablesMessage.destroyTable:
      return { kind: 'deleted', key: readTableKey(family, attributes) };
    case NftablesMessage.deleteChain:
    case NftablesMessage.destroyChain:
      return { kind: 'deleted', ...readChainKey(family, attributes) };
    case NftablesMessage.deleteRule:
    case NftablesMessage.destroyRule:
      return { kind: 'deleted', key: readRuleKey(family, attributes) };
    case NftablesMessage.deleteSet:
    case NftablesMessage.destroySet:
      return { kind: 'deleted', key: readSetKey(family, attributes) };
    case NftablesMessage.deleteSetElements:
    case NftablesMessage.destroySetElements:
      return { kind: 'deleted', key: readSetElements(family, attributes) };
    case NftablesMessage.deleteObject:
    case NftablesMessage.destroyObject:
      return { kind: 'deleted', key: readObjectKey(family, attributes) };
    case NftablesMessage.deleteFlowtable:
    case NftablesMessage.destroyFlowtable:
      return { kind: 'deleted', ...readFlowtableKey(family, attributes) };
    default:
      return undefined;
  }
}

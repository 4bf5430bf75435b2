import { ByteWriter } from '@router7/wire';
import type { AttributeWriter } from './attribute.ts';
import { type ChainKey, writeChainKey } from './chain.ts';
import { type FamilyName, familyCode } from './family.ts';
import { type FlowtableKey, writeFlowtableKey } from './flowtable.ts';
import { NetlinkFlag } from './netlink-header.ts';
import { NFNL_SUBSYS_NFTABLES, NftablesMessage, writeNfnetlink } from './nftables-message.ts';
import { type RuleKey, writeRuleKey } from './rule.ts';
import { writeSetKey } from './set.ts';
import { writeSetElementsKey } from './set-elements.ts';
import { type ObjectKey, writeObjectKey } from './stateful-object.ts';

/**
 * A question to the kernel. Without a family: of all families.
 *
 * - `chain`: one chain, to learn whether it is there
 * - `rules`: those of a chain, a table, or all; with `reset` their counters and quotas start again (Linux 6.2)
 * - `set`: one set
 * - `elements`: all of a set; with `reset` their counters and quotas start again (Linux 6.5)
 * - `objects`: stateful objects; with `reset` they start again at zero in the same instant
 */
export type Request =
  | { readonly list: 'generation' }
  | { readonly list: 'tables'; readonly family?: FamilyName }
  | { readonly list: 'chains'; readonly family?: FamilyName }
  | ({ readonly list: 'chain'; readonly family: FamilyName } & ChainKey)
  | ({ readonly list: 'rules'; readonly family?: FamilyName; readonly reset?: boolean } & Partial<RuleKey>)
  | { readonly list: 'sets'; readonly family?: FamilyName; readonly table?: string }
  | { readonly list: 'set'; readonly family: FamilyName; readonly table: string; readonly name: string }
  | {
      readonly list: 'elements';
      readonly family: FamilyName;
      readonly table: string;
      readonly set: string;
      readonly reset?: boolean;
    }
  | ({ readonly list: 'objects'; readonly family?: FamilyName; readonly reset?: boolean } & ObjectKey)
  | ({ readonly list: 'flowtables'; readonly family?: FamilyName } & Partial<FlowtableKey>);

const NFTA_SET_TABLE = 1;
const NFTA_RULE_TABLE = 1;

/** Encodes a question as one message; its answers end with NLMSG_DONE or an ACK. @throws EncodeError */
export function encodeRequest(request: Request, sequence: number): Uint8Array {
  const { message, dump, body } = plan(request);
  const writer = new ByteWriter(128);
  const header = {
    type: (NFNL_SUBSYS_NFTABLES << 8) | message,
    // NLM_F_ACK with a single answer makes its end visible; a dump has NLMSG_DONE.
    flags: NetlinkFlag.request | (dump ? NetlinkFlag.dump : NetlinkFlag.ack),
    sequence,
  };
  const family = 'family' in request && request.family !== undefined ? familyCode(request.family) : 0;
  writeNfnetlink(writer, header, family, 0, body);
  return writer.finish();
}

function plan(request: Request): { message: number; dump: boolean; body: (writer: AttributeWriter) => void } {
  switch (request.list) {
    case 'generation':
      return { message: NftablesMessage.getGeneration, dump: false, body: () => {} };
    case 'tables':
      return { message: NftablesMessage.getTable, dump: true, body: () => {} };
    case 'chains':
      return { message: NftablesMessage.getChain, dump: true, body: () => {} };
    case 'chain':
      return { message: NftablesMessage.getChain, dump: false, body: (writer) => writeChainKey(writer, request) };
    case 'rules':
      return {
        message: request.reset === true ? NftablesMessage.getRuleReset : NftablesMessage.getRule,
        dump: true,
        body: (writer) => writeRulesKey(writer, request),
      };
    case 'sets':
      return {
        message: NftablesMessage.getSet,
        dump: true,
        body: (writer) => request.table !== undefined && writer.string(NFTA_SET_TABLE, request.table),
      };
    case 'set':
      return { message: NftablesMessage.getSet, dump: false, body: (writer) => writeSetKey(writer, request) };
    case 'elements':
      return {
        message: request.reset === true ? NftablesMessage.getSetElementsReset : NftablesMessage.getSetElements,
        dump: true,
        body: (writer) => writeSetElementsKey(writer, request),
      };
    case 'objects':
      return {
        message: request.reset === true ? NftablesMessage.getObjectReset : NftablesMessage.getObject,
        dump: request.name === undefined,
        body: (writer) => writeObjectKey(writer, request),
      };
    case 'flowtables': {
      const { table, name } = request;
      return {
        message: NftablesMessage.getFlowtable,
        dump: name === undefined,
        body: (writer) => table !== undefined && writeFlowtableKey(writer, { ...request, table }),
      };
    }
  }
}

function writeRulesKey(writer: AttributeWriter, { table, chain }: Partial<RuleKey>): void {
  if (table === undefined) return;
  if (chain === undefined) writer.string(NFTA_RULE_TABLE, table);
  else writeRuleKey(writer, { table, chain });
}

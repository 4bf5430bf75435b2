import { DecodeError, EncodeError } from '@router7/wire';
import type { Attributes, AttributeWriter } from './attribute.ts';
import { readDevices, writeDevices } from './device-list.ts';
import { counter as counterCodec } from './expressions/counter.ts';
import { type FamilyName, familyName } from './family.ts';
import { type Hook, hookName, hookNumber } from './hook.ts';
import { decodeComment, encodeComment } from './userdata.ts';

const NFTA_CHAIN_TABLE = 1;
const NFTA_CHAIN_HANDLE = 2;
const NFTA_CHAIN_NAME = 3;
const NFTA_CHAIN_HOOK = 4;
const NFTA_CHAIN_POLICY = 5;
const NFTA_CHAIN_USE = 6;
const NFTA_CHAIN_TYPE = 7;
const NFTA_CHAIN_COUNTERS = 8;
const NFTA_CHAIN_FLAGS = 10;
const NFTA_CHAIN_ID = 11;
const NFTA_CHAIN_USERDATA = 12;
const NFTA_HOOK_HOOKNUM = 1;
const NFTA_HOOK_PRIORITY = 2;
const NFTA_HOOK_DEV = 3;
const NFTA_HOOK_DEVS = 4;
const NF_DROP = 0;
const NF_ACCEPT = 1;

/** A chain's flags: `base` is only read, `offload` is `flags offload`, `binding` is `jump { ... }` in a rule. */
export const ChainFlag = { base: 0x1, offload: 0x2, binding: 0x4 } as const;

/** What makes a chain a base chain: the hook that calls it. */
export interface ChainHook {
  readonly type: 'filter' | 'nat' | 'route';
  readonly hook: Hook;
  /** Lower numbers come first; {@link priorityOf} knows nft's names for them. */
  readonly priority: number;
  /** What becomes of packets that reach the end of the chain; `accept` when absent. */
  readonly policy?: 'accept' | 'drop';
  /** The interface of an ingress or egress hook. */
  readonly device?: string;
  /** Several of them; one that ends with `*` stands for all that begin so (Linux 6.17). */
  readonly devices?: readonly string[];
}

/** What the policy of a base chain has counted. */
export interface ChainCounters {
  readonly packets: bigint;
  readonly bytes: bigint;
}

/** `chain c { type filter hook input priority filter; policy drop; comment "x"; }`: a chain of rules. */
export interface Chain {
  readonly kind: 'chain';
  readonly family: FamilyName;
  readonly table: string;
  /** Empty for one that is made for the rule that jumps to it: `id` and the flag `binding` tell it then. */
  readonly name: string;
  /** Absent for a chain that is only jumped to. */
  readonly base?: ChainHook;
  /** Bits of {@link ChainFlag}. */
  readonly flags?: number;
  /** A number that is unique in the transaction: rules and verdicts in the same transaction may name it. */
  readonly id?: number;
  /** Only of a base chain; absent until something has been counted. */
  readonly counters?: ChainCounters;
  /** Left out on encode when there is `userdata`. */
  readonly comment?: string;
  readonly userdata?: Uint8Array;
  /** The kernel's number for it; only read. */
  readonly handle?: bigint;
  /** How many rules it has and how many jump to it; only read. */
  readonly use?: number;
}

/** What names a chain, by its name or by its handle. */
export interface ChainKey {
  readonly table: string;
  readonly name?: string;
  readonly handle?: bigint;
  /** For a deletion: takes only these devices off the hook, and leaves the chain (Linux 6.4). */
  readonly removeDevices?: readonly string[];
}

/** Writes the attributes of NFT_MSG_NEWCHAIN. @throws EncodeError `bad-value` (a hook that the family does not have, a policy that there is not) */
export function writeChain(writer: AttributeWriter, chain: Chain): void {
  const { base, flags = 0, id, counters } = chain;
  writer.string(NFTA_CHAIN_TABLE, chain.table);
  if (chain.name !== '') writer.string(NFTA_CHAIN_NAME, chain.name);
  if (base !== undefined) {
    writer.string(NFTA_CHAIN_TYPE, base.type);
    if (base.policy !== undefined) writer.u32(NFTA_CHAIN_POLICY, policyCode(base.policy));
    writeHook(writer, chain.family, base);
  }
  if (counters !== undefined) {
    writer.nest(NFTA_CHAIN_COUNTERS, () => counterCodec.encode(writer, { kind: 'counter', ...counters }));
  }
  if (id !== undefined) writer.u32(NFTA_CHAIN_ID, id);
  // That a chain is a base chain is what its hook says; the kernel sets the flag for itself.
  if (flags > ChainFlag.base) writer.u32(NFTA_CHAIN_FLAGS, flags & ~ChainFlag.base);
  const userdata = chain.userdata ?? (chain.comment === undefined ? undefined : encodeComment(chain.comment));
  if (userdata !== undefined) writer.bytes(NFTA_CHAIN_USERDATA, userdata);
}

function policyCode(policy: 'accept' | 'drop'): number {
  if (policy === 'drop') return NF_DROP;
  if (policy === 'accept') return NF_ACCEPT;
  throw new EncodeError('bad-value', `${JSON.stringify(policy)} is no policy`);
}

function writeHook(writer: AttributeWriter, family: FamilyName, { hook, priority, device, devices }: ChainHook): void {
  if (device !== undefined && devices !== undefined)
    throw new EncodeError('bad-value', 'device and devices of a chain');
  writer.nest(NFTA_CHAIN_HOOK, () => {
    writer.u32(NFTA_HOOK_HOOKNUM, hookNumber(family, hook));
    writer.i32(NFTA_HOOK_PRIORITY, priority);
    if (device !== undefined) writer.string(NFTA_HOOK_DEV, device);
    if (devices !== undefined) writeDevices(writer, NFTA_HOOK_DEVS, devices);
  });
}

/** Writes what names a chain in a request or a deletion. */
export function writeChainKey(writer: AttributeWriter, { table, name, handle, removeDevices }: ChainKey): void {
  writer.string(NFTA_CHAIN_TABLE, table);
  if (name !== undefined && name !== '') writer.string(NFTA_CHAIN_NAME, name);
  else if (handle !== undefined) writer.u64(NFTA_CHAIN_HANDLE, handle);
  if (removeDevices !== undefined) {
    writer.nest(NFTA_CHAIN_HOOK, () => writeDevices(writer, NFTA_HOOK_DEVS, removeDevices));
  }
}

/** Reads what names a chain, and the devices that are told with it. @throws DecodeError */
export function readChainKey(
  family: number,
  attributes: Attributes,
): { key: ChainKey & Pick<Chain, 'kind' | 'family'>; devices?: readonly string[] } {
  const handle = attributes.u64(NFTA_CHAIN_HANDLE);
  const hook = attributes.nested(NFTA_CHAIN_HOOK);
  const devices = hook && readDevices(hook, NFTA_HOOK_DEVS);
  const key = {
    kind: 'chain' as const,
    family: familyName(family),
    table: attributes.need(attributes.string(NFTA_CHAIN_TABLE), 'NFTA_CHAIN_TABLE'),
    name: attributes.need(attributes.string(NFTA_CHAIN_NAME), 'NFTA_CHAIN_NAME'),
    ...(handle !== undefined && { handle }),
  };
  return { key, ...(devices !== undefined && { devices }) };
}

/** Reads the attributes of NFT_MSG_NEWCHAIN. @throws DecodeError */
export function readChain(family: number, attributes: Attributes): Chain {
  const name = familyName(family);
  const id = attributes.u32(NFTA_CHAIN_ID);
  const handle = attributes.u64(NFTA_CHAIN_HANDLE);
  const use = attributes.u32(NFTA_CHAIN_USE);
  const userdata = attributes.bytes(NFTA_CHAIN_USERDATA);
  const comment = userdata && decodeComment(userdata);
  const base = readHook(name, attributes);
  const counters = readCounters(attributes);
  const chain = attributes.string(NFTA_CHAIN_NAME);
  return {
    kind: 'chain',
    family: name,
    table: attributes.need(attributes.string(NFTA_CHAIN_TABLE), 'NFTA_CHAIN_TABLE'),
    name: id === undefined ? attributes.need(chain, 'NFTA_CHAIN_NAME') : (chain ?? ''),
    ...(base !== undefined && { base }),
    flags: attributes.u32(NFTA_CHAIN_FLAGS) ?? 0,
    ...(id !== undefined && { id }),
    ...(counters !== undefined && { counters }),
    ...(comment !== undefined && { comment }),
    ...(userdata !== undefined && { userdata }),
    ...(handle !== undefined && { handle }),
    ...(use !== undefined && { use }),
  };
}

function readHook(family: FamilyName, attributes: Attributes): ChainHook | undefined {
  const nested = attributes.nested(NFTA_CHAIN_HOOK);
  if (nested === undefined) return undefined;
  const number = nested.need(nested.u32(NFTA_HOOK_HOOKNUM), 'NFTA_HOOK_HOOKNUM');
  const type = attributes.need(attributes.string(NFTA_CHAIN_TYPE), 'NFTA_CHAIN_TYPE');
  if (type !== 'filter' && type !== 'nat' && type !== 'route') {
    throw new DecodeError('bad-value', `chain type ${JSON.stringify(type)}`, 0);
  }
  // Of a single device the kernel tells both forms.
  const device = nested.string(NFTA_HOOK_DEV);
  const devices = device === undefined ? readDevices(nested, NFTA_HOOK_DEVS) : undefined;
  const policy = attributes.u32(NFTA_CHAIN_POLICY);
  return {
    type,
    hook: hookName(family, number),
    priority: nested.need(nested.i32(NFTA_HOOK_PRIORITY), 'NFTA_HOOK_PRIORITY'),
    ...(policy !== undefined && { policy: policy === NF_DROP ? ('drop' as const) : ('accept' as const) }),
    ...(device !== undefined && { device }),
    ...(devices !== undefined && { devices }),
  };
}

function readCounters(attributes: Attributes): ChainCounters | undefined {
  const nested = attributes.nested(NFTA_CHAIN_COUNTERS);
  const decoded = nested && counterCodec.decode(nested);
  return decoded && { packets: decoded.packets, bytes: decoded.bytes };
}

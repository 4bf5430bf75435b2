import { DecodeError, EncodeError } from '@router7/wire';
import type { Attributes, AttributeWriter } from './attribute.ts';
import { type FamilyName, familyName } from './family.ts';
import { decodeComment, encodeComment } from './userdata.ts';

const NFTA_CHAIN_TABLE = 1;
const NFTA_CHAIN_HANDLE = 2;
const NFTA_CHAIN_NAME = 3;
const NFTA_CHAIN_HOOK = 4;
const NFTA_CHAIN_POLICY = 5;
const NFTA_CHAIN_USE = 6;
const NFTA_CHAIN_TYPE = 7;
const NFTA_CHAIN_FLAGS = 10;
const NFTA_CHAIN_USERDATA = 12;
const NFTA_HOOK_HOOKNUM = 1;
const NFTA_HOOK_PRIORITY = 2;
const NFTA_HOOK_DEV = 3;
const NF_DROP = 0;
const NF_ACCEPT = 1;

/** Hooks of the families ip, ip6, inet and bridge (NF_INET_*); `ingress` of inet is the sixth. */
const inetHooks = { prerouting: 0, input: 1, forward: 2, output: 3, postrouting: 4, ingress: 5 } as const;
const netdevHooks = { ingress: 0, egress: 1 } as const;
const arpHooks = { input: 0, output: 1, forward: 2 } as const;

/** Where in a packet's way a base chain is called. */
export type Hook = 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting' | 'ingress' | 'egress';

/** The names that nft has for priorities of the families ip, ip6 and inet; lower numbers come first. */
export const Priority = { raw: -300, mangle: -150, dstnat: -100, filter: 0, security: 50, srcnat: 100 } as const;

/** What makes a chain a base chain: the hook that calls it. */
export interface ChainHook {
  readonly type: 'filter' | 'nat' | 'route';
  readonly hook: Hook;
  readonly priority: number;
  /** What becomes of packets that reach the end of the chain; `accept` when absent. */
  readonly policy?: 'accept' | 'drop';
  /** The interface of an ingress or egress hook. */
  readonly device?: string;
}

/** A chain of rules. */
export interface Chain {
  readonly kind: 'chain';
  readonly family: FamilyName;
  readonly table: string;
  readonly name: string;
  /** Absent for a chain that is only jumped to. */
  readonly base?: ChainHook;
  readonly flags?: number;
  /** Left out on encode when there is `userdata`. */
  readonly comment?: string;
  readonly userdata?: Uint8Array;
  /** The kernel's number for it; only read. */
  readonly handle?: bigint;
  /** How many rules it has and how many jump to it; only read. */
  readonly use?: number;
}

/** What names a chain. */
export type ChainKey = Pick<Chain, 'table' | 'name'>;

function hooksOf(family: FamilyName): { readonly [hook: string]: number } {
  if (family === 'netdev') return netdevHooks;
  return family === 'arp' ? arpHooks : inetHooks;
}

/** Writes the attributes of NFT_MSG_NEWCHAIN. @throws EncodeError `bad-value` when the family has no such hook */
export function writeChain(writer: AttributeWriter, chain: Chain): void {
  writeChainKey(writer, chain);
  const { base } = chain;
  if (base !== undefined) {
    const hook = hooksOf(chain.family)[base.hook];
    if (hook === undefined) throw new EncodeError('bad-value', `family ${chain.family} has no hook ${base.hook}`);
    writer.string(NFTA_CHAIN_TYPE, base.type);
    if (base.policy !== undefined) writer.u32(NFTA_CHAIN_POLICY, base.policy === 'drop' ? NF_DROP : NF_ACCEPT);
    writer.nest(NFTA_CHAIN_HOOK, () => {
      writer.u32(NFTA_HOOK_HOOKNUM, hook);
      writer.i32(NFTA_HOOK_PRIORITY, base.priority);
      if (base.device !== undefined) writer.string(NFTA_HOOK_DEV, base.device);
    });
  }
  if (chain.flags !== undefined && chain.flags > 1) writer.u32(NFTA_CHAIN_FLAGS, chain.flags & ~1);
  const userdata = chain.userdata ?? (chain.comment === undefined ? undefined : encodeComment(chain.comment));
  if (userdata !== undefined) writer.bytes(NFTA_CHAIN_USERDATA, userdata);
}

/** Writes what names a chain in a request or a deletion. */
export function writeChainKey(writer: AttributeWriter, chain: ChainKey): void {
  writer.string(NFTA_CHAIN_TABLE, chain.table);
  writer.string(NFTA_CHAIN_NAME, chain.name);
}

/** Reads the attributes of NFT_MSG_NEWCHAIN. @throws DecodeError */
export function readChain(family: number, attributes: Attributes): Chain {
  const name = familyName(family);
  const handle = attributes.u64(NFTA_CHAIN_HANDLE);
  const use = attributes.u32(NFTA_CHAIN_USE);
  const userdata = attributes.bytes(NFTA_CHAIN_USERDATA);
  const comment = userdata && decodeComment(userdata);
  const base = readHook(name, attributes);
  return {
    kind: 'chain',
    family: name,
    table: attributes.need(attributes.string(NFTA_CHAIN_TABLE), 'NFTA_CHAIN_TABLE'),
    name: attributes.need(attributes.string(NFTA_CHAIN_NAME), 'NFTA_CHAIN_NAME'),
    ...(base !== undefined && { base }),
    flags: attributes.u32(NFTA_CHAIN_FLAGS) ?? 0,
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
  const hook = Object.entries(hooksOf(family)).find(([, code]) => code === number)?.[0];
  if (hook === undefined) throw new DecodeError('bad-value', `family ${family} has no hook ${number}`, 0);
  const type = attributes.need(attributes.string(NFTA_CHAIN_TYPE), 'NFTA_CHAIN_TYPE');
  if (type !== 'filter' && type !== 'nat' && type !== 'route') {
    throw new DecodeError('bad-value', `chain type ${JSON.stringify(type)}`, 0);
  }
  const device = nested.string(NFTA_HOOK_DEV);
  const policy = attributes.u32(NFTA_CHAIN_POLICY);
  return {
    type,
    hook: hook as Hook,
    priority: nested.need(nested.i32(NFTA_HOOK_PRIORITY), 'NFTA_HOOK_PRIORITY'),
    ...(policy !== undefined && { policy: policy === NF_DROP ? ('drop' as const) : ('accept' as const) }),
    ...(device !== undefined && { device }),
  };
}

import { DecodeError } from '@router7/wire';
import type { Attributes, AttributeWriter } from '../attribute.ts';

const NFTA_DATA_VALUE = 1;
const NFTA_DATA_VERDICT = 2;
const NFTA_VERDICT_CODE = 1;
const NFTA_VERDICT_CHAIN = 2;
const NFTA_VERDICT_CHAIN_ID = 3;

/** Verdict codes; what is negative belongs to nf_tables, the rest to netfilter. */
export const VerdictCode = { drop: 0, accept: 1, continue: -1, break: -2, jump: -3, goto: -4, return: -5 } as const;

/** `accept`, `jump chain`, `jump { accept; }`: what becomes of the packet. */
export interface Verdict {
  readonly code: number;
  /** Where `jump` and `goto` go. */
  readonly chain?: string;
  /** The number within the transaction of a chain that is made in it; that of `jump { ... }` has no name yet. */
  readonly chainId?: number;
}

/** Octets for a register, or a verdict for the verdict register. */
export type Data = { readonly value: Uint8Array } | { readonly verdict: Verdict };

/** Writes octets as NFTA_DATA_VALUE inside `type`. */
export function writeValue(writer: AttributeWriter, type: number, value: Uint8Array): void {
  const at = writer.begin();
  writer.bytes(NFTA_DATA_VALUE, value);
  writer.end(at, type);
}

/** Reads octets from NFTA_DATA_VALUE inside `type`; undefined when absent. @throws DecodeError */
export function readValue(attributes: Attributes, type: number): Uint8Array | undefined {
  const inner = attributes.nested(type);
  return inner === undefined ? undefined : inner.need(inner.bytes(NFTA_DATA_VALUE), 'NFTA_DATA_VALUE');
}

/** Writes either kind of data inside `type`. */
export function writeData(writer: AttributeWriter, type: number, data: Data): void {
  if ('value' in data) {
    writeValue(writer, type, data.value);
    return;
  }
  const { code, chain, chainId } = data.verdict;
  writer.nest(type, () => {
    writer.nest(NFTA_DATA_VERDICT, () => {
      writer.i32(NFTA_VERDICT_CODE, code);
      if (chain !== undefined) writer.string(NFTA_VERDICT_CHAIN, chain);
      if (chainId !== undefined) writer.u32(NFTA_VERDICT_CHAIN_ID, chainId);
    });
  });
}

/** Reads either kind of data inside `type`; undefined when absent. @throws DecodeError */
export function readData(attributes: Attributes, type: number): Data | undefined {
  const inner = attributes.nested(type);
  if (inner === undefined) return undefined;
  const verdict = inner.nested(NFTA_DATA_VERDICT);
  const value = inner.bytes(NFTA_DATA_VALUE);
  if (verdict === undefined) return { value: inner.need(value, 'NFTA_DATA_VALUE') };
  if (value !== undefined) throw new DecodeError('bad-value', 'data is a value and a verdict', 0);
  const code = verdict.need(verdict.i32(NFTA_VERDICT_CODE), 'NFTA_VERDICT_CODE');
  const chain = verdict.string(NFTA_VERDICT_CHAIN);
  const chainId = verdict.u32(NFTA_VERDICT_CHAIN_ID);
  return {
    verdict: { code, ...(chain !== undefined && { chain }), ...(chainId !== undefined && { chainId }) },
  };
}

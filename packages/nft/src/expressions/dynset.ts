import { Attributes, type AttributeWriter } from '../attribute.ts';
import type { NestedExpressions, NestingCodec } from './codec.ts';

const NFTA_DYNSET_SET_NAME = 1;
const NFTA_DYNSET_SET_ID = 2;
const NFTA_DYNSET_OP = 3;
const NFTA_DYNSET_SREG_KEY = 4;
const NFTA_DYNSET_SREG_DATA = 5;
const NFTA_DYNSET_TIMEOUT = 6;
const NFTA_DYNSET_EXPR = 7;
const NFTA_DYNSET_PAD = 8;
const NFTA_DYNSET_FLAGS = 9;
const NFTA_DYNSET_EXPRESSIONS = 10;
const NFTA_LIST_ELEM = 1;
const NFT_DYNSET_F_INV = 1;
const NFT_DYNSET_F_EXPR = 2;

/** What is done to the set (enum nft_dynset_ops); `update` also begins the element's time anew. */
export const DynsetOperation = { add: 0, update: 1, delete: 2 } as const;

/** `add @set { ip saddr timeout 1m limit rate 10/second }`, `update @map { ip saddr : 5 }`: changes a set. */
export interface Dynset<N> {
  readonly kind: 'dynset';
  /** One of {@link DynsetOperation}. */
  readonly operation: number;
  readonly set: string;
  /** The set's number within the transaction, for one that is made in it. */
  readonly setId?: number;
  /** The register with the element's key. */
  readonly keyRegister: number;
  /** In a map the register with what the key stands for. */
  readonly dataRegister?: number;
  /** How long the element lives; absent: as long as the set says. */
  readonly timeoutMilliseconds?: bigint;
  /** What every element has of its own: counter, limit, quota, connlimit, last. */
  readonly expressions: readonly N[];
  /** The rule goes on when the set has not changed. */
  readonly inverted: boolean;
}

/** Codec of {@link Dynset}, whose elements have expressions of the type `N`. */
export function dynset<N>(): NestingCodec<Dynset<N>, N> {
  return { kind: 'dynset', name: 'dynset', encode, decode };
}

function encode<N>(writer: AttributeWriter, expression: Dynset<N>, nested: NestedExpressions<N>): void {
  const { setId, dataRegister, timeoutMilliseconds, expressions, inverted } = expression;
  writer.u32(NFTA_DYNSET_SREG_KEY, expression.keyRegister);
  if (dataRegister !== undefined) writer.u32(NFTA_DYNSET_SREG_DATA, dataRegister);
  writer.u32(NFTA_DYNSET_OP, expression.operation);
  if (timeoutMilliseconds !== undefined) writer.u64(NFTA_DYNSET_TIMEOUT, timeoutMilliseconds);
  writer.string(NFTA_DYNSET_SET_NAME, expression.set);
  if (setId !== undefined) writer.u32(NFTA_DYNSET_SET_ID, setId);
  const [first] = expressions;
  const several = expressions.length > 1;
  if (several) {
    writer.nest(NFTA_DYNSET_EXPRESSIONS, () => {
      for (const one of expressions) writer.nest(NFTA_LIST_ELEM, () => nested.write(writer, one));
    });
  } else if (first !== undefined) {
    writer.nest(NFTA_DYNSET_EXPR, () => nested.write(writer, first));
  }
  // The kernel takes a list only from who says that it knows of lists.
  const flags = (inverted ? NFT_DYNSET_F_INV : 0) | (several ? NFT_DYNSET_F_EXPR : 0);
  if (flags !== 0) writer.u32(NFTA_DYNSET_FLAGS, flags);
}

function decode<N>(attributes: Attributes, nested: NestedExpressions<N>): Dynset<N> | undefined {
  const setId = attributes.u32(NFTA_DYNSET_SET_ID);
  const dataRegister = attributes.u32(NFTA_DYNSET_SREG_DATA);
  // The kernel lists 0 for "as the set says", and takes any number only for a set that has time-outs.
  const timeoutMilliseconds = attributes.u64(NFTA_DYNSET_TIMEOUT) || undefined;
  attributes.has(NFTA_DYNSET_PAD);
  const single = attributes.attribute(NFTA_DYNSET_EXPR);
  const list = attributes.nested(NFTA_DYNSET_EXPRESSIONS)?.list();
  const flags = attributes.u32(NFTA_DYNSET_FLAGS) ?? 0;
  // A list of one, or of something else, has no value here that would be written as a list again.
  if (list !== undefined && (single !== undefined || list.length < 2)) return undefined;
  if (list?.some(({ type }) => type !== NFTA_LIST_ELEM)) return undefined;
  // The kernel itself leaves NFT_DYNSET_F_EXPR out when it lists the rule.
  if ((flags & ~(list === undefined ? NFT_DYNSET_F_INV : NFT_DYNSET_F_INV | NFT_DYNSET_F_EXPR)) !== 0) return undefined;
  const members = list ?? (single ? [single] : []);
  return {
    kind: 'dynset',
    operation: attributes.need(attributes.u32(NFTA_DYNSET_OP), 'NFTA_DYNSET_OP'),
    set: attributes.need(attributes.string(NFTA_DYNSET_SET_NAME), 'NFTA_DYNSET_SET_NAME'),
    ...(setId !== undefined && { setId }),
    keyRegister: attributes.need(attributes.u32(NFTA_DYNSET_SREG_KEY), 'NFTA_DYNSET_SREG_KEY'),
    ...(dataRegister !== undefined && { dataRegister }),
    ...(timeoutMilliseconds !== undefined && { timeoutMilliseconds }),
    expressions: members.map((member) => nested.read(new Attributes(member.reader()))),
    inverted: (flags & NFT_DYNSET_F_INV) !== 0,
  };
}

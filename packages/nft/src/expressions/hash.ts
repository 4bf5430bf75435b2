import type { ExpressionCodec } from './codec.ts';

const NFTA_HASH_SREG = 1;
const NFTA_HASH_DREG = 2;
const NFTA_HASH_LEN = 3;
const NFTA_HASH_MODULUS = 4;
const NFTA_HASH_SEED = 5;
const NFTA_HASH_OFFSET = 6;
const NFTA_HASH_TYPE = 7;
const NFT_HASH_JENKINS = 0;
const NFT_HASH_SYM = 1;

/** What both kinds of hash have. */
interface HashResult {
  readonly kind: 'hash';
  readonly register: number;
  /** How many results there are, the first being 0. */
  readonly modulus: number;
  /** Added to each. */
  readonly offset: number;
}

/** `jhash ip saddr . tcp dport mod 4 seed 0xbeef`: of octets in registers. */
export interface JenkinsHash extends HashResult {
  readonly type: 'jenkins';
  readonly source: number;
  /** Octets from `source` on. */
  readonly length: number;
  /** Absent: the kernel chooses one. */
  readonly seed?: number;
}

/** `symhash mod 4`: of a connection's addresses and ports, the same both ways. */
export interface SymmetricHash extends HashResult {
  readonly type: 'symmetric';
}

/** `jhash ip saddr mod 4 seed 0xbeef offset 3`, `symhash mod 4`: a number in host byte order. */
export type Hash = JenkinsHash | SymmetricHash;

/** Codec of {@link Hash}. */
export const hash: ExpressionCodec<Hash> = {
  kind: 'hash',
  name: 'hash',
  encode(writer, expression) {
    if (expression.type === 'jenkins') writer.u32(NFTA_HASH_SREG, expression.source);
    writer.u32(NFTA_HASH_DREG, expression.register);
    if (expression.type === 'jenkins') writer.u32(NFTA_HASH_LEN, expression.length);
    writer.u32(NFTA_HASH_MODULUS, expression.modulus);
    if (expression.type === 'jenkins' && expression.seed !== undefined) writer.u32(NFTA_HASH_SEED, expression.seed);
    writer.u32(NFTA_HASH_OFFSET, expression.offset);
    writer.u32(NFTA_HASH_TYPE, expression.type === 'jenkins' ? NFT_HASH_JENKINS : NFT_HASH_SYM);
  },
  decode(attributes) {
    const type = attributes.u32(NFTA_HASH_TYPE) ?? NFT_HASH_JENKINS;
    const register = attributes.need(attributes.u32(NFTA_HASH_DREG), 'NFTA_HASH_DREG');
    const modulus = attributes.need(attributes.u32(NFTA_HASH_MODULUS), 'NFTA_HASH_MODULUS');
    const result = { kind: 'hash', register, modulus, offset: attributes.u32(NFTA_HASH_OFFSET) ?? 0 } as const;
    if (type === NFT_HASH_SYM) return { ...result, type: 'symmetric' };
    if (type !== NFT_HASH_JENKINS) return undefined;
    const seed = attributes.u32(NFTA_HASH_SEED);
    return {
      ...result,
      type: 'jenkins',
      source: attributes.need(attributes.u32(NFTA_HASH_SREG), 'NFTA_HASH_SREG'),
      length: attributes.need(attributes.u32(NFTA_HASH_LEN), 'NFTA_HASH_LEN'),
      ...(seed !== undefined && { seed }),
    };
  },
};

import { BitwiseOperation, type Expression, type FamilyName } from '@router7/nft';
import { goldenNewer } from '../expressions/golden/newer.ts';
import { accept, cmp, ctLoad, metaLoad, metaSet } from './expression-cases/short.ts';

/** A rule that nft 1.0.6 has no words for. */
export interface NewerCase {
  readonly text: string;
  readonly expressions: readonly Expression[];
  /** The first Linux that can do it. */
  readonly since: string;
  /** Of the table; ip when absent. */
  readonly family?: FamilyName;
  /** The kernel's option without which it does not know the expression. */
  readonly option?: string;
}

const golden = (name: string): Expression => {
  const row = goldenNewer.find((one) => one.name === name);
  if (row === undefined) throw new Error(`there is no golden row ${name}`);
  return row.expression;
};

const booleans = (['and', 'or', 'xor'] as const).map(
  (word): NewerCase => ({
    text: `meta mark set meta mark ${word} ct mark`,
    expressions: [metaLoad('mark'), ctLoad('mark', 2), golden(`bitwise ${word} of two registers`), metaSet('mark')],
    since: '6.13',
  }),
);

/** What the kernel has to take and to give back as it was. */
export const newerCases: readonly NewerCase[] = [
  ...booleans,
  {
    text: 'meta mark set meta mark << 3, in registers of four octets',
    expressions: [
      metaLoad('mark', 9),
      {
        ...{ kind: 'bitwise', operation: BitwiseOperation.leftShift, source: 9, destination: 10, length: 4 },
        bits: new Uint8Array([3, 0, 0, 0]),
      },
      metaSet('mark', 10),
    ],
    since: '5.6',
  },
  {
    text: 'vxlan ip saddr 10.0.0.1 accept',
    expressions: [
      metaLoad('l4proto'),
      cmp('eq', '11'),
      golden('inner payload in VXLAN'),
      cmp('eq', '0a000001'),
      accept,
    ],
    since: '6.2',
  },
  {
    text: 'geneve vni 10 accept',
    expressions: [
      ...[metaLoad('l4proto'), cmp('eq', '11')],
      ...[golden("inner payload of GENEVE's own header"), cmp('eq', '00000a'), accept],
    ],
    since: '6.2',
  },
  {
    text: 'gre meta l4proto tcp accept',
    expressions: [metaLoad('l4proto'), cmp('eq', '2f'), golden('inner meta in GRE'), cmp('eq', '06'), accept],
    since: '6.2',
  },
  { text: 'last', expressions: [golden('last')], since: '5.14' },
  {
    text: 'tunnel id 5 accept',
    expressions: [golden('tunnel id'), cmp('eq', '05000000'), accept],
    since: '4.19',
    family: 'netdev',
    option: 'CONFIG_NFT_TUNNEL',
  },
  {
    text: 'tunnel path exists accept, received packets only',
    expressions: [golden('tunnel path of received packets'), cmp('eq', '01'), accept],
    since: '4.19',
    family: 'netdev',
    option: 'CONFIG_NFT_TUNNEL',
  },
  {
    text: 'dccp option 43 exists accept',
    expressions: [golden('exthdr of DCCP'), cmp('eq', '01'), accept],
    since: '6.5',
    option: 'CONFIG_NFT_EXTHDR_DCCP',
  },
];

import { goldenActions } from './golden/actions.ts';
import { goldenCompare } from './golden/compare.ts';
import { goldenExthdr } from './golden/exthdr.ts';
import type { GoldenExpression } from './golden/golden-expression.ts';
import { goldenKeys } from './golden/keys.ts';
import { goldenNat } from './golden/nat.ts';
import { goldenNewer } from './golden/newer.ts';
import { goldenNumbers } from './golden/numbers.ts';
import { goldenPayload } from './golden/payload.ts';
import { goldenRoute } from './golden/route.ts';
import { goldenSets } from './golden/sets.ts';

export type { GoldenExpression };

/** At least one row for every entry of the registry, for every key, and for every flag. */
export const goldenExpressions: readonly GoldenExpression[] = [
  ...goldenPayload,
  ...goldenExthdr,
  ...goldenCompare,
  ...goldenSets,
  ...goldenRoute,
  ...goldenNumbers,
  ...goldenNat,
  ...goldenActions,
  ...goldenKeys,
  ...goldenNewer,
];

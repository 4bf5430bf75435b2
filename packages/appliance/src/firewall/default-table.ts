import { counters, countingChains } from './counters.ts';
import { forwardChains } from './forward.ts';
import { inputChains } from './input.ts';
import { TABLE } from './names.ts';
import { natChains } from './nat.ts';
import { natSets } from './nat-filtering.ts';
import { flowtables } from './offload.ts';
import type { OwnTable } from './own-table.ts';
import type { Situation } from './situation.ts';
import { arrivals, departures, waysBack } from './source-check.ts';
import { synSets } from './syn.ts';

/** The default profile: nothing comes in that was not asked for, or is configured to. */
export function defaultTable(situation: Situation): OwnTable {
  return {
    family: 'inet',
    name: TABLE,
    counters,
    dynamicSets: [...synSets(situation), ...natSets(situation)],
    offloadTables: flowtables(situation),
    chains: {
      arrivals: arrivals(situation),
      ...waysBack(situation),
      ...inputChains(situation),
      ...forwardChains(situation),
      ...natChains(situation),
      departures: departures(situation),
      ...countingChains(),
    },
  };
}

import type { TableDefinition } from '@router7/nft';
import { counters, countingChains } from './counters.ts';
import { forwardChains } from './forward.ts';
import { inputChains } from './input.ts';
import { natChains } from './nat.ts';
import type { Situation } from './situation.ts';
import { arrivals, departures } from './source-check.ts';

/** Name of the router's own table, of the family inet. */
export const TABLE = 'router7';

/** The default profile: nothing comes in that was not asked for, or is configured to. */
export function defaultTable(situation: Situation): TableDefinition {
  return {
    family: 'inet',
    name: TABLE,
    counters,
    chains: {
      arrivals: arrivals(situation),
      ...inputChains(situation),
      ...forwardChains(situation),
      ...natChains(situation),
      departures: departures(situation),
      ...countingChains(),
    },
  };
}

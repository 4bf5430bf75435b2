import type { TableDefinition } from '@router7/nft';
import { counters, countingChains } from './counters.ts';
import { forwardChains } from './forward.ts';
import { inputChains } from './input.ts';
import { TABLE } from './names.ts';
import { natChains } from './nat.ts';
import { natMaps, takenPorts } from './nat-filtering.ts';
import { flowtables } from './offload.ts';
import type { Situation } from './situation.ts';
import { arrivals, departures, ownAddresses } from './source-check.ts';
import { synSets } from './syn.ts';

/** The default profile: nothing comes in that was not asked for, or is configured to. */
export function defaultTable(situation: Situation): TableDefinition {
  return {
    family: 'inet',
    name: TABLE,
    counters,
    sets: { ...synSets(situation), ...takenPorts(situation), ...ownAddresses(situation) },
    maps: natMaps(situation),
    flowtables: flowtables(situation),
    chains: {
      ...arrivals(situation),
      ...inputChains(situation),
      ...forwardChains(situation),
      ...natChains(situation),
      departures: departures(situation),
      ...countingChains(),
    },
  };
}

import type { TableDefinition } from '@router7/nft';
import { compatTables } from './compat.ts';
import { defaultTable } from './default-table.ts';
import { checkForwardings } from './port-forwards.ts';
import type { Situation } from './situation.ts';

/** What the kernel should have. */
export interface WantedRuleset {
  /** Whole tables; others are none of the router's business. */
  readonly tables: readonly TableDefinition[];
  /** One line for each thing in the configuration that is passed over. */
  readonly warnings: readonly string[];
}

/**
 * The rule set that follows from a configuration. Pure: the same configuration gives the same rule set.
 *
 * @param forwardingsFile where the port forwardings were read, for the warnings
 */
export function wantedRuleset(situation: Situation, forwardingsFile: string): WantedRuleset {
  const { forwardings, warnings } = checkForwardings(situation, forwardingsFile);
  const checked = { ...situation, portForwardings: forwardings };
  const tables = situation.config.compat === 'router7' ? compatTables(checked) : [defaultTable(checked)];
  return { tables, warnings };
}

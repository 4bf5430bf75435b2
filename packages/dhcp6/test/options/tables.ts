import type { OptionTable } from '../golden.ts';
import { associations } from './association-options.ts';
import { exchanges } from './exchange-options.ts';
import { hosts } from './host-options.ts';
import { relays } from './relay-options.ts';
import { softwires } from './softwire-options.ts';

/** All tables of options that have types of their own. */
export const optionTables: readonly OptionTable[] = [exchanges, associations, hosts, relays, softwires];

import type { OptionTable } from '../golden.ts';
import { addresses } from './address-options.ts';
import { identities } from './identity-options.ts';
import { names } from './name-options.ts';
import { shapes } from './shape.ts';

/** All tables of options that have types of their own. */
export const optionTables: readonly OptionTable[] = [shapes, addresses, names, identities];

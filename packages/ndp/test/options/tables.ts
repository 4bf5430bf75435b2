import type { OptionTable } from '../golden.ts';
import { dnsOptions } from './dns-options.ts';
import { linkOptions } from './link-options.ts';
import { prefixOptions } from './prefix-options.ts';

/** All rows of options. */
export const optionTables: readonly OptionTable[] = [linkOptions, prefixOptions, dnsOptions];

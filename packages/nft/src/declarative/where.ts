import type { FamilyName } from '../family.ts';

/** The table that something belongs to. */
export interface Where {
  readonly family: FamilyName;
  readonly table: string;
}

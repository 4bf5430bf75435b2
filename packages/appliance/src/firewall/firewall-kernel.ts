import { type FamilyName, NftError, type Operation } from '@router7/nft';
import type { NftConnection } from '@router7/nft/node';
import { compatMarks } from './compat.ts';
import { TABLE } from './names.ts';
import { applyOwnTables, type OwnTable } from './own-table.ts';

/** A counter's name and state. */
export interface CounterState {
  readonly name: string;
  readonly packets: bigint;
  readonly bytes: bigint;
}

/** What the firewall needs of nf_tables. */
export interface FirewallKernel {
  /** Number that changes with every change of the rule set, by whomever. */
  generation(): Promise<number>;
  /** Whether there is a rule set of ours, of whichever profile. @throws NftError */
  isThere(): Promise<boolean>;
  /** What {@link FirewallKernel.apply} would change, as lines of a diff. @throws NftError */
  difference(tables: readonly OwnTable[]): Promise<readonly string[]>;
  /** Makes tables what they are defined to be, all or nothing; named counters keep their values. @throws NftError */
  apply(tables: readonly OwnTable[]): Promise<void>;
  /** Takes away the tables of the other profile than `wanted`. @throws NftError */
  removeOthers(wanted: readonly OwnTable[]): Promise<void>;
  /** The named counters of a table; none when there is no such table. @throws NftError */
  counters(family: FamilyName, table: string): Promise<readonly CounterState[]>;
}

/** nf_tables by a connection. */
export function nftKernel(nft: NftConnection): FirewallKernel {
  return {
    generation: async () => (await nft.generation()).id,
    async isThere() {
      const own = new Set([`inet ${TABLE}`, ...compatMarks.map((mark) => `${mark.family} ${mark.table}`)]);
      return (await nft.tables()).some(({ family, name }) => own.has(`${family} ${name}`));
    },
    async difference(tables) {
      const present = new Set((await nft.tables()).map(({ family, name }) => `${family} ${name}`));
      return tables
        .map(({ family, name }) => `${family} ${name}`)
        .filter((table) => !present.has(table))
        .map((table) => `+ table ${table}`);
    },
    apply: (tables) => applyOwnTables(nft, tables),
    async removeOthers(wanted) {
      const isWanted = (family: FamilyName, name: string): boolean =>
        wanted.some((table) => table.family === family && table.name === name);
      const operations: Operation[] = [];
      const present = await nft.tables();
      const isThere = (family: FamilyName, name: string): boolean =>
        present.some((table) => table.family === family && table.name === name);
      if (isThere('inet', TABLE) && !isWanted('inet', TABLE)) {
        operations.push({ action: 'delete', object: { kind: 'table', family: 'inet', name: TABLE } });
      }
      for (const mark of compatMarks) {
        if (!isThere(mark.family, mark.table) || isWanted(mark.family, mark.table)) continue;
        operations.push(...(await removeMarked(nft, mark)));
      }
      if (operations.length > 0) await nft.apply(operations);
    },
    async counters(family, table) {
      try {
        const objects = await nft.objects(family, { table });
        return objects.flatMap(({ name, data }) =>
          data.kind === 'counter' ? [{ name, packets: data.packets, bytes: data.bytes }] : [],
        );
      } catch (error) {
        if (error instanceof NftError && error.failures[0]?.errnoName === 'ENOENT') return [];
        throw error;
      }
    },
  };
}

/** A table of router7's rule set goes, unless another program has put chains into it: then only what is ours goes. */
async function removeMarked(
  nft: NftConnection,
  { family, table, chains, counters }: (typeof compatMarks)[number],
): Promise<readonly Operation[]> {
  const present = (await nft.chains(family, table)).map(({ name }) => name);
  const objects = (await nft.objects(family, { table })).map(({ name }) => name);
  const isOurs = chains.every((name) => present.includes(name)) && counters.every((name) => objects.includes(name));
  if (!isOurs) return [];
  if (present.every((name) => chains.includes(name))) {
    return [{ action: 'delete', object: { kind: 'table', family, name: table } }];
  }
  return [
    ...chains.map((chain) => ({ action: 'delete', object: { kind: 'rule', family, table, chain } }) as const),
    ...chains.map((name) => ({ action: 'delete', object: { kind: 'chain', family, table, name } }) as const),
    ...counters.map(
      (name) => ({ action: 'delete', object: { kind: 'object', family, table, name, type: 1 } }) as const,
    ),
  ];
}

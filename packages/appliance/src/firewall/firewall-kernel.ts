import { describeOperation, type FamilyName, NftError, type Operation, type TableDefinition } from '@router7/nft';
import { applyRuleset, type NftConnection, planRuleset } from '@router7/nft/node';
import { compatMarks } from './compat.ts';
import { TABLE } from './names.ts';

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
  difference(tables: readonly TableDefinition[]): Promise<readonly string[]>;
  /**
   * Makes tables what they are defined to be, all or nothing, by the smallest difference: counters and what rules have
   * put into sets stay.
   *
   * @returns how many operations that took, and the generation in which that was all there
   * @throws NftError
   */
  apply(tables: readonly TableDefinition[]): Promise<{ readonly changes: number; readonly generation: number }>;
  /** Takes away the tables of the other profile than `wanted`. @returns how many operations that took @throws NftError */
  removeOthers(wanted: readonly TableDefinition[]): Promise<number>;
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
      const { operations } = await planRuleset(nft, { tables });
      return operations.map((operation) => `${operation.action === 'delete' ? '-' : '+'} ${tell(operation)}`);
    },
    async apply(tables) {
      const { operations, generation } = await applyRuleset(nft, { tables });
      return { changes: operations.length, generation };
    },
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
      return operations.length;
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

/** `rule inet router7 input: default: the home`: what an operation is about. */
function tell(operation: Operation): string {
  const { object } = operation;
  const words = describeOperation(operation).replace(/^\S+ /, '');
  return 'comment' in object && object.comment !== undefined ? `${words}: ${object.comment}` : words;
}

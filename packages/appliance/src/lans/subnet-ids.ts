import { MAX_SUBNET } from '../state/subnets.ts';

/** The link that has the first subnet of everything, as in router7. */
const FIRST = 'lan0';

/** What {@link assignSubnetIds} goes by. */
export interface SubnetIdInputs {
  /** In the order of interfaces.json, each once. */
  readonly lans: readonly string[];
  /** Numbers that ipv6.json says. */
  readonly wanted: ReadonlyMap<string, number>;
  /** Numbers of before, also of links that are not there. */
  readonly kept: ReadonlyMap<string, number>;
  /** Subnets in the largest prefix that there is: numbers below it are better. */
  readonly capacity: number;
}

/** What {@link assignSubnetIds} finds. */
export interface SubnetIds {
  /** A number for each of the links, no two the same. */
  readonly ids: ReadonlyMap<string, number>;
  /** Those, and what is kept for links that are gone. */
  readonly kept: ReadonlyMap<string, number>;
  readonly remarks: readonly string[];
}

/**
 * Gives links the numbers of their subnets. A link keeps its number: RFC 9818 section 5.1 LPD-3, "The prefix assigned
 * to a link MUST NOT change in the absence of a local policy or a topology change." A new one gets none that another link
 * had, unless there are no others.
 */
export function assignSubnetIds({ lans, wanted, kept, capacity }: SubnetIdInputs): SubnetIds {
  const ids = new Map<string, number>();
  const taken = new Map<number, string>();
  const remarks: string[] = [];
  const give = (lan: string, id: number): void => {
    ids.set(lan, id);
    taken.set(id, lan);
  };
  for (const lan of lans) {
    const id = wanted.get(lan);
    if (id === undefined) continue;
    const other = taken.get(id);
    if (other === undefined) give(lan, id);
    else remarks.push(`subnet ${id} is configured for ${other} and ${lan}: ${other} gets it`);
  }
  for (const lan of lans) {
    const id = kept.get(lan);
    if (!ids.has(lan) && id !== undefined && !taken.has(id)) give(lan, id);
  }
  const reserved = new Set(kept.values());
  const news = lans.filter((lan) => !ids.has(lan));
  for (const lan of [...news].sort((a, b) => Number(b === FIRST) - Number(a === FIRST))) {
    const isFree = (id: number): boolean => !taken.has(id);
    const fresh = lowest((id) => isFree(id) && !reserved.has(id));
    give(lan, (fresh !== undefined && fresh < capacity ? fresh : lowest(isFree)) as number);
  }
  const absent = [...kept].filter(([lan, id]) => !ids.has(lan) && !taken.has(id));
  return { ids, kept: new Map([...ids, ...absent]), remarks };
}

function lowest(suits: (id: number) => boolean): number | undefined {
  for (let id = 0; id <= MAX_SUBNET; id++) if (suits(id)) return id;
  return undefined;
}

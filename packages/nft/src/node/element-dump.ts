import {
  type FamilyName,
  type NftablesReply,
  NftError,
  type NftSet,
  type Request,
  readSet,
  readSetElements,
  type SetElement,
  SetFlag,
  SetPolicy,
} from '@router7/nft';

/** Whoever can ask the kernel. */
export interface Asker {
  /** Sends a question and gathers the answers; begins again when the rule set changed meanwhile. @throws NftError */
  request(request: Request): Promise<readonly NftablesReply[]>;
}

/** What names a set. */
export interface SetName {
  readonly family: FamilyName;
  readonly table: string;
  readonly name: string;
}

/**
 * The elements of a set, none of them twice.
 *
 * A dump comes in pieces, and the kernel may enlarge a hash table between two of them, which makes it skip elements
 * without saying so. Therefore a dump counts only when it has as many elements as the kernel says the set has, or,
 * where it does not say, as many as the dump before.
 *
 * @throws NftError `refused` when there is no such set, `interrupted` when no dump was complete
 */
export async function dumpElements(asker: Asker, name: SetName, attempts: number): Promise<SetElement[]> {
  const { family, table, name: set } = name;
  let wanted: number | undefined;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const replies = await asker.request({ list: 'elements', family, table, set });
    const all = replies.flatMap((reply) => readSetElements(reply.family, reply.attributes).elements);
    // One piece cannot be torn.
    if (replies.length <= 1) return all;
    const now = await readOne(asker, name);
    // A set of intervals is a tree or a list, whose changes all raise the generation.
    if (((now?.flags ?? 0) & (SetFlag.interval | SetFlag.timeout)) !== 0) return all;
    const distinct = new Map(all.map((element) => [keyOf(element), element]));
    // The kernel keeps the element for all other keys apart, and does not count it.
    const count = distinct.size - (all.some(({ key }) => key === undefined) ? 1 : 0);
    // Saving memory, the kernel may keep single keys like intervals, and counts half of them.
    const told = now?.policy === SetPolicy.memory ? undefined : now?.count;
    if (count === (told ?? wanted)) return distinct.size === all.length ? all : [...distinct.values()];
    wanted = count;
  }
  throw new NftError('interrupted', `set ${set} could not be read whole in ${attempts} attempts`);
}

async function readOne(asker: Asker, { family, table, name }: SetName): Promise<NftSet | undefined> {
  const [reply] = await asker.request({ list: 'set', family, table, name });
  return reply && readSet(reply.family, reply.attributes);
}

/** A text that only this element of the set has. */
function keyOf({ key, flags = 0 }: SetElement): string {
  let text = String.fromCharCode(flags);
  for (const octet of key ?? []) text += String.fromCharCode(octet);
  return text;
}

import type { TableDefinition } from '@router7/nft';

/**
 * Which tables a connection has made of which definitions, and in which generation that was so. As long as the rule set
 * is still of that generation, nothing has to be read to know that there is nothing to do.
 */
export class AppliedTables {
  #generation: number | undefined;
  readonly #tables: Map<string, unknown> = new Map();

  /** Whether in this generation the tables are what these definitions say. */
  hold(definitions: readonly TableDefinition[], generation: number): boolean {
    if (generation !== this.#generation) return false;
    return definitions.every((definition) => isSame(this.#tables.get(keyOf(definition)), definition));
  }

  /**
   * Notes what a transaction has made.
   *
   * @param generation the one that the kernel was told to be in before; it begins the next with the transaction
   * @returns the next
   */
  note(definitions: readonly TableDefinition[], generation: number): number {
    this.found(definitions, generation);
    // The kernel passes over 0.
    const next = (generation + 1) >>> 0 || 1;
    this.#generation = next;
    return next;
  }

  /** Notes that in this generation the tables are what these definitions say already. */
  found(definitions: readonly TableDefinition[], generation: number): void {
    // What was noted before another generation may have been changed by others.
    if (generation !== this.#generation) this.#tables.clear();
    for (const definition of definitions) {
      // Interfaces that go away leave the chains and flow tables at them, and no generation begins.
      if (hasDevices(definition)) this.#tables.delete(keyOf(definition));
      else this.#tables.set(keyOf(definition), copy(definition));
    }
    this.#generation = generation;
  }
}

function keyOf({ family, name }: TableDefinition): string {
  return `${family} ${name}`;
}

function hasDevices({ chains = {}, flowtables }: TableDefinition): boolean {
  return flowtables !== undefined || Object.values(chains).some(({ hook }) => hook === 'ingress' || hook === 'egress');
}

/** Plain data again, so that it is compared with what it was and not with what its owner has made of it since. */
function copy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copy);
  if (value instanceof Uint8Array) return value.slice();
  if (!isPlain(value)) return value;
  const result: { [key: string]: unknown } = { ...value };
  for (const key of Object.keys(result)) {
    const inner = result[key];
    if (typeof inner === 'object') result[key] = copy(inner);
  }
  return result;
}

/** Whether two values are the same data, in the same order. Doubtful ones are not. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || a instanceof Uint8Array) return isSameList(a, b);
  if (!isPlain(a) || !isPlain(b)) {
    // Addresses and the like: values that tell themselves as text.
    return a.constructor === b.constructor && a.toString !== Object.prototype.toString && String(a) === String(b);
  }
  const keys = Object.keys(a);
  const others = Object.keys(b);
  return keys.length === others.length && keys.every((key, i) => key === others[i] && isSame(a[key], b[key]));
}

function isSameList(a: readonly unknown[] | Uint8Array, b: object): boolean {
  if (!(Array.isArray(b) || b instanceof Uint8Array) || Array.isArray(a) !== Array.isArray(b)) return false;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!isSame(a[i], b[i])) return false;
  return true;
}

function isPlain(value: unknown): value is { readonly [key: string]: unknown } {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

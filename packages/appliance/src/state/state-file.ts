import { type core, z } from 'zod';

// Else it writes a program for each schema and has it compiled, for a file that is read a few times: at the start that costs more.
z.config({ jitless: true });

/** What was read from a file that people or other programs write. */
export interface Parsed<T> {
  readonly value: T;
  /** One line each: what was passed over, and where. */
  readonly warnings: readonly string[];
  /** Something else than unknown keys was passed over: writing `value` back would lose it. */
  readonly damaged: boolean;
}

/** Keys whose values are not to be told, not even when they are wrong. */
const SECRETS: ReadonlySet<unknown> = new Set(['private_key', 'preshared_key', 'api_token']);

/** A file that cannot be used at all. The message is one line: file, place in it, what was found, what was expected. */
export class StateError extends Error {
  override readonly name: string = 'StateError';
  readonly code: 'not-json' | 'not-valid';
  readonly file: string;

  constructor(code: 'not-json' | 'not-valid', file: string, message: string) {
    super(`${file}: ${message}`);
    this.code = code;
    this.file = file;
  }
}

/**
 * Reads JSON by its schema, and as much of it as makes sense: keys that the schema does not know are passed over, and so
 * is an element of a list that is not valid, each with a warning. One mistyped lease or interface must not cost the rest.
 *
 * @param file for messages
 * @param perKey a key that is not valid is passed over as well, for a file whose keys may all be absent and do not depend on
 *   each other
 * @throws StateError when it is no JSON, or wrong where nothing can be passed over
 */
export function parseState<T>(schema: z.ZodType<T>, text: string, file: string, perKey: boolean = false): Parsed<T> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const found = text.trim() === '' ? 'an empty file' : (error as Error).message.replace(/\s+/g, ' ');
    throw new StateError('not-json', file, `found ${found}, expected JSON`);
  }
  const warnings: string[] = [];
  let damaged = false;
  const places = new Places(json);
  for (;;) {
    const result = schema.safeParse(json);
    if (result.success) return { value: result.data, warnings, damaged };
    // One at a time: after a removal the other places are no longer where they were.
    const issue = result.error.issues[0] as core.$ZodIssue;
    const path = issue.path as (string | number)[];
    if (issue.code === 'unrecognized_keys') {
      const holder = at(json, path) as Record<string, unknown>;
      for (const key of issue.keys) {
        warnings.push(`${file}: ${places.tell([...path, key])}: unknown key, passed over`);
        delete holder[key];
      }
      continue;
    }
    const found = issue.code === 'invalid_key' ? path.at(-1) : at(json, path);
    const shown = SECRETS.has(path.at(-1)) && typeof found === 'string' ? 'a text' : describe(found);
    const line = `${places.tell(path)}: found ${shown}, expected ${expectation(issue)}`;
    const element = path.findLastIndex((step) => typeof step === 'number');
    const passedOver = element >= 0 ? path.slice(0, element + 1) : path;
    const name = places.tell(passedOver);
    if (!(element >= 0 || perKey) || !places.remove(passedOver)) throw new StateError('not-valid', file, line);
    warnings.push(`${file}: ${line}; ${name} passed over`);
    damaged = true;
  }
}

/** Text with a form, such as an address. Go writes '' for nothing. `expected` completes "found ..., expected". */
export function textOf(expected: string, parse: (text: string) => unknown): z.ZodType<string> {
  const accepts = (text: string): boolean => {
    try {
      parse(text);
      return true;
    } catch {
      return false;
    }
  };
  return z.string().refine(accepts, { error: expected });
}

/** The same text, or '' for nothing. */
export function textOrEmpty(expected: string, parse: (text: string) => unknown): z.ZodType<string> {
  return textOf(`${expected}, or ""`, (text) => text === '' || parse(text));
}

/** A list, which Go writes as null when it is empty. */
export function listOf<T>(schema: z.ZodType<T>): z.ZodType<T[]> {
  return z
    .array(schema)
    .nullish()
    .transform((list) => list ?? []);
}

function at(json: unknown, path: readonly (string | number)[]): unknown {
  let value = json;
  for (const step of path) value = (value as Record<string | number, unknown> | undefined)?.[step];
  return value;
}

/** Where things stood in the file, whatever has been removed before them since. */
class Places {
  readonly #json: unknown;
  readonly #indices: Map<unknown, number[]> = new Map();

  constructor(json: unknown) {
    this.#json = json;
  }

  /** Takes a value out of its list or object. @returns whether there was one */
  remove(path: readonly (string | number)[]): boolean {
    const holder = at(this.#json, path.slice(0, -1));
    const last = path.at(-1);
    if (Array.isArray(holder) && typeof last === 'number') {
      const indices = this.#indices.get(holder) ?? holder.map((_, index) => index);
      this.#indices.set(holder, indices);
      indices.splice(last, 1);
      return holder.splice(last, 1).length > 0;
    }
    if (typeof holder !== 'object' || holder === null || last === undefined || !Object.hasOwn(holder, last))
      return false;
    return Reflect.deleteProperty(holder, last);
  }

  tell(path: readonly (string | number)[]): string {
    let text = '';
    for (const [depth, step] of path.entries()) {
      if (typeof step === 'string') text += text === '' ? step : `.${step}`;
      else text += `[${this.#indices.get(at(this.#json, path.slice(0, depth)))?.[step] ?? step}]`;
    }
    return text === '' ? 'the whole' : text;
  }
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function expectation(issue: core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return /^[aeiou]/.test(issue.expected) ? `an ${issue.expected}` : `a ${issue.expected}`;
    case 'invalid_value':
      return `one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'invalid_key':
      return issue.issues[0]?.message ?? issue.message;
    case 'too_small':
      return `at least ${issue.minimum}`;
    case 'too_big':
      return `at most ${issue.maximum}`;
    default:
      return issue.message;
  }
}

/** A daemon's flags with their defaults; a boolean one may be given without a value. */
export type FlagDefaults = Readonly<Record<string, string | boolean>>;

/** The values of flags, typed as their defaults. */
export type FlagValues<D extends FlagDefaults> = {
  readonly [K in keyof D]: D[K] extends boolean ? boolean : string;
};

/** A command line that cannot be understood. The message is one line. */
export class FlagError extends Error {
  override readonly name: string = 'FlagError';
}

const BOOLEANS: Readonly<Record<string, boolean>> = {
  true: true,
  t: true,
  '1': true,
  false: false,
  f: false,
  '0': false,
};

/**
 * Reads flags as Go's `flag` package does: one hyphen or two, `-name=value` or `-name value`; a boolean takes a value
 * only behind `=`. There are no arguments besides flags.
 *
 * @throws FlagError
 */
export function parseFlags<D extends FlagDefaults>(args: readonly string[], defaults: D): FlagValues<D> {
  const values: Record<string, string | boolean> = { ...defaults };
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] as string;
    const [, name, , given] = /^--?([^-=][^=]*)(=(.*))?$/s.exec(arg) ?? [];
    if (name === undefined) throw new FlagError(`found ${JSON.stringify(arg)}, expected a flag`);
    if (!Object.hasOwn(defaults, name)) {
      throw new FlagError(
        `found -${name}, expected one of ${Object.keys(defaults)
          .map((flag) => `-${flag}`)
          .join(', ')}`,
      );
    }
    if (typeof defaults[name] === 'boolean') {
      const value = given === undefined ? true : BOOLEANS[given.toLowerCase()];
      if (value === undefined) throw new FlagError(`-${name}: found ${JSON.stringify(given)}, expected true or false`);
      values[name] = value;
      continue;
    }
    const value = given ?? args[++at];
    if (value === undefined) throw new FlagError(`-${name}: found nothing, expected a value`);
    values[name] = value;
  }
  return values as FlagValues<D>;
}

/** {@link parseFlags} of this process; ends it with status 2 and one line when the flags cannot be understood. */
export function ownFlags<D extends FlagDefaults>(daemon: string, defaults: D): FlagValues<D> {
  try {
    return parseFlags(process.argv.slice(2), defaults);
  } catch (error) {
    if (!(error instanceof FlagError)) throw error;
    process.stderr.write(`${daemon}: ${error.message}\n`);
    process.exit(2);
  }
}

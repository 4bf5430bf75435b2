/**
 * Imported before every test (.taprc): who imports fast-check gets it with a seed, so that what passed yesterday does not
 * fail today with nothing changed. A test without properties pays for this file only, not for fast-check.
 *
 * ROUTER7_SEED=random looks for values that nobody has tried yet, ROUTER7_SEED=4711 starts from that number.
 */
import { registerHooks } from 'node:module';

const seeded = import.meta.resolve('./seeded-fast-check.ts');

if (process.env.ROUTER7_SEED !== 'random') {
  registerHooks({
    resolve(specifier, context, next) {
      const found = next(specifier, context);
      return specifier === 'fast-check' && context.parentURL !== seeded ? { url: seeded, shortCircuit: true } : found;
    },
  });
}

/** fast-check, with a seed for every property that names none: what ./seeded-properties.ts gives to the tests. */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env.ROUTER7_SEED ?? 1) });

export * from 'fast-check';
export default fc;

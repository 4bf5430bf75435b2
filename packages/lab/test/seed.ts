/** What the random choices of a test begin with: the same in every run, unless ROUTER7_SEED is a number or `random`. */
export const seed: number =
  process.env.ROUTER7_SEED === 'random' ? Math.floor(Math.random() * 2 ** 31) : Number(process.env.ROUTER7_SEED ?? 1);

import t from 'tap';
import { inGuest } from '../../src/guest/in-guest.ts';

/*
 * What the tests of @router7/nft do under the machine's kernel, under Debian's: it has flow tables and expressions that
 * a small kernel is built without.
 */
t.setTimeout(1_800_000);
await inGuest(import.meta.url, { modules: ['nf_tables', 'nft_flow_offload', 'nft_synproxy', 'nft_tproxy', 'nft_osf'] });

for (const name of ['round-trip', 'expression-cases', 'newer-expressions', 'traffic']) {
  await import(new URL(`../../../nft/test/net/${name}.test.ts`, import.meta.url).href);
}

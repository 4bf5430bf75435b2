import { test } from 'tap';
import { forwardingParameters } from '../../src/netconfig/forwarding.ts';

/** Names of links whose link-local address is switched on again. */
function addressed(links: readonly string[], home: readonly string[]): readonly string[] {
  return forwardingParameters(new Set(links), home)
    .filter(({ name, value }) => name.endsWith('/addr_gen_mode') && value === 0)
    .map(({ name }) => name.split('/').at(-2) as string);
}

test('NC-08 a link that the supervisor has switched on gets its link-local address, and a port of a bridge does not', async (t) => {
  t.same(addressed(['lo', 'uplink0', 'lan0'], ['lan0']), ['uplink0', 'lan0']);
  t.same(addressed(['uplink0', 'lan0'], []), ['uplink0', 'lan0'], 'one that has no prefixes of ours, too');
  t.same(addressed(['uplink0', 'lan0', 'lan1'], ['lan0', 'lan1']), ['uplink0', 'lan0', 'lan1']);
  t.same(addressed(['eth0', 'lan0'], ['lan0']), ['lan0'], 'without the uplink, the first card may be a port');
});

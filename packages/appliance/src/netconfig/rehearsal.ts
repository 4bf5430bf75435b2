import { compileRuleset, diffRuleset, encodeBatch } from '@router7/nft';
import { MacAddress } from '@router7/wire';
import { wantedRuleset } from '../firewall/rule-set.ts';
import { DEFAULT_FIREWALL } from '../state/firewall.ts';
import { parseWireguard } from '../state/wireguard.ts';
import type { Link } from '../system/rtnetlink.ts';
import { readInterfaces } from './check-interfaces.ts';
import { surroundingsOf } from './derive.ts';
import { freshLink } from './fresh-link.ts';
import { foresee } from './network.ts';
import { NOTHING_WANTED, type Wanted } from './wanted.ts';

const INTERFACES = `{"interfaces":[
{"hardware_addr":"02:00:00:00:00:01","name":"uplink0"},
{"hardware_addr":"02:00:00:00:00:02","name":"lan0","addr":"192.168.42.1/24"}]}`;

/**
 * Plans the network and makes the rule set of a router as it is first started, and tells nobody: what V8 has compiled for it is kept
 * in the image, and need not be compiled at each start.
 */
export function rehearse(): void {
  const wanted: Wanted = {
    ...NOTHING_WANTED,
    interfaces: readInterfaces(INTERFACES, 'interfaces.json').value,
    complete: true,
    wireguard: parseWireguard('{"interfaces":[]}', 'wireguard.json').value,
    delegationsKnown: true,
  };
  const links = ['lo', 'eth0', 'eth1'].map((name, index): Link => ({ ...card(index, name), loopback: index === 0 }));
  const present = { links, addresses: [], routes: [], fec: new Map(), wireguard: new Map(), unread: [] };
  foresee(wanted, present);
  const named = ['lo', 'uplink0', 'lan0'].map((name, index) => card(index, name));
  const situation = { ...surroundingsOf(wanted, named, []), config: DEFAULT_FIREWALL, portForwardings: [] };
  const { tables } = wantedRuleset({ ...situation, canOffload: true }, 'portforwardings.json');
  const nothing = { tables: [], chains: [], rules: [], sets: [], elements: [], objects: [], flowtables: [] };
  encodeBatch(diffRuleset(compileRuleset({ tables }), nothing), { sequence: 1 });
}

function card(index: number, name: string): Link {
  return freshLink(index + 1, name, { hardwareAddress: MacAddress.parse(`02:00:00:00:00:0${index}`) });
}

// Applies the appliance's rule set to the network namespace that this runs in.
import { wantedRuleset } from '@router7/appliance/firewall/rule-set';
import { DEFAULT_FIREWALL } from '@router7/appliance/state/firewall';
import { parseInterfaces } from '@router7/appliance/state/interfaces';
import { applyTables, NftConnection } from '@router7/nft/node';
import { Ipv4Address } from '@router7/wire';

const { value: interfaces } = parseInterfaces(
  JSON.stringify({ interfaces: [{ name: 'uplink0' }, { name: 'lan0', addr: '192.168.42.1/24' }] }),
);
const { tables, warnings } = wantedRuleset(
  {
    config: DEFAULT_FIREWALL,
    interfaces,
    portForwardings: [],
    tunnels: [],
    uplink: 'uplink0',
    leased: Ipv4Address.parse('203.0.113.2'),
    links: new Set(['lo', 'uplink0', 'lan0']),
    canOffload: false,
  },
  'portforwardings.json',
);
if (warnings.length > 0) throw new Error(warnings.join('\n'));
const connection = new NftConnection();
await applyTables(connection, tables);
connection.close();

// Applies the appliance's rule set to the network namespace that this runs in. usage: apply-default.ts FIREWALL.JSON
import { Firewall } from '@router7/appliance/firewall/firewall';
import { nftKernel } from '@router7/appliance/firewall/firewall-kernel';
import { createLog } from '@router7/appliance/runtime/log';
import { parseInterfaces } from '@router7/appliance/state/interfaces';
import { NftConnection } from '@router7/nft/node';
import { Ipv4Address, Ipv6Prefix } from '@router7/wire';

const [file = '/nonexistent'] = process.argv.slice(2);
const { value: interfaces } = parseInterfaces(
  JSON.stringify({ interfaces: [{ name: 'uplink0' }, { name: 'lan0', addr: '192.168.42.1/24' }] }),
);
const connection = new NftConnection();
const files = { firewall: file, portForwardings: '/nonexistent', lastGood: `${file}.good` };
const firewall = new Firewall(nftKernel(connection), files, createLog());
const [error] = firewall.readFiles();
if (error !== undefined) throw error;
await firewall.apply({
  interfaces,
  tunnels: [],
  uplink: 'uplink0',
  leased: Ipv4Address.parse('203.0.113.2'),
  // What lies behind the router (site.ts).
  delegated: [Ipv6Prefix.parse('2001:db8:42::/64')],
  stale: [],
  links: new Set(['lo', 'uplink0', 'lan0']),
});
connection.close();

import t from 'tap';
import { parseAddresses, parseAddresses6, parseListening } from '../../src/appliance/guest-network.ts';

t.test('addresses as busybox prints them', async (t) => {
  const text = `3: lan0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc fq_codel qlen 1000
    link/ether 02:73:53:00:07:01 brd ff:ff:ff:ff:ff:ff
    inet 192.168.42.1/24 brd 192.168.42.255 scope global lan0
       valid_lft forever preferred_lft forever
    inet 10.0.0.1/8 scope global secondary lan0
`;
  t.same(parseAddresses(text), ['192.168.42.1/24', '10.0.0.1/8']);
  t.same(parseAddresses("ip: can't find device 'lan0'"), []);
});

t.test('addresses of /proc/net/if_inet6', async (t) => {
  // address, index, length, scope, flags, name
  const text = `fe80000000000000007353fffe000701 03 40 20 80     lan0
20010db8420000000000000000000001 03 40 00 80     lan0
20010db8430000000000000000000001 03 40 00 20     lan0
fd00000000000000000000000000abcd 03 80 00 c0     lan0
20010db8440000000000000000000001 02 40 00 80  uplink0
00000000000000000000000000000001 01 80 10 80       lo
`;
  const usual = { length: 64, isTentative: false, isDeprecated: false };
  t.same(parseAddresses6(text, 'lan0'), [
    { ...usual, address: '2001:db8:4200::1' },
    { ...usual, address: '2001:db8:4300::1', isDeprecated: true },
    { ...usual, address: 'fd00::abcd', length: 128, isTentative: true },
  ]);
  t.same(parseAddresses6(text, 'lo'), []);
});

t.test('ports of /proc/net/tcp and udp', async (t) => {
  const header = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
  const line = (address: string, state: string): string =>
    `   0: ${address} 00000000:0000 ${state} 00000000:00000000 00:00000000 0\n`;
  const tcp = `${header}${line('012AA8C0:0035', '0A')}${line('012AA8C0:0050', '0A')}${line('012AA8C0:0016', '01')}`;
  const tcp6 = `${header}${line('00000000000000000000000001000000:0035', '0A')}`;
  t.same(parseListening('tcp', tcp + tcp6), [
    { protocol: 'tcp', port: 53 },
    { protocol: 'tcp', port: 80 },
  ]);
  t.same(parseListening('udp', header + line('00000000:0043', '07')), [{ protocol: 'udp', port: 67 }]);
});

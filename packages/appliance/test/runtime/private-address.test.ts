import { Ipv4Address, Ipv4Prefix, Ipv6Address, Ipv6Prefix } from '@router7/wire';
import t from 'tap';
import { freshLink } from '../../src/netconfig/fresh-link.ts';
import { isPrivateAddress, privateHosts } from '../../src/runtime/private-address.ts';
import type { Link, LinkAddress } from '../../src/system/rtnetlink.ts';

t.test('which addresses are private', (t) => {
  const rows: [text: string, expected: boolean][] = [
    ['127.0.0.1', true],
    ['10.255.255.255', true],
    ['172.16.0.1', true],
    ['172.32.0.1', false],
    ['192.168.42.1', true],
    ['192.169.0.1', false],
    ['100.64.0.1', true],
    ['100.128.0.1', false],
    ['169.254.1.1', true],
    ['85.195.207.62', false],
    ['::1', true],
    ['fe80::1', true],
    ['fec0::1', false],
    ['fd00::1', true],
    ['fc00::1', true],
    ['fdf5:3606:2a21::1', false],
    ['fdf5:3606:2a22::1', true],
    ['2a02:168:4a00::1', false],
    ['::', false],
  ];
  for (const [text, expected] of rows) {
    const address = text.includes(':') ? Ipv6Address.parse(text) : Ipv4Address.parse(text);
    t.equal(isPrivateAddress(address), expected, text);
  }
  t.end();
});

t.test('which hosts are listened on', (t) => {
  const link = (index: number, name: string, up = true): Link => freshLink(index, name, { up, carrier: up });
  const links = [link(1, 'lo'), link(2, 'uplink0'), link(3, 'lan0'), link(4, 'lan1', false), link(5, 'lan2')];
  const address = (index: number, text: string, tentative = false): LinkAddress => ({
    link: index,
    prefix: text.includes(':') ? Ipv6Prefix.parse(text) : Ipv4Prefix.parse(text),
    tentative,
  });
  const hosts = privateHosts(links, [
    address(1, '127.0.0.1/8'),
    address(1, '::1/128'),
    address(2, '10.0.0.5/24'),
    address(2, 'fe80::2/64'),
    address(3, '192.168.42.1/24'),
    address(3, '85.195.207.62/25'),
    address(3, 'fe80::3/64'),
    address(3, 'fd00::3/64', true),
    address(4, '10.1.0.1/24'),
    address(5, 'fe80::3/64'),
    address(9, '10.9.0.1/24'),
  ]);
  t.same(hosts, ['127.0.0.1', '192.168.42.1', '::1', 'fe80::3%lan0', 'fe80::3%lan2']);
  t.end();
});

import { Ipv4Prefix, Ipv6Prefix } from '@router7/wire';
import t from 'tap';
import { Clients } from '../../src/dns/clients.ts';
import { ownAddresses } from '../../src/dns/own-addresses.ts';
import type { Link, LinkAddress } from '../../src/system/rtnetlink.ts';

function link(index: number, name: string, up: boolean = true): Link {
  return { index, name, up } as unknown as Link;
}

function address(index: number, text: string): LinkAddress {
  const prefix = text.includes(':') ? Ipv6Prefix.parse(text) : Ipv4Prefix.parse(text);
  return { link: index, prefix } as unknown as LinkAddress;
}

t.test('DNS-01, DNS-29: private clients and those of the own LANs are answered, others are not', async (t) => {
  const { hosts, clients, own, uplinks } = ownAddresses(
    [link(1, 'lo'), link(2, 'lan0'), link(3, 'uplink0'), link(4, 'lan1', false)],
    [
      address(1, '127.0.0.1/8'),
      address(2, '192.168.42.1/24'),
      address(2, '2001:db8:1::1/64'),
      address(2, 'fe80::1/64'),
      address(3, '203.0.113.1/24'),
      address(3, '10.99.0.1/24'),
      address(4, '192.168.99.1/24'),
    ],
  );
  t.same(hosts, ['127.0.0.1', '192.168.42.1', 'fe80::1%lan0']);
  t.ok(own.includes('203.0.113.1'), 'all are its own');
  t.same(uplinks, [3]);
  t.equal(clients.length, 10, 'nine private ranges, and one prefix that is in none of them');
  const table = new Clients({ prefixes: clients, groups: [] }, 1);
  for (const text of [
    ...['127.0.0.1', '10.0.0.1', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.0.1', '100.64.0.1'],
    ...['169.254.1.1', '::1', 'fe80::2%lan0', 'fd12::1', '2001:db8:1::abcd', '::ffff:192.168.42.2'],
  ]) {
    t.ok(table.findText(text), text);
  }
  for (const text of [
    ...['203.0.113.2', '8.8.8.8', '172.32.0.0', '172.15.255.255', '192.169.0.1', '100.128.0.0', '0.0.0.0'],
    ...['2001:db8:2::1', '2001:db8:1:1::1', 'ff02::1', '::', '::2', '::ffff:8.8.8.8'],
  ]) {
    t.notOk(table.findText(text), text);
  }
});

t.test('DNS-29: each client counts by itself in limits of rate', async (t) => {
  const all = [4, 16].map((size) => ({ network: new Uint8Array(size), length: 0 }));
  const clients = new Clients({ prefixes: all, groups: [] }, 0x1234);
  const sourceOf = (text: string): number => {
    t.ok(clients.findText(text));
    return clients.source;
  };
  const texts = ['192.168.0.1', '192.168.0.2', 'fd00::1', 'fd00::2', 'fd00:0:0:1::1', 'fe80::1'];
  t.equal(new Set(texts.map(sourceOf)).size, texts.length);
  t.equal(sourceOf('fe80::1%lan0'), sourceOf('fe80::1'));
});

t.test('DNS-24: groups by address and by prefix', async (t) => {
  const all = [4, 16].map((size) => ({ network: new Uint8Array(size), length: 0 }));
  const groups = [
    { network: Uint8Array.of(192, 168, 1, 0), length: 24, group: 1 },
    { network: Uint8Array.of(192, 168, 1, 7), length: 32, group: 2 },
    { network: Uint8Array.of(0xfd, ...new Array<number>(15).fill(0)), length: 8, group: 3 },
  ];
  const clients = new Clients({ prefixes: all, groups: [] }, 1);
  const groupOf = (text: string): number => {
    clients.findText(text);
    return clients.group;
  };
  t.equal(groupOf('192.168.1.7'), 0);
  clients.configure({ prefixes: all, groups });
  t.same(['192.168.1.6', '192.168.1.7', '192.168.2.7', 'fd00::9', 'fe80::9'].map(groupOf), [1, 2, 0, 3, 0]);
});

import { type ClientGroup, ClientGroups } from '@router7/dns';
import { EncodeError, Ipv4Address } from '@router7/wire';
import t from 'tap';
import { ip } from './local-home.ts';

const group = (network: string, length: number, number: number): ClientGroup => {
  return { network: ip(network), length, group: number };
};

t.test('DNS-24 a client is of the group with the longest prefix that it is in', (t) => {
  const groups = new ClientGroups([
    group('192.168.42.0', 24, 1),
    group('192.168.42.32', 28, 2),
    group('192.168.42.33', 32, 3),
    group('255.255.255.255', 32, 7),
    group('fd00:7::', 48, 4),
    group('fd00:7:0:8::', 61, 5),
    group('fd00:7::33', 128, 6),
  ]);
  const rows: [address: string, group: number][] = [
    ['192.168.42.1', 1],
    ['192.168.42.33', 3],
    ['192.168.42.47', 2],
    ['192.168.42.48', 1],
    ['192.168.43.33', 0],
    ['255.255.255.255', 7],
    ['10.0.0.1', 0],
    ['fd00:7::1', 4],
    ['fd00:7::33', 6],
    ['fd00:7:0:f::1', 5],
    ['fd00:7:0:10::1', 4],
    ['fd00:8::1', 0],
    ['::ffff:192.168.42.33', 3],
    ['::', 0],
  ];
  for (const [address, expected] of rows) {
    const bytes = ip(address);
    const found =
      bytes.length === 4
        ? groups.ofIpv4(Ipv4Address.fromBytes(bytes).value)
        : groups.ofIpv6(Uint8Array.of(1, 2, ...bytes), 2);
    t.equal(found, expected, address);
  }
  t.equal(new ClientGroups([group('0.0.0.0', 0, 9), group('::', 0, 8)]).ofIpv4(0xffff_ffff), 9);
  for (const bad of [0, 64, -1, 1.5]) t.throws(() => new ClientGroups([group('::', 0, bad)]), EncodeError, `${bad}`);
  t.end();
});

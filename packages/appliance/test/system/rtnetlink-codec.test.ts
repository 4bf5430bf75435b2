import {
  DecodeError,
  EncodeError,
  fromHex,
  Ipv4Address,
  Ipv4Prefix,
  Ipv6Prefix,
  MacAddress,
  toHex,
} from '@router7/wire';
import fc from 'fast-check';
import t from 'tap';
import { decodeAddress, encodeAddress } from '../../src/system/rtnetlink-address.ts';
import { decodeAttributes } from '../../src/system/rtnetlink-attributes.ts';
import { decodeLink, encodeLinkChange, encodeNewLink } from '../../src/system/rtnetlink-link.ts';
import { decodeRoute, encodeRoute } from '../../src/system/rtnetlink-route.ts';

t.test('messages as iproute2 writes them (numbers in the order of amd64 and arm64)', (t) => {
  const rows: { name: string; bytes: Uint8Array; hex: string }[] = [
    {
      name: 'ip link set dev 3 up mtu 1492',
      bytes: encodeLinkChange(3, { up: true, mtu: 1492 }),
      hex: `00 00 0000 03000000 01000000 01000000   family, type, index, flags: up, change: up
            0800 0400 d4050000                      IFLA_MTU`,
    },
    {
      name: 'ip link add br type bridge address 02:00:00:00:00:bb',
      bytes: encodeNewLink({ kind: 'bridge', name: 'br', hardwareAddress: MacAddress.parse('02:00:00:00:00:bb') }),
      hex: `00 00 0000 00000000 00000000 00000000
            0700 0300 6272 00 00                    IFLA_IFNAME, padded
            0a00 0100 0200000000bb 0000             IFLA_ADDRESS, padded
            1000 1200 0b00 0100 627269646765 00 00  IFLA_LINKINFO { IFLA_INFO_KIND }`,
    },
    {
      name: 'ip addr add 85.195.207.62/25 brd + dev 2',
      bytes: encodeAddress({ link: 2, prefix: Ipv4Prefix.parse('85.195.207.62/25') }),
      hex: `02 19 00 00 02000000
            0800 0200 55c3cf3e                      IFA_LOCAL
            0800 0100 55c3cf3e                      IFA_ADDRESS
            0800 0400 55c3cf7f                      IFA_BROADCAST`,
    },
    {
      name: 'ip addr add 2001:db8::1/64 dev 2 valid_lft 7200',
      bytes: encodeAddress({ link: 2, prefix: Ipv6Prefix.parse('2001:db8::1/64'), validLifetimeSeconds: 7200 }),
      hex: `0a 40 00 00 02000000
            1400 0100 20010db8000000000000000000000001
            1400 0600 201c0000 201c0000 00000000 00000000   IFA_CACHEINFO: preferred, valid`,
    },
    {
      name: 'ip route replace default via 85.195.207.1 dev 2 proto dhcp src 85.195.207.62',
      bytes: encodeRoute({
        link: 2,
        destination: Ipv4Prefix.parse('0.0.0.0/0'),
        gateway: Ipv4Address.parse('85.195.207.1'),
        protocol: 16,
        onLink: false,
        preferredSource: Ipv4Address.parse('85.195.207.62'),
      }),
      hex: `02 00 00 00 fe 10 00 01 00000000        family, lengths, tos, table, protocol, scope, type, flags
            0800 0400 02000000                      RTA_OIF
            0800 0500 55c3cf01                      RTA_GATEWAY
            0800 0700 55c3cf3e                      RTA_PREFSRC
            0800 0f00 fe000000                      RTA_TABLE`,
    },
  ];
  for (const { name, bytes, hex } of rows) {
    const expected = fromHex(hex.replace(/ {2,}[A-Za-z].*$/gm, ''));
    t.equal(toHex(bytes), toHex(expected), name);
  }
  t.end();
});

t.test('what was written is read', (t) => {
  const route = {
    link: 7,
    destination: Ipv6Prefix.parse('2001:db8::/48'),
    gateway: undefined,
    protocol: 4,
    onLink: false,
    preferredSource: undefined,
    metric: 1024,
    table: 1000,
    gatewayOnLink: true,
    unreachable: true,
    expiresSeconds: Number.POSITIVE_INFINITY,
  };
  t.same(decodeRoute(encodeRoute(route)), route);
  const address = {
    link: 7,
    prefix: Ipv4Prefix.parse('10.0.0.1/8'),
    scope: 254,
    validLifetimeSeconds: 60,
    preferredLifetimeSeconds: 30,
    tentative: false,
    duplicate: false,
    protocol: 115,
  };
  t.same(decodeAddress(encodeAddress(address)), address);
  t.match(decodeLink(encodeNewLink({ kind: 'wireguard', name: 'wg0', group: 114 })), {
    name: 'wg0',
    kind: 'wireguard',
    group: 114,
  });
  t.end();
});

t.test('malformed', (t) => {
  const rows: [name: string, action: () => unknown, code: string][] = [
    ['a short link', () => decodeLink(new Uint8Array(15)), 'truncated'],
    ['a short address', () => decodeAddress(new Uint8Array(7)), 'truncated'],
    ['a short route', () => decodeRoute(new Uint8Array(11)), 'truncated'],
    ['an attribute shorter than its header', () => decodeAttributes(fromHex('0300 0100')), 'bad-length'],
    ['an attribute that does not end', () => decodeAttributes(fromHex('0900 0100 00000000')), 'bad-length'],
  ];
  for (const [name, action, code] of rows) t.throws(action, { code }, name);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      for (const decode of [decodeLink, decodeAddress, decodeRoute]) {
        try {
          decode(bytes);
        } catch (error) {
          // A prefix length or address of a wrong size is refused by the value types.
          if (!(error instanceof DecodeError || error instanceof EncodeError)) throw error;
        }
      }
    }),
  );
  t.end();
});

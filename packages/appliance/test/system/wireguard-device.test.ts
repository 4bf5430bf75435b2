import {
  DecodeError,
  EncodeError,
  fromHex,
  Ipv4Address,
  Ipv4Prefix,
  Ipv6Address,
  Ipv6Prefix,
  toHex,
} from '@router7/wire';
import fc from 'fast-check';
import t from 'tap';
import { decodeAttributes } from '../../src/system/rtnetlink-attributes.ts';
import {
  decodeWireguardDevice,
  encodeWireguardChange,
  encodeWireguardQuery,
  type WireguardPeerChange,
} from '../../src/system/wireguard-device.ts';

// router7's golden keys.
const PRIVATE = 'gBCV3afBKfW7RycmeZFMpJykvO+58KfSEIyavay90kE=';
const PRIVATE_HEX = '801095dda7c129f5bb47272679914ca49ca4bcefb9f0a7d2108c9abdacbdd241';
const PEER = 'ScxV5nQsUIaaOp3qdwPqRcgMkR3oR6nyi1tBLUovqBs=';
const PEER_HEX = '49cc55e6742c50869a3a9dea7703ea45c80c911de847a9f28b5b412d4a2fa81b';
const OTHER = 'AVU3LodtnFaFnJmMyNNW7cUk4462lqnVULTFkjWYvRo=';
const OTHER_HEX = '0155372e876d9c56859c998cc8d356edc524e38eb696a9d550b4c5923598bd1a';

const CHANGE = {
  privateKey: PRIVATE,
  port: 51820,
  fwmark: 7,
  peers: [
    { publicKey: OTHER, remove: true },
    {
      publicKey: PEER,
      presharedKey: '',
      endpoint: { address: Ipv4Address.parse('192.168.42.23'), port: 12345 },
      persistentKeepaliveSeconds: 25,
      allowedIps: [Ipv6Prefix.parse('fe80::/64'), Ipv4Prefix.parse('10.0.137.0/24')],
    },
  ],
} as const;

/** By linux/wireguard.h; number in the order of the host, but for ports and addresses of endpoints. */
const GOLDEN = `
  0800 0100 05000000                         WGDEVICE_A_IFINDEX
  2400 0300 ${PRIVATE_HEX}                   WGDEVICE_A_PRIVATE_KEY
  0600 0600 6cca 0000                        WGDEVICE_A_LISTEN_PORT, padded
  0800 0700 07000000                         WGDEVICE_A_FWMARK
  ec00 0880                                  WGDEVICE_A_PEERS {
    3000 0080                                {
      2400 0100 ${OTHER_HEX}                 WGPEER_A_PUBLIC_KEY
      0800 0300 01000000                     WGPEER_A_FLAGS: WGPEER_F_REMOVE_ME }
    b800 0080                                {
      2400 0100 ${PEER_HEX}                  WGPEER_A_PUBLIC_KEY
      2400 0200 ${'00'.repeat(32)}           WGPEER_A_PRESHARED_KEY
      0800 0300 02000000                     WGPEER_A_FLAGS: WGPEER_F_REPLACE_ALLOWEDIPS
      1400 0400 0200 3039 c0a82a17 0000000000000000  WGPEER_A_ENDPOINT: struct sockaddr_in
      0600 0500 1900 0000                    WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL, padded
      4800 0980                              WGPEER_A_ALLOWEDIPS {
        2800 0080                            {
          0600 0100 0a00 0000                WGALLOWEDIP_A_FAMILY: AF_INET6
          1400 0200 fe800000000000000000000000000000  WGALLOWEDIP_A_IPADDR
          0500 0300 40 000000                WGALLOWEDIP_A_CIDR_MASK }
        1c00 0080                            {
          0600 0100 0200 0000                WGALLOWEDIP_A_FAMILY: AF_INET
          0800 0200 0a008900                 WGALLOWEDIP_A_IPADDR
          0500 0300 18 000000                WGALLOWEDIP_A_CIDR_MASK } } } }`;

t.test('NC-13 WG_CMD_SET_DEVICE', (t) => {
  const messages = encodeWireguardChange(5, CHANGE);
  t.equal(messages.length, 1);
  t.equal(toHex(messages[0] as Uint8Array), toHex(octets(GOLDEN)));
  t.equal(toHex(encodeWireguardQuery(5)), toHex(fromHex('0800 0100 05000000')));
  t.end();
});

t.test('WG_CMD_GET_DEVICE', (t) => {
  const device = decodeWireguardDevice([decodeAttributes(octets(GOLDEN))]);
  t.match(device, { privateKey: PRIVATE, port: 51820, fwmark: 7 });
  const peer = device.peers[1];
  t.equal(peer?.publicKey, PEER);
  t.equal(peer?.presharedKey, undefined, 'zeros are no key');
  t.equal(`${peer?.endpoint?.address}:${peer?.endpoint?.port}`, '192.168.42.23:12345');
  t.equal(peer?.persistentKeepaliveSeconds, 25);
  t.same(peer?.allowedIps.map(String), ['fe80::/64', '10.0.137.0/24']);
  t.equal(peer?.lastHandshakeSeconds, 0);
  const v6 = { publicKey: PEER, allowedIps: [], endpoint: { address: Ipv6Address.parse('::1'), port: 12345 } };
  const [message] = encodeWireguardChange(5, { peers: [v6] });
  const read = decodeWireguardDevice([decodeAttributes(message as Uint8Array)]).peers[0]?.endpoint;
  t.equal(`${read?.address} ${read?.port}`, '::1 12345');
  t.end();
});

t.test('more than fits into one message: peers, and networks of one peer, go on in the next', (t) => {
  const networks = Array.from({ length: 1000 }, (_, i) => Ipv4Prefix.parse(`10.${i >> 8}.${i & 255}.0/24`));
  const key = (i: number): string => Buffer.alloc(32, i + 1).toString('base64');
  const peers: readonly WireguardPeerChange[] = Array.from({ length: 200 }, (_, i) => ({
    publicKey: key(i),
    persistentKeepaliveSeconds: i + 1,
    allowedIps: i === 7 ? networks : [Ipv4Prefix.parse(`172.16.${i}.0/24`)],
  }));
  const messages = encodeWireguardChange(5, { privateKey: PRIVATE, peers });
  t.ok(messages.length > 1);
  t.ok(messages.every((message) => message.length < 32_768));
  const flags = messages.map((message) => decodeAttributes(message).has(3));
  t.same(flags.lastIndexOf(true), 0, 'the key is set once');
  const { peers: read } = decodeWireguardDevice(messages.map(decodeAttributes));
  t.equal(read.length, 200);
  t.same(read[7]?.allowedIps.map(String), networks.map(String));
  t.equal(read[7]?.persistentKeepaliveSeconds, 8, 'of the first piece, not of the last');
  // Only the first piece takes away what was there.
  const replacing = messages.flatMap((message) => [
    ...toHex(message)
      .replaceAll(' ', '')
      .matchAll(/0800030002000000/g),
  ]);
  t.equal(replacing.length, 200);
  t.end();
});

t.test('malformed', (t) => {
  t.throws(() => decodeWireguardDevice([]), { code: 'missing' });
  t.throws(() => decodeWireguardDevice([decodeAttributes(fromHex('0800 0880 0400 0080'))]), { code: 'missing' });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), fc.uint8Array({ maxLength: 80 }), (bytes, inner) => {
      try {
        decodeWireguardDevice([decodeAttributes(bytes), new Map([[8, inner]])]);
      } catch (error) {
        if (!(error instanceof DecodeError || error instanceof EncodeError)) throw error;
      }
    }),
  );
  t.end();
});

function octets(hex: string): Uint8Array {
  return fromHex(hex.replace(/ {2,}(?:WG|\{).*$/gm, '').replace(/\s+/g, ' '));
}

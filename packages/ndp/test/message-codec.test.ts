import t from 'tap';
import { decodeMessage, encodeMessage, type Message } from '../src/index.ts';
import { hex, ip, sameBytes } from './golden.ts';

const golden: { name: string; message: Message; bytes: Uint8Array }[] = [
  {
    name: 'Router Solicitation (RFC 4861 section 4.1)',
    message: {
      kind: 'routerSolicitation',
      options: [{ kind: 'sourceLinkLayerAddress', value: hex('02 00 5e 10 00 0a') }],
    },
    bytes: hex(`
      85 00 00 00              // type, code, checksum
      00 00 00 00              // reserved
      01 01 02 00 5e 10 00 0a  // source link-layer address
    `),
  },
  {
    name: 'Router Advertisement (RFC 4861 section 4.2)',
    message: {
      kind: 'routerAdvertisement',
      curHopLimit: 64,
      managedAddressConfiguration: false,
      otherConfiguration: true,
      homeAgent: false,
      preference: 1,
      proxy: false,
      routerLifetimeSeconds: 1800,
      reachableTimeMilliseconds: 30_000,
      retransTimerMilliseconds: 1000,
      options: [{ kind: 'mtu', value: 1500 }],
    },
    bytes: hex(`
      86 00 00 00              // type, code, checksum
      40 48                    // hop limit, O and high preference
      07 08                    // router lifetime
      00 00 75 30              // reachable time
      00 00 03 e8              // retransmission timer
      05 01 00 00 00 00 05 dc  // MTU
    `),
  },
  {
    name: 'Router Advertisement with the other flags and greatest numbers',
    message: {
      kind: 'routerAdvertisement',
      curHopLimit: 255,
      managedAddressConfiguration: true,
      otherConfiguration: false,
      homeAgent: true,
      preference: 3,
      proxy: true,
      routerLifetimeSeconds: 65535,
      reachableTimeMilliseconds: 0xffff_ffff,
      retransTimerMilliseconds: 0xffff_ffff,
      options: [],
    },
    bytes: hex('86 00 00 00  ff bc ff ff  ff ff ff ff  ff ff ff ff'),
  },
  {
    name: 'Neighbor Solicitation (RFC 4861 section 4.3)',
    message: {
      kind: 'neighborSolicitation',
      targetAddress: ip('2001:db8::1'),
      options: [{ kind: 'nonce', value: hex('01 02 03 04 05 06') }],
    },
    bytes: hex(`
      87 00 00 00              // type, code, checksum
      00 00 00 00              // reserved
      20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01
      0e 01 01 02 03 04 05 06  // nonce
    `),
  },
  ...(
    [
      ['router', '80'],
      ['solicited', '40'],
      ['override', '20'],
    ] as const
  ).map(([flag, octet]) => ({
    name: `Neighbor Advertisement, ${flag} (RFC 4861 section 4.4)`,
    message: {
      kind: 'neighborAdvertisement' as const,
      router: flag === 'router',
      solicited: flag === 'solicited',
      override: flag === 'override',
      targetAddress: ip('fe80::1'),
      options: [{ kind: 'targetLinkLayerAddress' as const, value: hex('02 00 5e 10 00 01') }],
    },
    bytes: hex(`
      88 00 00 00              // type, code, checksum
      ${octet} 00 00 00        // flags
      fe 80 00 00 00 00 00 00 00 00 00 00 00 00 00 01
      02 01 02 00 5e 10 00 01  // target link-layer address
    `),
  })),
  {
    name: 'Redirect (RFC 4861 section 4.5)',
    message: {
      kind: 'redirect',
      targetAddress: ip('fe80::2'),
      destinationAddress: ip('2001:db8::7'),
      options: [{ kind: 'raw', code: 200, data: hex('01 02 03 04 05 06') }],
    },
    bytes: hex(`
      89 00 00 00              // type, code, checksum
      00 00 00 00              // reserved
      fe 80 00 00 00 00 00 00 00 00 00 00 00 00 00 02
      20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 07
      c8 01 01 02 03 04 05 06  // option 200
    `),
  },
];

for (const { name, message, bytes } of golden) {
  t.test(name, async (t) => {
    t.strictSame(decodeMessage(bytes), message, 'decodes');
    sameBytes(t, encodeMessage(message), bytes, 'encodes');
    for (let length = 0; length < bytes.length - (message.options.length > 0 ? 8 : 0); length++) {
      t.throws(() => decodeMessage(bytes.subarray(0, length)), { name: 'DecodeError', code: 'truncated' }, `${length}`);
    }
  });
}

t.test('what is reserved does not matter', async (t) => {
  const checksum = decodeMessage(hex('85 00 12 34  ff ff ff ff'));
  t.strictSame(checksum, { kind: 'routerSolicitation', options: [] });
  const flags = decodeMessage(hex('86 00 00 00  00 03 00 00  00 00 00 00  00 00 00 00'));
  t.strictSame(flags, decodeMessage(hex('86 00 00 00  00 00 00 00  00 00 00 00  00 00 00 00')));
});

t.test('RFC 4191 section 2.2: the reserved preference is the medium one, and is not sent', async (t) => {
  const message = decodeMessage(hex('86 00 00 00  00 10 00 00  00 00 00 00  00 00 00 00'));
  t.match(message, { preference: 0 });
  const reserved = { ...message, preference: 2 } as unknown as Message;
  t.throws(() => encodeMessage(reserved), { name: 'EncodeError', code: 'bad-value' });
});

const malformed: { name: string; bytes: Uint8Array; code: string }[] = [
  { name: 'a code other than 0 (RA-10)', bytes: hex('85 01 00 00 00 00 00 00'), code: 'bad-value' },
  { name: 'an echo request', bytes: hex('80 00 00 00 00 00 00 00'), code: 'bad-magic' },
  { name: 'a Multicast Listener Report', bytes: hex('8f 00 00 00 00 00 00 00'), code: 'bad-magic' },
  {
    name: 'an option of length 0 (RA-10)',
    bytes: hex('85 00 00 00 00 00 00 00  01 00 02 00 5e 10 00 01'),
    code: 'bad-length',
  },
  {
    name: 'an unknown option of length 0 behind a good one',
    bytes: hex('85 00 00 00 00 00 00 00  01 01 02 00 5e 10 00 01  c8 00 00 00 00 00 00 00'),
    code: 'bad-length',
  },
  {
    name: 'an option that goes beyond the message (RA-10)',
    bytes: hex('85 00 00 00 00 00 00 00  01 02 02 00 5e 10 00 01'),
    code: 'truncated',
  },
  { name: 'half an option', bytes: hex('85 00 00 00 00 00 00 00  01'), code: 'truncated' },
];
for (const { name, bytes, code } of malformed) {
  t.test(`does not decode ${name}`, async (t) => {
    t.throws(() => decodeMessage(bytes), { name: 'DecodeError', code });
  });
}

t.test('octets of a Buffer come out as plain views of it', async (t) => {
  const buffer = Buffer.from(hex('ff ff 85 00 00 00 00 00 00 00  01 01 02 00 5e 10 00 01')).subarray(2);
  const { options } = decodeMessage(buffer);
  t.strictSame(options, [{ kind: 'sourceLinkLayerAddress', value: hex('02 00 5e 10 00 01') }]);
  t.equal((options[0] as { value: Uint8Array }).value.constructor, Uint8Array);
});

t.test('numbers that do not fit are not cut off', async (t) => {
  const message = golden[1]?.message as Message;
  for (const field of ['curHopLimit', 'routerLifetimeSeconds', 'reachableTimeMilliseconds'] as const) {
    for (const value of [-1, 0.5, 2 ** 32]) {
      const wrong = { ...message, [field]: value } as Message;
      t.throws(
        () => encodeMessage(wrong),
        { name: 'EncodeError', code: 'out-of-range', path: field },
        `${field} ${value}`,
      );
    }
  }
  const mtu = { ...message, options: [{ kind: 'mtu', value: -1 }] } as Message;
  t.throws(() => encodeMessage(mtu), { name: 'EncodeError', code: 'out-of-range', path: 'mtu' });
  t.throws(() => encodeMessage({ ...message, kind: 'ra' as 'redirect' } as Message), { code: 'bad-value' });
});

/** What is done in a shorter way for nearly all clients comes to the same as the long way. */
// Covers: RFC 2131 4.3, RFC 2132 9
import { bytesEqual, fromHex } from '@router7/wire';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { type Message, MessageType, type Option } from '../../src/index.ts';
import { decodeIncoming, type Incoming } from '../../src/server/incoming.ts';
import { readPlainRequest } from '../../src/server/plain-request.ts';
import { readIncoming } from '../../src/server/read-incoming.ts';
import {
  CONFIG,
  ip,
  NOBODY,
  request,
  SimulatedLan,
  SUBNET,
  type Wanted,
  withClass,
  withSubnet,
} from './simulated-lan.ts';

const asking = (...codes: number[]): Option => ({ kind: 'parameterRequestList', value: codes });

/** Requests of all kinds that the short way knows. */
const plain: readonly Uint8Array[] = [
  request(MessageType.discover, {}),
  request(MessageType.discover, {
    clientIdentifier: fromHex('01020000000001'),
    options: [asking(1, 3, 6, 15), { kind: 'hostName', value: 'laptop' }],
  }),
  request(MessageType.request, {
    options: [
      { kind: 'requestedIpAddress', value: ip('192.168.42.12') },
      { kind: 'serverIdentifier', value: ip('192.168.42.1') },
      { kind: 'ipAddressLeaseTime', value: 0xffff_ffff },
      { kind: 'maximumDhcpMessageSize', value: 1500 },
      { kind: 'vendorClassIdentifier', value: 'android-dhcp-13' },
      { kind: 'hostName', value: 'Anna’s Phone'.normalize('NFKD').replace('’', "'") },
      asking(1, 3, 6, 15, 26, 28, 51, 58, 59, 43, 114, 108),
    ],
  }),
  request(MessageType.request, { ciaddr: ip('192.168.42.12'), flags: 0x8000, chaddr: new Uint8Array(16).fill(7) }),
  request(MessageType.request, { options: [{ kind: 'requestedIpAddress', value: ip('0.0.0.0') }] }),
];

/** Requests that it leaves to the long one. */
const others: readonly Uint8Array[] = [
  request(MessageType.discover, { options: [{ kind: 'rapidCommit', value: true }] }),
  request(MessageType.discover, { options: [{ kind: 'subnetSelection', value: ip('192.168.42.0') }] }),
  request(MessageType.discover, { options: [{ kind: 'hostName', value: 'Müller' }] }),
  request(MessageType.discover, { clientIdentifier: new Uint8Array(300).fill(1) }),
  request(MessageType.discover, { options: [{ kind: 'raw', code: 61, data: Uint8Array.of(1) }] }),
  request(MessageType.discover, { options: [{ kind: 'raw', code: 57, data: fromHex('0064') }] }),
  request(MessageType.discover, { options: [{ kind: 'raw', code: 50, data: fromHex('c0a82a') }] }),
  request(MessageType.discover, { options: [{ kind: 'raw', code: 82, data: fromHex('0104') }] }),
];

/** All that a message tells, whether it was decoded already or not. */
function whole(message: Message): Message {
  const { op, htype, hops, xid, secs, flags, ciaddr, yiaddr, siaddr, giaddr, chaddr, sname, file, options } = message;
  return { op, htype, hops, xid, secs, flags, ciaddr, yiaddr, siaddr, giaddr, chaddr, sname, file, options };
}

/** All that was read of a message. */
function told(incoming: Incoming): object {
  const { message, type, source, requestedAddress, leaseTimeSeconds, serverIdentifier, parameterRequestList } =
    incoming;
  const { maximumMessageSize, clientIdentifier, clientIdentifierOption, relayOption, clientFqdn, rapidCommit } =
    incoming;
  const { subnetSelection, linkSelection, serverIdentifierOverride } = incoming;
  const hostName = incoming.hostName('');
  return {
    ...{ message: whole(message), type, source, requestedAddress, leaseTimeSeconds, serverIdentifier },
    ...{ parameterRequestList, maximumMessageSize, clientIdentifier, clientIdentifierOption, relayOption, clientFqdn },
    ...{ rapidCommit, subnetSelection, linkSelection, serverIdentifierOverride, hostName },
    ...{ knownName: incoming.hostName(hostName), otherName: incoming.hostName('laptop') },
  };
}

/** Asserts that both ways read the same in some octets. */
function agree(t: Test, payload: Uint8Array, name: string): void {
  const short = readIncoming(payload, NOBODY);
  const long = decodeIncoming(payload, NOBODY);
  if (typeof short === 'string' || typeof long === 'string') t.equal(short, long, name);
  else t.strictSame(told(short), told(long), name);
}

t.test('a request is read as decoding all of it does', (t) => {
  for (const [index, payload] of plain.entries()) {
    t.not(readPlainRequest(payload, NOBODY), undefined, `the short way for message ${index}`);
    agree(t, payload, `message ${index}`);
    agree(t, payload, `message ${index} again, with what was remembered`);
    t.equal(readPlainRequest(Buffer.from(payload), NOBODY), undefined, 'a view of a Buffer would be one, too');
  }
  for (const [index, payload] of others.entries()) {
    t.equal(readPlainRequest(payload, NOBODY), undefined, `the long way for message ${index}`);
    agree(t, payload, `message ${index}`);
  }
  t.end();
});

t.test('whatever the octets are, both ways read the same', (t) => {
  const change = fc.tuple(fc.nat({ max: 400 }), fc.nat({ max: 255 }));
  fc.assert(
    fc.property(
      fc.constantFrom(...plain, ...others),
      fc.array(change, { maxLength: 4 }),
      fc.nat({ max: 80 }),
      (seed, changes, cut) => {
        const payload = seed.slice(0, seed.length - cut);
        for (const [at, value] of changes) if (at < payload.length) payload[at] = value;
        agree(t, payload, 'changed');
        return true;
      },
    ),
    { numRuns: 200 },
  );
  t.end();
});

t.test('D4S-03 a reply after the example of another has the same octets as one that is made anew', (t) => {
  const identifier = fromHex('01020000000001');
  const wishes: Wanted[] = [
    { options: [asking(1, 3, 6, 15, 119)] },
    { options: [asking(1, 3, 6, 15, 119)], clientIdentifier: identifier, flags: 0x8000 },
    { options: [asking(1, 3, 6, 15, 119)], clientIdentifier: fromHex('ff0000000100020003'), htype: 6 },
    { options: [asking(6, 3)], chaddr: new Uint8Array(16).fill(9) },
    { options: [asking(6, 3), { kind: 'ipAddressLeaseTime', value: 90 }] },
    { options: [asking(6, 3), { kind: 'rapidCommit', value: true }] },
    { options: [asking(81, 3), { kind: 'clientFqdn', value: { flags: 1, rcode1: 0, rcode2: 0, name: 'laptop' } }] },
    { giaddr: ip('192.168.42.3'), options: [asking(6, 3), { kind: 'raw', code: 82, data: fromHex('010461626364') }] },
    { giaddr: ip('192.168.42.3'), options: [asking(6, 3)] },
    {},
  ];
  for (const [name, config] of [
    ['usual settings', CONFIG],
    ['own T1', withSubnet({ options: [...SUBNET.options, { kind: 'renewalTime', value: 77 }] })],
    ['large options', withSubnet({ options: [{ kind: 'raw', code: 224, data: new Uint8Array(600).fill(1) }] })],
  ] as const) {
    const [short, long] = [new SimulatedLan(config), new SimulatedLan(withClass(config))];
    for (const round of [1, 2, 3]) {
      for (const [index, wanted] of wishes.entries()) {
        const who: Wanted = { from: `02:00:00:00:0${round}:0${index}`, xid: 100 * round + index, ...wanted };
        const list = round === 3 ? { ...who, options: [asking(224, 12, 3, 3), ...(who.options ?? []).slice(1)] } : who;
        for (const lan of [short, long]) lan.send(MessageType.discover, list);
        const offers = [short, long].map((lan) => lan.reply());
        const address = offers[0]?.message.yiaddr ?? NOBODY;
        t.ok(same(offers[0]?.send.payload, offers[1]?.send.payload), `${name}: offer ${index}, round ${round}`);
        const acks = [short, long].map((lan) => lan.select(address, list));
        t.ok(same(acks[0]?.send.payload, acks[1]?.send.payload), `${name}: acknowledgement ${index}, round ${round}`);
        const renewed = [short, long].map((lan) => lan.renew(address, list));
        t.ok(same(renewed[0]?.send.payload, renewed[1]?.send.payload), `${name}: renewal ${index}, round ${round}`);
        for (const lan of [short, long]) lan.release(address, list);
      }
    }
  }
  t.end();
});

t.test('no client gets what another one had no room for, or where that one had room', (t) => {
  for (const [name, sizes] of [
    ['options move into other fields', [250, 60]],
    ['both happens', [300, 300]],
    ['only the larger option is left out', [900, 1]],
  ] as const) {
    const options = sizes.map(
      (size, i): Option => ({ kind: 'raw', code: 224 + i, data: new Uint8Array(size).fill(i) }),
    );
    const [short, long] = [withSubnet({ options }), withClass(withSubnet({ options }))].map((c) => new SimulatedLan(c));
    for (const [index, size] of [576, 600, 1500, 576, 1500].entries()) {
      const own: Option[] = [asking(224, 225), { kind: 'maximumDhcpMessageSize', value: size }];
      const wanted: Wanted = { from: `02:00:00:00:00:0${index}`, options: own };
      for (const lan of [short, long])
        lan?.handle({ kind: 'datagram', payload: request(MessageType.discover, wanted), source: NOBODY });
      const payloads = [short, long].map((lan) => lan?.outputs.find((output) => output.kind === 'send')?.payload);
      t.not(payloads[1], undefined, 'a reply');
      t.ok(same(payloads[0], payloads[1]), `${name}: client ${index}`);
    }
  }
  t.end();
});

function same(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === undefined || b === undefined ? a === b : bytesEqual(a, b);
}

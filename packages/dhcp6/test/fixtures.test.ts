/** The codec against captures of real servers and clients, and against tshark's reading of them. */
// Covers: D6C-27
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { decodeFrame, readCapture } from '@router7/pcap';
import { toHex } from '@router7/wire';
import t from 'tap';
import {
  decodeDuid,
  decodeMessage,
  encodeMessage,
  MessageType,
  optionValue,
  optionValues,
  StatusCode,
  statusOf,
} from '../src/index.ts';
import { type Described, describeMessage } from './described.ts';
import { ip, net, sameBytes } from './golden.ts';

const FIXTURES = new URL('fixtures/', import.meta.url);
const SHARED = new URL('../../../../shared/captures/', import.meta.url);

/** The UDP payloads of ports 546 and 547, by the frame's number in the file, from 1. */
function payloads(file: URL): Map<number, Uint8Array> {
  const found = new Map<number, Uint8Array>();
  let number = 0;
  for (const record of readCapture(readFileSync(file))) {
    if (record.kind !== 'packet') continue;
    number++;
    const { udp } = decodeFrame(record.bytes, { verifyChecksums: true });
    if (udp !== undefined && [546, 547].includes(udp.destinationPort)) found.set(number, udp.payload);
  }
  return found;
}

for (const name of readdirSync(FIXTURES).filter((file) => file.endsWith('.pcap'))) {
  t.test(`${name} means what tshark says, and comes out as it came in`, async (t) => {
    const json = readFileSync(new URL(`expected/${name.replace('.pcap', '.json')}`, FIXTURES), 'utf8');
    const expectations = JSON.parse(json) as readonly (Described & { readonly frame: number })[];
    const found = payloads(new URL(name, FIXTURES));
    t.strictSame(
      [...found.keys()],
      expectations.map(({ frame }) => frame),
      'the same packets',
    );
    for (const { frame, ...expected } of expectations) {
      const bytes = found.get(frame) as Uint8Array;
      // Strictly: nothing that a real peer has sent is malformed.
      const message = decodeMessage(bytes, { strict: true });
      t.strictSame(describeMessage(message), expected, `frame ${frame}`);
      sameBytes(t, encodeMessage(message), bytes, `frame ${frame}: encoded again`);
    }
  });
}

const here = { skip: existsSync(SHARED) ? false : 'no folder ../shared/captures beside the repository' };

t.test('D6C-02 D6C-23 fiber7-dhcp6.pcap is what its README says', here, async (t) => {
  const messages = [...payloads(new URL('fiber7-dhcp6.pcap', SHARED)).values()];
  t.equal(messages.length, 2);
  for (const [i, messageType, transactionId] of [
    [0, MessageType.advertise, 0x48e59e],
    [1, MessageType.reply, 0x738c3b],
  ] as const) {
    const bytes = messages[i] as Uint8Array;
    const message = decodeMessage(bytes, { strict: true });
    t.match(message, { messageType, transactionId });
    const duid = optionValue(message, 'clientIdentifier') as Uint8Array;
    t.equal(toHex(duid), '000a000300014c5e0c43bf39');
    t.match(decodeDuid(duid), { kind: 'opaque', type: 10 });
    const [delegation] = optionValues(message, 'iaPd');
    t.match(delegation, { iaid: 1, t1Seconds: 20 * 60, t2Seconds: 30 * 60 });
    t.equal(statusOf(delegation ?? message), StatusCode.success);
    const [prefix] = optionValues(delegation ?? message, 'iaPrefix');
    t.strictSame(prefix, {
      prefix: net('2a02:168:4a00::/48'),
      preferredLifetimeSeconds: 3600,
      validLifetimeSeconds: 86400,
      options: [],
    });
    t.strictSame(optionValue(message, 'dnsServers'), [ip('2001:1620:2777:1::10'), ip('2001:1620:2777:2::20')]);
    sameBytes(t, encodeMessage(message), bytes, 'encoded again');
  }
});

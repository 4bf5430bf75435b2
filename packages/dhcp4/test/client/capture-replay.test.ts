/** Replies of real servers, replayed into the engine: a provider's (D4C-29), and those of the recorded fixtures. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { decodeFrame, type Frame, readCapture, replay } from '@router7/pcap';
import { MacAddress } from '@router7/wire';
import t from 'tap';
import { ClientEngine } from '../../src/client/engine.ts';
import type { ClientInput } from '../../src/client/input.ts';
import type { ClientOutput } from '../../src/client/output.ts';
import { type Message, MessageType, optionValue } from '../../src/message.ts';
import { decodeMessage } from '../../src/message-codec.ts';
import { plainConfig } from './simulated-client.ts';

const FIBER7 = new URL('../../../../../shared/captures/fiber7-dhcp4.pcap', import.meta.url);
const FIXTURES = new URL('../fixtures/', import.meta.url);

interface Captured {
  readonly timestamp: bigint | undefined;
  readonly frame: Frame;
  readonly message: Message;
}

/** The DHCP messages of a capture. */
function messages(file: URL): Captured[] {
  return [...readCapture(readFileSync(file))].flatMap((record) => {
    if (record.kind !== 'packet') return [];
    const frame = decodeFrame(record.bytes);
    const ports = [67, 68];
    if (frame.udp === undefined || !ports.includes(frame.udp.destinationPort)) return [];
    return [{ timestamp: record.timestamp, frame, message: decodeMessage(frame.udp.payload) }];
  });
}

function toInput({ frame, message }: Captured): ClientInput | undefined {
  if (frame.udp === undefined || frame.ipv4 === undefined || message.op !== 2) return undefined;
  const { payload, sourcePort } = frame.udp;
  return { kind: 'datagram', payload, source: frame.ipv4.source, sourcePort };
}

/** An engine that stands where the captured client stood: its hardware address, and its transaction ids in order. */
function standIn(hardwareAddress: MacAddress, xids: readonly number[], clientIdentifier?: Uint8Array): ClientEngine {
  const rest = [...xids];
  const config = plainConfig({ hardwareAddress, ...(clientIdentifier === undefined ? {} : { clientIdentifier }) });
  const random = (): number => (rest.length > 1 ? (rest.shift() as number) : (rest[0] as number)) / 2 ** 32;
  return new ClientEngine(config, { random });
}

function drain(engine: ClientEngine): ClientOutput[] {
  const outputs: ClientOutput[] = [];
  for (let output = engine.poll(); output !== undefined; output = engine.poll()) outputs.push(output);
  return outputs;
}

const skip = existsSync(FIBER7) ? false : 'the captures of the provider are not there';

t.test('D4C-29 fiber7: exactly the lease that the provider gave', { skip }, async (t) => {
  const captured = messages(FIBER7);
  t.strictSame(
    captured.map(({ message }) => optionValue(message, 'dhcpMessageType')),
    [MessageType.offer, MessageType.ack],
  );
  const engine = standIn(MacAddress.parse('d8:58:d7:00:4e:df'), [0x7708d724]);
  engine.handle({ kind: 'carrier', up: true }, 0);
  const sent = drain(engine).filter((output) => output.kind === 'send');
  t.equal(decodeMessage((sent[0] as { payload: Uint8Array }).payload).xid, 0x7708d724);

  const outputs = [...replay(captured, engine, toInput)];
  t.strictSame(
    outputs.filter(({ output }) => output.kind === 'discarded'),
    [],
  );
  const bound = outputs.find(({ output }) => output.kind === 'bound')?.output;
  if (bound?.kind !== 'bound') return t.fail('no lease');
  const { lease, ack } = bound;
  t.equal(lease.address.address.toString(), '85.195.207.62');
  t.equal(lease.address.mask.toString(), '255.255.255.128');
  t.equal(lease.hasSubnetMask, true);
  t.strictSame(lease.routers.map(String), ['85.195.207.1']);
  t.strictSame(lease.domainNameServers.map(String), ['77.109.128.2', '213.144.129.20']);
  t.equal(lease.classlessRoutes, undefined);
  t.equal(lease.server.toString(), '213.144.129.5', 'the server of the DHCPACK, which is not that of the DHCPOFFER');
  // The offer came at 0 and was taken at once, so the DHCPREQUEST went out at 0.
  t.equal(lease.renewAt, (13 * 60 + 24) * 1000);
  t.equal(lease.rebindAt, 1407_000);
  t.equal(lease.expiresAt, 1608_000);
  t.strictSame(ack, captured[1]?.frame.udp?.payload.slice(), 'bit for bit');
});

t.test(
  'D4C-29 fiber7: an answer under another identifier, but of another sender or address, is none',
  { skip },
  async (t) => {
    const [offer, ack] = messages(FIBER7).map((captured) => toInput(captured)) as [ClientInput, ClientInput];
    const engine = standIn(MacAddress.parse('d8:58:d7:00:4e:df'), [0x7708d724]);
    engine.handle({ kind: 'carrier', up: true }, 0);
    engine.handle(offer, 10);
    drain(engine);
    if (ack.kind !== 'datagram') return t.fail('no datagram');
    engine.handle({ ...ack, source: ack.source.plus(1) }, 20);
    const moved = ack.payload.slice();
    moved[19] = 63;
    engine.handle({ ...ack, payload: moved }, 20);
    t.strictSame(drain(engine), Array(2).fill({ kind: 'discarded', reason: 'wrong-server' }));
    engine.handle(ack, 30);
    t.equal(engine.state, 'bound');
  },
);

const recorded = readdirSync(FIXTURES).filter((name) => /-(?:dora|options|long|overload|split)\.pcap$/.test(name));

t.test('there are recorded exchanges of all three servers', async (t) => {
  for (const server of ['dnsmasq', 'isc', 'kea']) t.ok(recorded.some((name) => name.startsWith(server)));
});

for (const name of recorded) {
  t.test(`D4C-01 the server of ${name} gives its lease to the engine as well`, async (t) => {
    const captured = messages(new URL(name, FIXTURES));
    const discover = captured.find(({ message }) => optionValue(message, 'dhcpMessageType') === MessageType.discover);
    const ack = captured.find(({ message }) => optionValue(message, 'dhcpMessageType') === MessageType.ack);
    if (discover === undefined || ack === undefined) return t.fail('no whole exchange');
    // From the DHCPDISCOVER that led to the lease: the xid tells.
    const start = captured.findIndex(({ message }) => message.xid === ack.message.xid);
    const end = captured.indexOf(ack) + 1;
    const engine = standIn(
      MacAddress.fromBytes(discover.message.chaddr),
      [ack.message.xid],
      optionValue(discover.message, 'clientIdentifier'),
    );
    engine.handle({ kind: 'carrier', up: true }, 0);
    drain(engine);
    const outputs = [...replay(captured.slice(start, end), engine, toInput)].map(({ output }) => output);
    t.strictSame(
      outputs.filter(({ kind }) => kind === 'discarded'),
      [],
    );
    const bound = outputs.find(({ kind }) => kind === 'bound');
    if (bound?.kind !== 'bound') return t.fail(`no lease but ${outputs.map(({ kind }) => kind).join(', ')}`);
    const { message } = ack;
    t.ok(bound.lease.address.address.equals(message.yiaddr));
    t.equal(bound.lease.address.mask.toString(), '255.255.255.0');
    t.equal(bound.lease.server.toString(), '192.0.2.1');
    const seconds = optionValue(message, 'ipAddressLeaseTime') as number;
    t.ok(bound.lease.expiresAt - bound.lease.acquiredAt <= seconds * 1000);
    t.strictSame(bound.lease.options, message.options);
  });
}

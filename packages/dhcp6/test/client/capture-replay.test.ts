/** Messages of a real provider's server, replayed into the engine (D6C-23). */
import { existsSync, readFileSync } from 'node:fs';
import { decodeFrame, type Frame, readCapture, replay } from '@router7/pcap';
import { toHex } from '@router7/wire';
import t from 'tap';
import { ClientEngine } from '../../src/client/engine.ts';
import type { ClientInput } from '../../src/client/input.ts';
import type { ClientOutput } from '../../src/client/output.ts';
import { optionValue } from '../../src/message.ts';
import { decodeMessage } from '../../src/message-codec.ts';
import { MessageType } from '../../src/message-type.ts';
import { plainConfig } from './simulated-client.ts';

const FIBER7 = new URL('../../../../../shared/captures/fiber7-dhcp6.pcap', import.meta.url);
const skip = existsSync(FIBER7) ? false : 'the captures of the provider are not there';

interface Captured {
  readonly timestamp: bigint | undefined;
  readonly frame: Frame;
}

function frames(): Captured[] {
  return [...readCapture(readFileSync(FIBER7))].flatMap((record) =>
    record.kind === 'packet' ? [{ timestamp: record.timestamp, frame: decodeFrame(record.bytes) }] : [],
  );
}

function toInput({ frame }: Captured): ClientInput | undefined {
  if (frame.udp === undefined || frame.ipv6 === undefined) return undefined;
  const { payload, sourcePort } = frame.udp;
  return { kind: 'datagram', payload, source: frame.ipv6.source, sourcePort, destination: frame.ipv6.destination };
}

t.test('D6C-23: fiber7: exactly the prefix and name servers that the provider gave', { skip }, async (t) => {
  const captured = frames();
  const [advertise] = captured.map(({ frame }) => decodeMessage(frame.udp?.payload ?? new Uint8Array()));
  const duid = optionValue(advertise as never, 'clientIdentifier') ?? new Uint8Array();
  t.equal(toHex(duid), '000a000300014c5e0c43bf39', 'of a type that is not defined');
  // An engine that stands where the captured client stood: its DUID, its IAs, and its transaction ids in order.
  const ids = [0x48e59e, 0x738c3b];
  const random = (): number => (ids[0] as number) / 2 ** 24;
  const engine = new ClientEngine(plainConfig({ duid, addresses: [{ iaid: 1 }] }), { random });
  engine.handle({ kind: 'carrier', up: true }, 0);
  const outputs: ClientOutput[] = [];
  for (let output = engine.poll(); output !== undefined; output = engine.poll()) outputs.push(output);
  outputs.push(...[...replay(captured.slice(0, 1), engine, toInput)].map(({ output }) => output));
  // The Advertise is taken when the first RT is over.
  ids.shift();
  engine.handle({ kind: 'timeout' }, engine.deadline() ?? 0);
  const at = 2868;
  const reply = toInput(captured[1] as Captured) as ClientInput;
  engine.handle(reply, at);
  for (let output = engine.poll(); output !== undefined; output = engine.poll()) outputs.push(output);

  const sent = outputs.filter((output) => output.kind === 'send').map(({ messageType }) => messageType);
  t.strictSame(sent, [MessageType.solicit, MessageType.request]);
  t.strictSame(
    outputs.filter(({ kind }) => kind === 'discarded' || kind === 'refused'),
    [],
  );
  const { delegations, dnsServers, serverIdentifier } = engine.configuration;
  t.strictSame(
    delegations.map(({ prefix }) => prefix.toString()),
    ['2a02:168:4a00::/48'],
  );
  t.strictSame(dnsServers.map(String), ['2001:1620:2777:1::10', '2001:1620:2777:2::20']);
  t.equal(delegations[0]?.renewAt, at + 20 * 60_000, 'T1 is 20 minutes');
  t.equal(delegations[0]?.rebindAt, at + 1800_000);
  t.equal(delegations[0]?.preferredUntil, at + 3600_000);
  t.equal(delegations[0]?.validUntil, at + 86_400_000);
  t.equal(toHex(serverIdentifier ?? new Uint8Array()), '00010001' + '22439e23525400faac14');
  t.strictSame(
    engine.configuration.addresses.map(({ address }) => address.toString()),
    ['2a02:168:2000:5:add7:17aa:9163:8ef3'],
    'and the address beside it',
  );
});

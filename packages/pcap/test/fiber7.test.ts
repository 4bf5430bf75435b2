import { existsSync, readFileSync } from 'node:fs';
import t from 'tap';
import { type CapturedPacket, decodeFrame, type Engine, readCapture, replay, type Timeout } from '../src/index.ts';

const folder = new URL('../../../../shared/captures/', import.meta.url);
const here = { skip: existsSync(folder) ? false : 'no folder ../shared/captures beside the repository' };

function packetsOf(name: string): CapturedPacket[] {
  return [...readCapture(readFileSync(new URL(name, folder)))].filter((record) => record.kind === 'packet');
}

t.test('fiber7-dhcp4.pcap: an OFFER and an ACK, addressed to the new address', here, async (t) => {
  const packets = packetsOf('fiber7-dhcp4.pcap');
  const found = packets.map(({ timestamp, bytes }) => {
    const { ethernet, ipv4, udp } = decodeFrame(bytes, { verifyChecksums: true });
    const xid = new DataView(udp?.payload.buffer ?? new ArrayBuffer(8), udp?.payload.byteOffset).getUint32(4);
    return {
      timestamp,
      to: `${ethernet?.destination}`,
      path: `${ipv4?.source}:${udp?.sourcePort} ${ipv4?.destination}:${udp?.destinationPort}`,
      xid,
    };
  });
  const same = {
    to: 'd8:58:d7:00:4e:df',
    path: '212.51.156.1:67 85.195.207.62:68',
    xid: 0x7708_d724,
  };
  t.strictSame(found, [
    { timestamp: 1_526_672_231_151_824_000n, ...same },
    { timestamp: 1_526_672_231_244_668_000n, ...same },
  ]);
});

t.test('fiber7-dhcp4.pcap replayed: the datagrams come at their times', here, async (t) => {
  const queue: number[] = [];
  const engine: Engine<{ readonly kind: 'datagram'; readonly length: number } | Timeout, number> = {
    handle: (input) => void (input.kind === 'datagram' && queue.push(input.length)),
    poll: () => queue.shift(),
    deadline: () => undefined,
  };
  const toInput = ({ bytes }: CapturedPacket): { kind: 'datagram'; length: number } | undefined => {
    const { udp } = decodeFrame(bytes);
    return udp === undefined ? undefined : { kind: 'datagram', length: udp.payload.length };
  };
  const outputs = [...replay(packetsOf('fiber7-dhcp4.pcap'), engine, toInput, { start: 100 })];
  t.strictSame(
    outputs.map(({ output, now }) => [output, now]),
    [
      [309, 100],
      [309, 192.844],
    ],
  );
});

t.test('fiber7-dhcp6.pcap: an ADVERTISE and a REPLY', here, async (t) => {
  const found = packetsOf('fiber7-dhcp6.pcap').map(({ bytes }) => {
    const { udp } = decodeFrame(bytes, { verifyChecksums: true });
    return `${udp?.sourcePort} ${udp?.destinationPort} ${udp?.payload[0]}`;
  });
  t.strictSame(found, ['547 546 2', '547 546 7']);
});

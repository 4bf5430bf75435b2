import t from 'tap';
import { type CaptureRecord, decodeFrame, LinkType, PcapngWriter, PcapWriter, readCapture } from '../../src/index.ts';
import { frames } from './frames.ts';
import { CAPTURE, needs, run, tsharkFields } from './programs.ts';

const [{ bytes: firstFrame }] = frames as readonly [(typeof frames)[number], ...typeof frames];
const START = 1_795_313_353_143_661_009n;
const STEP = 1_000_000_007n;
const time = (i: number): bigint => START + BigInt(i) * STEP;

const seconds = (nanoseconds: bigint): string =>
  `${nanoseconds / 1_000_000_000n}.${(nanoseconds % 1_000_000_000n).toString().padStart(9, '0')}`;

/** Every frame in every kind of file that this package writes, each with the unit that its timestamps are cut to. */
const captures: { name: string; bytes: Uint8Array; unit: bigint }[] = [];
for (const byteOrder of ['little', 'big'] as const) {
  for (const resolution of ['microseconds', 'nanoseconds'] as const) {
    const writer = new PcapWriter({ byteOrder, resolution });
    const chunks = [writer.start(), ...frames.map(({ bytes }, i) => writer.packet({ timestamp: time(i), bytes }))];
    const unit = resolution === 'microseconds' ? 1000n : 1n;
    captures.push({ name: `pcap, ${byteOrder}, ${resolution}`, bytes: Buffer.concat(chunks), unit });
  }
  for (const exponent of [6, 9]) {
    const writer = new PcapngWriter({ byteOrder, application: 'router7' });
    const chunks = [
      writer.start(),
      writer.interface({ name: 'lan0', scale: { base: 10, exponent, offsetSeconds: 0n } }).chunk,
    ];
    chunks.push(...frames.map(({ bytes }, i) => writer.packet({ timestamp: time(i), bytes })));
    captures.push({
      name: `pcapng, ${byteOrder}, 10^-${exponent}`,
      bytes: Buffer.concat(chunks),
      unit: exponent === 6 ? 1000n : 1n,
    });
  }
}

const FIELDS = [
  'frame.time_epoch',
  'frame.len',
  'frame.cap_len',
  'frame.protocols',
  'ip.checksum.status',
  'udp.checksum.status',
  'icmpv6.checksum.status',
  '_ws.malformed',
  '_ws.expert.message',
];

for (const { name, bytes, unit } of captures) {
  t.test(`tshark reads ${name}`, needs('tshark'), async (t) => {
    const { status, complaints, rows } = tsharkFields(bytes, FIELDS);
    t.equal(status, 0);
    t.equal(complaints, '');
    const expected = frames.map((frame, i) => {
      const { ipv4, udp, icmpv6 } = decodeFrame(frame.bytes);
      const length = String(frame.bytes.length);
      const good = (layer: object | undefined): string => (layer === undefined ? '' : '1');
      return [
        seconds(time(i) - (time(i) % unit)),
        length,
        length,
        frame.protocols,
        good(ipv4),
        good(udp),
        good(icmpv6),
        '',
        '',
      ];
    });
    t.strictSame(rows, expected);
  });

  t.test(`capinfos reads ${name}`, needs('capinfos'), async (t) => {
    const { status, complaints, stdout } = run('capinfos', ['-M', '-T', '-r', '-c', '-d', CAPTURE], bytes);
    t.equal(status, 0);
    t.equal(complaints, '');
    const octets = frames.reduce((sum, frame) => sum + frame.bytes.length, 0);
    t.match(stdout.toString().trim().split('\t').slice(-2), [String(frames.length), String(octets)]);
  });

  t.test(`tcpdump reads ${name}`, needs('tcpdump'), async (t) => {
    const { status, complaints, stdout } = run('tcpdump', ['-nn', '-e', '-vv', '-r', CAPTURE], bytes);
    t.equal(status, 0);
    t.equal(complaints, '');
    const lines = stdout
      .toString()
      .split('\n')
      .filter((line) => /^\d\d:/.test(line));
    t.equal(lines.length, frames.length);
    t.notMatch(stdout.toString(), /bad (?:udp )?cksum|incorrect|invalid|truncated|\[\|/);
  });

  if (!name.includes('big')) continue; // tshark takes its time, and so much of it shows enough
  t.test(`what tshark writes after it has read ${name} is the same again`, needs('tshark'), async (t) => {
    for (const format of ['pcap', 'nsecpcap', 'pcapng']) {
      const { status, complaints, stdout } = run('tshark', ['-r', CAPTURE, '-w', '-', '-F', format], bytes);
      t.equal(status, 0);
      t.equal(complaints, '');
      const precision = format === 'pcap' ? 1000n : unit;
      const packets = [...readCapture(stdout)].filter((record) => record.kind === 'packet');
      t.strictSame(
        packets.map(({ timestamp, bytes, originalLength }) => ({ timestamp, bytes, originalLength })),
        frames.map(({ bytes }, i) => ({
          timestamp: time(i) - (time(i) % precision),
          bytes,
          originalLength: bytes.length,
        })),
        format,
      );
    }
  });
}

// tshark 4.0 looks up an interface's name in the first section only, so both sections have the same names.
/** Two interfaces with units of their own, cut packets, comments, directions, a second section of the other order. */
function rich(): Uint8Array {
  const chunks: Uint8Array[] = [];
  for (const byteOrder of ['big', 'little'] as const) {
    const writer = new PcapngWriter({ byteOrder, application: 'router7', comments: [`section, ${byteOrder}`] });
    const lan = { name: 'lan0', scale: { base: 2, exponent: 30, offsetSeconds: 0n } } as const;
    const wan = {
      name: 'uplink0',
      snapLength: 42,
      scale: { base: 10, exponent: 9, offsetSeconds: -5n },
    } as const;
    chunks.push(writer.start(), writer.interface(lan).chunk, writer.interface(wan).chunk);
    const bytes = firstFrame;
    chunks.push(
      writer.packet({
        interfaceId: 0,
        timestamp: 1_500_000_000_250_000_000n,
        bytes,
        direction: 'inbound',
        comments: ['zwölf', 'two'],
      }),
      writer.packet({ interfaceId: 1, timestamp: 1_500_000_001_123_456_789n, bytes, direction: 'outbound' }),
    );
  }
  return Buffer.concat(chunks);
}

t.test('tshark finds interfaces, units, comments and directions', needs('tshark'), async (t) => {
  const fields = [
    'frame.time_epoch',
    'frame.len',
    'frame.cap_len',
    'frame.interface_name',
    'frame.packet_flags_direction',
    'frame.comment',
  ];
  const { status, complaints, rows } = tsharkFields(rich(), fields);
  t.equal(status, 0);
  t.equal(complaints, '');
  const length = String(firstFrame.length);
  t.strictSame(
    rows,
    ['big', 'little'].flatMap(() => [
      ['1500000000.250000000', length, length, 'lan0', '0x00000001', 'zwölf,two'],
      ['1500000001.123456789', length, '42', 'uplink0', '0x00000002', ''],
    ]),
  );
});

t.test('packets without Ethernet', needs('tshark'), async (t) => {
  const writer = new PcapngWriter();
  const chunks = [writer.start()];
  for (const linkType of [LinkType.raw, LinkType.ipv4]) chunks.push(writer.interface({ linkType }).chunk);
  const bytes = firstFrame.subarray(14);
  for (const interfaceId of [0, 1]) chunks.push(writer.packet({ interfaceId, timestamp: START, bytes }));
  const { status, complaints, rows } = tsharkFields(Buffer.concat(chunks), ['frame.protocols', 'udp.dstport']);
  t.equal(status, 0);
  t.equal(complaints, '');
  t.strictSame(rows, [
    ['raw:ip:udp:data', '9'],
    ['ip:udp:data', '9'],
  ]);
});

t.test('editcap rewrites it, and we read that', needs('editcap'), async (t) => {
  const one = captures[0]?.bytes as Uint8Array;
  const edited = run('editcap', ['-F', 'pcapng', CAPTURE, '-'], one);
  t.equal(edited.status, 0);
  t.equal(edited.complaints, '');
  const read = (bytes: Uint8Array): CaptureRecord[] => [...readCapture(bytes)].filter(({ kind }) => kind === 'packet');
  t.equal(read(edited.stdout).length, frames.length);
});

t.test('tcpdump rewrites it, in microseconds and in nanoseconds, and we read that', needs('tcpdump'), async (t) => {
  for (const { name, bytes, unit } of captures) {
    for (const precision of ['micro', 'nano']) {
      const args = [`--time-stamp-precision=${precision}`, '-r', CAPTURE, '-w', '-'];
      const { status, complaints, stdout } = run('tcpdump', args, bytes);
      t.equal(status, 0, name);
      t.equal(complaints, '', name);
      const packets = [...readCapture(stdout)].filter((record) => record.kind === 'packet');
      const kept = precision === 'micro' ? 1000n : unit;
      t.strictSame(
        packets.map(({ timestamp, bytes }) => ({ timestamp, bytes })),
        frames.map(({ bytes }, i) => ({ timestamp: time(i) - (time(i) % kept), bytes })),
        `${name}, ${precision}`,
      );
    }
  }
});

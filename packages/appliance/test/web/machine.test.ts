import { Ipv4Prefix, Ipv6Prefix } from '@router7/wire';
import t from 'tap';
import type { Link, LinkAddress } from '../../src/system/rtnetlink.ts';
import { duration, size } from '../../src/web/figures.ts';
import { parseGoDuration } from '../../src/web/go-duration.ts';
import { blockDevices, parseBuild, parseMeminfo, permUuid, readMachine } from '../../src/web/machine.ts';
import { processMemory } from '../../src/web/process-memory.ts';

t.test('IN-04: what the kernel says of memory, disks and partitions', async (t) => {
  t.same(parseMeminfo('MemTotal:        4005888 kB\nMemFree:  1 kB\nMemAvailable:    3713024 kB\nSwapTotal: 0 kB\n'), {
    total: 4_102_029_312,
    available: 3_802_136_576,
  });
  t.same(parseMeminfo(''), { total: 0, available: 0 });
  const mounts = `/dev/sda2 / squashfs ro 0 0
proc /proc proc rw 0 0
/dev/sda4 /perm ext4 rw,nosuid 0 0
/dev/sda4 /other\\040place ext4 rw 0 0
/dev/sdb1 /mnt/usb\\040stick vfat rw 0 0
`;
  t.same(blockDevices(mounts), [
    ['/dev/sda2', '/'],
    ['/dev/sda4', '/perm'],
    ['/dev/sdb1', '/mnt/usb stick'],
  ]);
  const line = (root: string): string => `console=ttyS0,115200 ${root} panic=10\n`;
  const guid = '60c24cc1-f3f9-427a-8199-2e18c40c00';
  t.equal(permUuid(line(`root=PARTUUID=${guid}01/PARTNROFF=1`)), `${guid}04`);
  t.equal(permUuid(line(`root=PARTUUID=2e18c40c-01`)), '2e18c40c-04');
  t.equal(permUuid(line('root=/dev/sda2')), '');
  t.ok((processMemory(process.pid) ?? 0) > 1024 ** 2);
  t.equal(processMemory(0), undefined);
});

t.test('IN-17: the build is what its file says, or nothing', async (t) => {
  const none = { version: '', timestamp: '', sbomHash: '' };
  t.same(parseBuild('{"version":"0.1.0","buildTimestamp":"2026-11-20T08:14:00Z","sbomHash":"a8f0"}'), {
    version: '0.1.0',
    timestamp: '2026-11-20T08:14:00Z',
    sbomHash: 'a8f0',
  });
  for (const text of ['', 'null', '[]', '7', '{', '{"version":7,"buildTimestamp":null}'])
    t.same(parseBuild(text), none);
});

t.test('IN-04: private addresses are where services are offered, all others are public', async (t) => {
  const link = (index: number, name: string, up: boolean): Link => ({ index, name, up }) as Link;
  const address = (link: number, text: string): LinkAddress => {
    const prefix = text.includes(':') ? Ipv6Prefix.parse(text) : Ipv4Prefix.parse(text);
    return { link, prefix };
  };
  const { privateAddresses, publicAddresses } = readMachine({
    links: [link(1, 'lo', true), link(2, 'lan0', true), link(3, 'uplink0', true), link(4, 'lan1', false)],
    addresses: [
      address(1, '127.0.0.1/32'),
      address(2, '192.168.42.1/32'),
      address(2, 'fe80::1/128'),
      address(2, '2001:db8::1/128'),
      address(3, '192.168.178.20/32'),
      address(3, 'fe80::2/128'),
      address(4, '192.168.43.1/32'),
    ],
  });
  t.same(privateAddresses, ['127.0.0.1', '192.168.42.1', 'fe80::1%lan0']);
  t.same(publicAddresses, ['192.168.178.20', '2001:db8::1', 'fe80::2%uplink0'], 'all of an uplink, whatever they are');
});

t.test('times and sizes at a glance, and durations as Go writes them', async (t) => {
  const times: readonly [seconds: number, text: string][] = [
    [-5, '0 s'],
    [59.9, '59 s'],
    [60, '1 min'],
    [3600, '1 h'],
    [3700, '1 h 1 min'],
    [86_400, '1 day'],
    [90_000, '1 day 1 h'],
    [864_000, '10 days'],
    [900_000, '10 days'],
  ];
  for (const [seconds, text] of times) t.equal(duration(seconds), text);
  t.same([0, 4096, 31.4 * 1024 ** 2, 1.85 * 1024 ** 3].map(size), ['0 KiB', '4 KiB', '31 MiB', '1.9 GiB']);
  const durations: readonly [text: string, milliseconds: number][] = [
    ['0', 0],
    ['10s', 10_000],
    ['1m30s', 90_000],
    ['1.5h', 5_400_000],
    ['.5s', 500],
    ['250ms', 250],
    ['1h0m0.5s', 3_600_500],
  ];
  for (const [text, milliseconds] of durations) t.equal(parseGoDuration(text), milliseconds, text);
  for (const text of ['', '10', '-1s', 's', '1 s', '1s1', '1x', '1.s2', 'Infinitys']) {
    t.throws(() => parseGoDuration(text), RangeError, text);
  }
});

import type { Machine } from '../../src/web/machine.ts';
import { FakeControl } from './fake-control.ts';

const MIB = 1024 ** 2;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** A router as it may be after twelve days; for pictures and tests of pages. @param now milliseconds since 1970 */
export function sampleRouter(now: number): { readonly control: FakeControl; readonly machine: Machine } {
  const up = new Date(now - 12 * DAY - 190 * MINUTE);
  const control = new FakeControl([
    { name: 'netconfigd', pid: 713, startTime: up },
    { name: 'dhcp4d', args: ['-interface=lan0'], pid: 726, startTime: up },
    { name: 'dhcp4', args: ['-interface=uplink0'], pid: 739, startTime: new Date(now - 3 * DAY), restarts: 1 },
    { name: 'dnsd', pid: 752, startTime: up },
    { name: 'radvd', pid: 765, startTime: up },
    { name: 'dhcp6', args: ['-interface=uplink0'], pid: 778, startTime: up },
    {
      name: 'dhcp6d',
      state: 'backing-off',
      ready: false,
      restarts: 6,
      lastEnd: { at: new Date(now - 12_000), how: 'status 1' },
    },
    { name: 'ntpd', pid: 791, startTime: new Date(now - 8000), state: 'starting', ready: false, restarts: 2 },
  ]);
  const log = control.log('dnsd', 'stderr');
  const say = (ago: number, text: string): void => log.add(text, new Date(now - ago));
  say(12 * DAY, 'info listening host=127.0.0.1 port=53');
  say(12 * DAY, 'info listening host=192.168.42.1 port=53');
  say(12 * DAY, 'info listening host=fe80::20d:b9ff:fe49:70c%lan0 port=53');
  say(12 * DAY - 900, 'info upstreams servers="8.8.8.8 8.8.4.4 2001:4860:4860::8888 2001:4860:4860::8844"');
  say(9 * DAY, 'info names of the home read leases=23 hosts=4');
  say(95 * MINUTE, 'warn upstream does not answer server=8.8.4.4 tries=3');
  say(94 * MINUTE, 'info upstream answers again server=8.8.4.4 after=61s');
  say(41 * MINUTE, 'info names of the home read leases=24 hosts=4');
  say(
    17 * MINUTE,
    'error block list cannot be read, the last one goes on file=/perm/dnsd/block/ads.txt error="unexpected end"',
  );
  say(6 * MINUTE, 'info names of the home read leases=24 hosts=4');
  control.log('dnsd', 'stdout').add('answering in 2 threads', new Date(now - 12 * DAY + 400));
  control.log('init', 'stdout').add('dhcp6d: ended with status 1, starts again in 16 s', new Date(now - 12_000));
  const perm = { device: '/dev/sda4', used: 41 * MIB, available: 12_900 * MIB, total: 13_620 * MIB };
  const machine: Machine = {
    hostname: 'router7',
    model: 'PC Engines apu2',
    kernel: 'Linux 6.1.0-32-amd64',
    uptimeSeconds: (now - up.getTime()) / 1000,
    memory: { total: 3912 * MIB, available: 3626 * MIB },
    perm,
    permUuid: '60c24cc1-f3f9-427a-8199-2e18c40c0004',
    mounts: [{ device: '/dev/sda2', used: 74 * MIB, available: 0, total: 74 * MIB }, perm],
    privateAddresses: ['127.0.0.1', '192.168.42.1', '::1', 'fd7a:4a00:37::1', 'fe80::20d:b9ff:fe49:70c%lan0'],
    publicAddresses: ['203.0.113.67', '2001:db8:4a00::1', 'fe80::20d:b9ff:fe49:70d%uplink0'],
    build: { version: '0.1.0', timestamp: '2026-11-20T08:14:00Z', sbomHash: 'a8f0c2' },
  };
  return { control, machine };
}

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { onStage } from '../../src/stage.ts';
import { LanSite } from './lan-site.ts';

t.setTimeout(600_000);
await onStage(import.meta.url);

const UPLINK = '02:73:53:00:07:00';
const LAN = '02:73:53:00:07:01';
const program = fileURLToPath(new URL('tools/router7.ts', import.meta.resolve('@router7/appliance')));

const CONFIG = {
  interfaces: [
    { hardware_addr: UPLINK, name: 'uplink0', mtu: 1492, fec: 'RS' },
    { hardware_addr: LAN, name: 'lan0', addr: '192.168.42.1/24', extra_routes: [{ destination: '10.2.0.0/16' }] },
  ],
  bridges: [{ name: 'lan0', interface_hardware_addrs: [LAN] }],
};

t.test(
  'router7 netconfig --check tells the whole plan, does nothing of it, and has nothing to tell after it is done',
  async (t) => {
    const site = new LanSite(t, 'check', CONFIG);
    mkdirSync(join(site.perm, 'dhcp4/wire'), { recursive: true });
    site.writePerm('dhcp4/wire/lease.json', {
      ...{ valid_until: '2018-05-18T23:46:04+02:00', client_ip: '198.51.100.7', subnet_mask: '255.255.255.0' },
      ...{ router: '198.51.100.1', dns: [] },
    });
    mkdirSync(join(site.perm, 'dhcp6/wire'), { recursive: true });
    site.writePerm('dhcp6/wire/lease.json', {
      ...{ valid_until: '2018-05-18T23:46:04+02:00', dns: [] },
      prefixes: [{ IP: '2a02:168:4a00::', Mask: '////////AAAAAAAAAAAAAA==' }],
    });
    const before = await everything(site);
    const first = await check(site);
    t.equal(first.status, 1, 'something is to be done');
    // Each line before that it needs to come before; also those that need a link which is not there yet.
    const lines = [
      '~ link enp1s0 mtu 1492',
      '~ link uplink0 up',
      `+ link lan0 type bridge address ${LAN}`,
      '+ address 198.51.100.7/24 dev uplink0 (leased)',
      '+ route default via 198.51.100.1 dev uplink0 proto dhcp src 198.51.100.7',
      '~ link enp2s0 master lan0',
      '+ address 192.168.42.1/24 dev lan0 (configured)',
      '+ address 2a02:168:4a00::1/64 dev lan0 (delegated)',
      '+ route 10.2.0.0/16 dev lan0 proto configured scope link',
      '~ sysctl net.ipv4.ip_forward = 1',
    ];
    t.same(
      first.output.filter((line) => lines.includes(line)),
      lines,
    );
    t.ok(first.output.includes('+ unreachable route 2a02:168:4a00::/48 dev lo proto delegated metric 4294967295'));
    t.ok(first.output.includes('~ file /perm/netconfig/subnets.json: lan0 0, unique local prefix to be made'));
    t.ok(first.output.some((line) => line.startsWith('+ table inet router7')));
    t.ok(first.output.includes('warn interface uplink0 has no forward error correction to set to rs'));
    t.same(await everything(site), before, 'nothing has changed');

    const applied = await site.run();
    t.equal(applied.status, 0);
    t.equal(
      applied.output.match(/no forward error correction/g)?.length,
      1,
      'what is not supported is told in one line',
    );
    for (const line of lines.filter((line) => !line.includes('sysctl')))
      t.match(applied.output, line, `was done: ${line}`);
    const second = await check(site);
    t.same(second, { status: 0, output: ['warn interface uplink0 has no forward error correction to set to rs'] });

    // What has gone and what has come.
    site.router.ip('route del 10.2.0.0/16 dev lan0');
    site.configure({ ...CONFIG, interfaces: [CONFIG.interfaces[0], { name: 'lan0', addr: '192.168.43.1/24' }] });
    const third = await check(site);
    t.equal(third.status, 1);
    t.same(
      third.output.filter((line) => line.includes('dev lan0')),
      ['+ address 192.168.43.1/24 dev lan0 (configured)', '- address 192.168.42.1/24 dev lan0 (configured)'],
    );
    site.configure('{');
    const broken = await check(site);
    t.equal(broken.status, 2);
    t.match(broken.output.join('\n'), /^error .*interfaces\.json: found .*; the last good one goes on$/m);
  },
);

async function check(site: LanSite): Promise<{ readonly status: number; readonly output: readonly string[] }> {
  const args = ['--conditions=@router7/source', program, 'netconfig', '--check'];
  const running = site.command('check', process.execPath, args);
  const status = await running.exited;
  return { status, output: running.output };
}

async function everything(site: LanSite): Promise<readonly string[]> {
  const show = [['link'], ['address'], ['-4', 'route'], ['-6', 'route']];
  const parts = await Promise.all(show.map((words) => site.router.run('ip', [...words, 'show'])));
  // Lifetimes count down, and the kernel finishes its duplicate address detection when it likes.
  return parts.map((text) => text.replaceAll(/\d+sec| tentative/g, ''));
}

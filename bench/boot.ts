import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Address,
  ApplianceSite,
  BARE_COMMAND_LINE,
  bareImage,
  guestKernel,
  Host,
  handResults,
  kernelEntry,
  MADE_IMAGE,
  Machine,
  makeImage,
  onStage,
  routerCards,
  STAGE_VARIABLE,
  until,
  VirtualClock,
} from '@router7/lab';
import { firstForwarded, firstLease } from './boot/milestones.ts';
import { resultsFile } from './results.ts';

/*
 * How long the appliance takes from the kernel's first instruction to the first lease that a computer at home gets, and to the
 * first packet of it that leaves for the Internet: side by side in one run with the least that can do so, the same kernel
 * with busybox alone.
 *
 * Time is that of the emulated machine, which has one processor of 1 ns an instruction and a clock that only its
 * instructions move (QEMU, -icount shift=0): it is nearly the same each time, on every computer. Packets are dated by that
 * clock, too, where they pass the machine's cards. When the machine has nothing to do, its clock goes as real clocks
 * do. The provider (Kea) and the computers (udhcpc; between them they ask four times a second) live in real time, which goes
 * faster than the machine's while that is busy: they answer sooner than they would, by some milliseconds.
 *
 * The kernel's first instruction is that of the kernel proper (startup_64), where a breakpoint stops the machine for a moment; both
 * are started from the same kernel, which is not compressed (the image's is started by GRUB, the other one by QEMU). What came before, firmware and
 * boot loader, is told, too, but reading from an emulated disk costs nothing. Half of what the bare image takes until it forwards is spent on the link
 * of the card towards the provider: emulated as an Intel 82574, whose driver looks for it every two seconds.
 *
 * usage: boot.ts [--rounds N] [--console] [--json FILE]
 */
if (process.env[STAGE_VARIABLE] !== '1') {
  makeImage();
  guestKernel();
}
await onStage(import.meta.url, { results: resultsFile('boot') });

const rounds = Number(/--rounds[= ](\d+)/.exec(process.argv.join(' '))?.[1] ?? 1);
/** Computers at home: each asks for an address each second, and one after the other. */
const CLIENTS = 4;
const SCRIPT = `#!/bin/sh
[ "$1" = bound ] && ip address replace $ip/$mask dev $interface && ip route replace default via $router dev $interface
[ "$1" = deconfig ] && ip link set $interface up
exit 0
`;
const PATIENCE = 240_000;

/** Milestones of one start, in seconds since the kernel's first instruction. */
interface Start {
  /** Firmware and boot loader, before. */
  readonly powerOn: number;
  readonly lease: number;
  readonly forwarded: number;
}

const kernel = guestKernel();
const starts: Record<'bare' | 'appliance', Start[]> = { bare: [], appliance: [] };
for (let round = 0; round < rounds; round++) {
  for (const name of ['bare', 'appliance'] as const) {
    const start = await measure(name);
    starts[name].push(start);
    const [lease, forwarded, powerOn] = [start.lease, start.forwarded, start.powerOn].map((time) => time.toFixed(2));
    console.log(
      `${name.padEnd(10)} first lease after ${lease} s, first forwarded packet after ${forwarded} s` +
        ` (kernel entered ${powerOn} s after power-on)`,
    );
  }
}
const median = (name: 'bare' | 'appliance', of: 'lease' | 'forwarded'): number => {
  const sorted = starts[name].map((start) => start[of]).sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
};
const online = (name: 'bare' | 'appliance'): number => Math.max(median(name, 'lease'), median(name, 'forwarded'));
console.log(
  `\nappliance online after ${online('appliance').toFixed(2)} s (target: 8), ` +
    `${(online('appliance') - online('bare')).toFixed(2)} s after the bare image (target: 5)`,
);
handResults({ kernel: kernel.version, starts });
process.exit(0);

/** The very kernel that GRUB starts in the image. */
function plainKernel(): string {
  const folder = '/tmp/kernel';
  execFileSync('unsquashfs', ['-q', '-n', '-f', '-d', folder, join(dirname(MADE_IMAGE), 'root.img'), 'boot/vmlinux']);
  return join(folder, 'boot/vmlinux');
}

async function measure(name: 'bare' | 'appliance'): Promise<Start> {
  const captures = `/tmp/captures-${name}`;
  mkdirSync(captures, { recursive: true });
  const date = new Date(Math.floor(Date.now() / 1000) * 1000);
  const options = { countInstructions: true, debug: true, date } as const;
  const site = new ApplianceSite(CLIENTS, { ...options, image: MADE_IMAGE, captures });
  await site.startProvider();
  let machine: Machine;
  let bare: Host | undefined;
  if (name === 'appliance') {
    site.router.prepare({});
    machine = site.router.build();
  } else {
    bare = new Host('bare');
    writeFileSync('/tmp/bare', bareImage(kernel));
    machine = new Machine({
      ...options,
      host: bare,
      kernel: { image: plainKernel(), initrd: '/tmp/bare', commandLine: BARE_COMMAND_LINE },
      cards: routerCards(site.home, captures),
    });
  }
  const clock = new VirtualClock(machine);
  if (process.argv.includes('--console')) {
    machine.console.follow((line) => void clock.seconds().then((at) => console.log(`${at.toFixed(2)} ${line}`)));
  }
  const powerOn = await kernelEntry(machine, machine.debug, clock);
  writeFileSync('/tmp/udhcpc-script', SCRIPT, { mode: 0o755 });
  for (const client of site.home.clients) {
    site.keep(
      client.start('udhcpc', 'udhcpc', ['-f', '-i', 'eth0', '-s', '/tmp/udhcpc-script', '-t', '100000', '-T', '1']),
    );
    const ping = `while :; do ping -c 1 -W 0.2 ${Address.web}; sleep 0.05; done`;
    site.keep(client.start('ping', 'sh', ['-c', `${ping} >/dev/null 2>&1`]));
    await sleep(1000 / CLIENTS);
  }
  const read = (cable: string): Uint8Array => readFileSync(`${captures}/${cable}.pcap`);
  const milestones = (): { lease: number | undefined; forwarded: number | undefined } => ({
    lease: firstLease(read('port0'), date),
    forwarded: firstForwarded(read('line0'), Address.web, date),
  });
  try {
    const { lease, forwarded } = await until('a lease and a packet', PATIENCE, () => {
      const found = milestones();
      return found.lease !== undefined && found.forwarded !== undefined && found;
    });
    return { powerOn, lease: (lease ?? 0) - powerOn, forwarded: (forwarded ?? 0) - powerOn };
  } catch (error) {
    console.log(machine.console.lines.slice(-40).join('\n'));
    throw error;
  } finally {
    clock.stop();
    await machine.cutPower();
    await site.stop();
    if (bare !== undefined) await bare.cutPower();
  }
}

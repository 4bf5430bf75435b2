import t, { type Test } from 'tap';
import { BOOT_MS } from '../../src/appliance/appliance-router.ts';
import { ApplianceSite } from '../../src/appliance/appliance-site.ts';
import { MADE_IMAGE } from '../../src/appliance/made-image.ts';
import { VirtualClock } from '../../src/appliance/virtual-clock.ts';
import { Address, Address6 } from '../../src/home.ts';
import { onStage } from '../../src/stage.ts';
import { bePatient, until } from '../../src/wait.ts';
import { needsImage } from './needs-image.ts';

t.setTimeout(1_800_000);
await onStage(import.meta.url);
bePatient(4);

/*
 * The image with one processor whose time is a count of instructions: what has to be there again within 5 s, has to be so by that
 * clock, and on every machine.
 */

const daemons = ['netconfigd', 'dhcp4', 'dhcp4d', 'dnsd', 'radvd', 'dhcp6', 'dhcp6d', 'ntpd'] as const;
/** How soon the home is to be online again, in seconds of the machine's time. */
const PATIENCE = 5;
/** A daemon that has lived for so long, in seconds, starts again at once when it ends. */
const SETTLED = 61;

const wanted = needsImage('kea-dhcp4', 'kea-dhcp6', 'unbound', 'udhcpc', 'radvd', 'dig', 'curl');

t.test('IN-02 what is killed is there again, and the home online, within 5 s', wanted, async (t) => {
  const site = new ApplianceSite(1, { image: MADE_IMAGE, countInstructions: true });
  t.teardown(() => site.stop());
  await site.startProvider();
  const program = await site.router.start({});
  const clock = new VirtualClock(site.router.machine);
  t.teardown(() => clock.stop());
  site.startClients();
  try {
    await until('the home is online', BOOT_MS, () => isOnline(site));
    await until('all daemons run', BOOT_MS, async () => (await pids(site)).size === daemons.length + 1);
    await hasAllModules(t, site);

    for (const name of daemons) {
      await t.test(`${name} is killed`, (t) => killed(t, site, clock, [name]));
    }
    const since = await clock.seconds();
    await until('everybody has settled', 300_000, async () => (await clock.seconds()) - since > SETTLED);
    await t.test('all are killed', (t) => killed(t, site, clock, daemons));
    await t.test('the supervisor is killed', (t) => killed(t, site, clock, ['init']));
  } catch (error) {
    t.comment(program.output.slice(-60).join('\n'));
    throw error;
  }
});

/** Kills daemons at once, waits for the home to be online again, and looks who runs then. */
async function killed(t: Test, site: ApplianceSite, clock: VirtualClock, names: readonly string[]): Promise<void> {
  const before = await pids(site);
  const victims = names.map((name) => before.get(name)?.[0]);
  const start = await clock.seconds();
  await site.router.output(`kill -9 ${victims.join(' ')}`);
  await until('the home is online', 60_000, () => isOnline(site));
  const online = (await clock.seconds()) - start;
  const after = await until('all daemons run, each once', 60_000, async () => {
    const found = await pids(site);
    const isNew = names.every((name) => found.has(name) && !found.get(name)?.some((pid) => victims.includes(pid)));
    return (
      isNew && found.size === daemons.length + 1 && [...found.values()].every(({ length }) => length === 1) && found
    );
  });
  const running = (await clock.seconds()) - start;
  t.comment(`online after ${online.toFixed(2)} s, all run after ${running.toFixed(2)} s`);
  t.ok(online <= PATIENCE, `the home is online after ${online.toFixed(2)} s`);
  t.ok(running <= PATIENCE, `what was killed runs after ${running.toFixed(2)} s`);
  for (const [name, [pid]] of before) {
    if (!names.includes(name)) t.equal(after.get(name)?.[0], pid, `${name} was left alone`);
  }
}

/** Whether a computer at home gets a lease, resolves a name that nobody has asked for, and reaches the Internet by both families. */
async function isOnline({ home }: ApplianceSite): Promise<boolean> {
  const [client] = home.clients;
  if (client === undefined) return false;
  const name = `x${Math.round(performance.now())}.wild.lab.example`;
  const curl = ['--silent', '--fail', '--max-time', '3', '--output', '/dev/null'];
  const [, answer] = await Promise.all([
    client.run('udhcpc', ['-f', '-n', '-q', '-i', 'eth0', '-s', '/bin/true', '-t', '6', '-T', '1']),
    client.run('dig', [`@${Address.lan}`, '+time=2', '+tries=1', name]),
    client.run('curl', [...curl, `http://${Address.web}/`]),
    client.run('curl', [...curl, `http://[${Address6.web}]/`]),
  ]);
  return answer.includes('status: NOERROR');
}

/** Process ids by names, of the daemons and the supervisor. */
async function pids({ router }: ApplianceSite): Promise<Map<string, number[]>> {
  const found = new Map<string, number[]>();
  for (const { name, pid } of await router.processes()) found.set(name, [...(found.get(name) ?? []), pid]);
  return found;
}

/** What the router needs of its kernel is there; what this machine has no card or board for, as a file. */
async function hasAllModules(t: Test, { router }: ApplianceSite): Promise<void> {
  const rules =
    'nf_tables nft_flow_offload nf_flow_table nft_ct nft_nat nft_masq nft_fib_inet nft_limit nft_reject_inet';
  const links = 'wireguard 8021q bridge veth tun pppoe ppp_generic sch_cake ifb e1000e virtio_net ext4 vfat';
  for (const name of `${rules} ${links}`.split(' ')) {
    const { status, output } = await router.run(`modprobe -q ${name}`);
    t.equal(status, 0, `kernel module ${name} ${output}`);
  }
  for (const name of 'igb sp5100_tco i6300esb leds_gpio k10temp xhci_pci sdhci_pci nvme ahci'.split(' ')) {
    const { status } = await router.run(
      `grep -q '/${name.replaceAll('_', '[-_]')}[.]ko[^:]*:' /lib/modules/*/modules.dep`,
    );
    t.equal(status, 0, `kernel module ${name}`);
  }
  for (const words of ['link lan0 name v7 type vlan id 7', 'name br7 type bridge', 'name wg7 type wireguard']) {
    const { status, output } = await router.run(`ip link add ${words}`);
    t.equal(status, 0, `ip link add ${words} ${output}`);
  }
  for (const name of ['v7', 'br7', 'wg7']) await router.run(`ip link del ${name}`);
}

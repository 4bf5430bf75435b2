import { execFileSync } from 'node:child_process';
import { copyFileSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readModuleDependencies } from './module-dependencies.ts';
import { withoutSignature } from './module-signature.ts';

/** What it takes to read the root partition, wherever it is. */
export const DISK_MODULES: readonly string[] = [
  'squashfs',
  'ahci',
  'ata_piix',
  'ehci_pci',
  'mmc_block',
  'nvme',
  'sd_mod',
  'sdhci_acpi',
  'sdhci_pci',
  'uas',
  'usb_storage',
  'virtio_blk',
  'virtio_pci',
  'virtio_scsi',
  'xhci_pci',
];

/** Everything else that a router needs, by name or by a pattern of paths below the kernel's folder. */
export const ROUTER_MODULES: readonly string[] = [
  // file systems of /perm and of the boot partition
  'ext4',
  'vfat',
  'nls_ascii',
  'nls_cp437',
  'nls_utf8',
  'crc32c_generic',
  'crc32c_intel',
  // network cards
  'e1000',
  'e1000e',
  'igb',
  'igc',
  'ixgbe',
  'r8169',
  'realtek',
  'virtio_net',
  'vmxnet3',
  'cdc_ether',
  'cdc_mbim',
  'cdc_ncm',
  'qmi_wwan',
  'ax88179_178a',
  'r8152',
  // links
  '8021q',
  'bonding',
  'bridge',
  'dummy',
  'ifb',
  'macvlan',
  'tun',
  'veth',
  'wireguard',
  'ppp_async',
  'ppp_synctty',
  'pppoe',
  'ip_gre',
  'ip6_gre',
  'ip6_tunnel',
  'ipip',
  'sit',
  // the firewall, and looking at what goes through it
  'kernel/net/netfilter/nf_*.ko',
  'kernel/net/netfilter/nft_*.ko',
  'kernel/net/netfilter/nfnetlink*.ko',
  'kernel/net/ipv4/netfilter/nf*.ko',
  'kernel/net/ipv6/netfilter/nf*.ko',
  'kernel/net/bridge/netfilter/nf*.ko',
  'inet_diag',
  'tcp_diag',
  'udp_diag',
  'af_packet_diag',
  // queues
  'sch_cake',
  'sch_fq',
  'sch_htb',
  'sch_ingress',
  'act_ctinfo',
  'act_mirred',
  'act_skbedit',
  'cls_flower',
  'cls_fw',
  'cls_matchall',
  'cls_u32',
  'tcp_bbr',
  // the board
  'acpi_cpufreq',
  'button',
  'coretemp',
  'efi_pstore',
  'efivarfs',
  'evdev',
  'fam15h_power',
  'gpio_amd_fch',
  'gpio_keys',
  'gpio_keys_polled',
  'hid_generic',
  'i2c_i801',
  'i2c_piix4',
  'i6300esb',
  'iTCO_wdt',
  'jc42',
  'k10temp',
  'leds_apu',
  'leds_gpio',
  'ledtrig_default_on',
  'ledtrig_heartbeat',
  'ledtrig_netdev',
  'ledtrig_timer',
  'nct6775',
  'nct6683',
  'pcengines_apuv2',
  'ramoops',
  'sp5100_tco',
  'usbhid',
  'virtio_balloon',
  'virtio_console',
  'virtio_rng',
  'wdat_wdt',
];

/** Beside the modules, what depmod(8) reads. */
const KERNEL_LISTS = ['modules.builtin', 'modules.builtin.modinfo', 'modules.order'];
/** Of what depmod makes, busybox reads these. */
const MODPROBE_LISTS = ['modules.alias', 'modules.dep', 'modules.softdep', 'modules.symbols'];

/**
 * Copies chosen modules of a kernel with all that they need, without signatures, and makes the lists that modprobe goes by.
 *
 * @param from a folder that has lib/modules/RELEASE
 * @param to the same of the copy; made when it is not there
 * @throws Error that names a module which is not there, or a pattern that nothing matches
 */
export function copyModules(from: string, to: string, release: string, chosen: readonly string[]): void {
  const home = `lib/modules/${release}`;
  const names = chosen.flatMap((name) => {
    if (!name.includes('*')) return [name];
    const found = globSync(name, { cwd: join(from, home) }).sort();
    if (found.length === 0) throw new Error(`the kernel has no modules ${name}`);
    return found;
  });
  const paths = readModuleDependencies(join(from, home)).inOrder(names);
  for (const path of [...paths, ...KERNEL_LISTS]) mkdirSync(dirname(join(to, home, path)), { recursive: true });
  for (const path of paths) writeFileSync(join(to, home, path), withoutSignature(readFileSync(join(from, home, path))));
  for (const path of KERNEL_LISTS) copyFileSync(join(from, home, path), join(to, home, path));
  makeModuleLists(to, release);
  for (const name of globSync('modules.*', { cwd: join(to, home) })) {
    if (!MODPROBE_LISTS.includes(name)) rmSync(join(to, home, name));
  }
}

/** Runs depmod(8) for a folder that has lib/modules/RELEASE. */
export function makeModuleLists(folder: string, release: string): void {
  execFileSync('depmod', ['-b', folder, release], { env: { PATH: '/usr/sbin:/sbin:/usr/bin:/bin', LC_ALL: 'C' } });
}

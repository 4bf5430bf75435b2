import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Address, HardwareAddress } from './home.ts';
import { PASSWORD, type RouterSettings } from './router.ts';

/** Writes to a folder what the lab's router is to find in /perm at first. */
export function writePermFiles(folder: string, settings: RouterSettings): void {
  const json = (name: string, content: object): void => writeFileSync(join(folder, name), permJson(content));
  mkdirSync(folder, { recursive: true });
  json('interfaces.json', {
    interfaces: [
      { hardware_addr: HardwareAddress.uplink, name: 'uplink0' },
      { hardware_addr: HardwareAddress.lan, name: 'lan0', addr: Address.lanPrefix },
    ],
  });
  if (settings.addresses6 === true) json('dhcp6d.json', { interfaces: { lan0: { addresses: true } } });
  if (settings.firewall !== undefined) json('firewall.json', settings.firewall);
  if (settings.dns !== undefined) json('dns.json', settings.dns);
  if (settings.duid !== undefined) {
    const path = join(folder, 'dhcp6/duid');
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, settings.duid);
  }
  writeFileSync(join(folder, 'gokr-pw.txt'), `${PASSWORD}\n`, { mode: 0o600 });
}

/** Text of a configuration file. */
export function permJson(content: object): string {
  return `${JSON.stringify(content, null, 2)}\n`;
}

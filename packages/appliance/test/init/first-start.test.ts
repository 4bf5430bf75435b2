import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { defaultInterfaces, ethernetCards, firstStart } from '../../src/init/first-start.ts';
import { parseInterfaces } from '../../src/state/interfaces.ts';

/** Makes a folder that looks like a machine with these interfaces. */
function machine(folder: string, links: Readonly<Record<string, { path: string; type?: string; wireless?: boolean }>>) {
  mkdirSync(join(folder, 'sys/class/net'), { recursive: true });
  mkdirSync(join(folder, 'perm'));
  for (const [index, [name, { path, type = '1', wireless = false }]] of Object.entries(links).entries()) {
    const place = join(folder, 'sys/devices', path, 'net', name);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'type'), `${type}\n`);
    writeFileSync(join(place, 'flags'), '0x1002\n');
    writeFileSync(join(place, 'address'), `02:00:00:00:00:0${index}\n`);
    if (wireless) mkdirSync(join(place, 'phy80211'));
    symlinkSync(place, join(folder, 'sys/class/net', name));
  }
  return folder;
}

t.test('cards are counted by their place on the PCI bus, and only cards are', (t) => {
  const root = machine(t.testdir(), {
    lo: { path: 'virtual', type: '772' },
    eth0: { path: 'pci0000:00/0000:00:10.0/usb1/1-1' },
    eth1: { path: 'pci0000:00/0000:00:02.4/0000:03:00.0' },
    eth2: { path: 'pci0000:00/0000:00:02.2/0000:01:00.0' },
    wlan0: { path: 'pci0000:00/0000:00:02.1/0000:05:00.0', wireless: true },
    dummy0: { path: 'virtual' },
    eth3: { path: 'pci0000:00/0000:00:02.3/0000:02:00.0/virtio1' },
  });
  const addresses = ethernetCards(root).map(({ hardwareAddress }) => hardwareAddress);
  t.same(addresses, ['02:00:00:00:00:03', '02:00:00:00:00:06', '02:00:00:00:00:02', '02:00:00:00:00:01']);
  t.end();
});

t.test('IM-09 a new router gets a configuration that works, and a password', (t) => {
  const root = machine(t.testdir({ etc: { router7: { 'first-start.json': '{"lanAddress":"10.1.2.1/24"}' } } }), {
    eth0: { path: 'pci0000:00/0000:00:02.0' },
    eth1: { path: 'pci0000:00/0000:00:03.0' },
    eth2: { path: 'pci0000:00/0000:00:04.0' },
  });
  writeFileSync(join(root, 'perm/.interfaces.json.tmp-1-0'), 'half of i');
  const told: string[] = [];
  firstStart((line) => told.push(line), root);
  const text = readFileSync(join(root, 'perm/interfaces.json'), 'utf8');
  const { value, warnings } = parseInterfaces(text, 'interfaces.json');
  t.same(warnings, []);
  t.match(value, {
    interfaces: [
      { name: 'uplink0', hardware_addr: '02:00:00:00:00:00' },
      { name: 'lan0', addr: '10.1.2.1/24' },
    ],
    bridges: [{ name: 'lan0', interface_hardware_addrs: ['02:00:00:00:00:01', '02:00:00:00:00:02'] }],
  });
  const password = readFileSync(join(root, 'perm/gokr-pw.txt'), 'utf8').trim();
  t.match(password, /^([a-z2-9]{4}-){3}[a-z2-9]{4}$/);
  t.equal(statSync(join(root, 'perm/gokr-pw.txt')).mode & 0o777, 0o600);
  t.match(told, [/uplink0 is 02:00:00:00:00:00/, new RegExp(password)]);
  t.same(readdirSync(join(root, 'perm')).sort(), ['gokr-pw.txt', 'interfaces.json'], 'nothing else is left');

  firstStart((line) => told.push(line), root);
  t.equal(readFileSync(join(root, 'perm/interfaces.json'), 'utf8'), text);
  t.equal(readFileSync(join(root, 'perm/gokr-pw.txt'), 'utf8').trim(), password);
  t.equal(told.length, 2, 'the second start makes nothing');
  t.end();
});

t.test('IM-09 what is there stays: a password of the image, a configuration of somebody', (t) => {
  const root = machine(t.testdir({ etc: { 'gokr-pw.txt': 'mine' } }), { eth0: { path: 'pci0000:00/0000:00:02.0' } });
  writeFileSync(join(root, 'perm/interfaces.json'), '{ not even JSON');
  firstStart(() => {}, root);
  t.same(readdirSync(join(root, 'perm')), ['interfaces.json']);
  t.equal(readFileSync(join(root, 'perm/interfaces.json'), 'utf8'), '{ not even JSON');
  t.end();
});

t.test('IM-09 a password file without a password is none', (t) => {
  const root = machine(t.testdir({}), {});
  writeFileSync(join(root, 'perm/gokr-pw.txt'), '');
  firstStart(() => {}, root);
  t.match(readFileSync(join(root, 'perm/gokr-pw.txt'), 'utf8'), /^\S{19}\n$/);
  t.end();
});

t.test('a router without cards, and one whose disk cannot be written, starts all the same', (t) => {
  t.equal(defaultInterfaces([], '192.168.42.1/24'), undefined);
  const told: string[] = [];
  const root = machine(t.testdir({ etc: { 'gokr-pw.txt': 'mine' } }), {});
  firstStart((line) => told.push(line), root);
  t.match(told, [/no network card/]);
  firstStart((line) => told.push(line), join(root, 'nowhere'));
  t.match(told.slice(1), [/interfaces.json could not be made/, /gokr-pw.txt could not be made/]);
  t.end();
});

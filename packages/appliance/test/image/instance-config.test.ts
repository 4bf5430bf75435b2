import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { parseSerialPort } from '../../src/image/boot/serial-port.ts';
import { type InstanceConfig, readInstanceConfig } from '../../src/image/instance-config.ts';
import { webSettingsFiles } from '../../src/image/root/web-settings.ts';
import { StateError } from '../../src/state/state-file.ts';

/** Reads this as config.json; what is said of it without the file's name. */
function read(t: Test, content: object | string, files: Readonly<Record<string, string>> = {}): InstanceConfig {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  const path = join(t.testdir({ ...files, 'config.json': text }), 'config.json');
  try {
    const config = readInstanceConfig(path);
    return { ...config, notTaken: config.notTaken.map((line) => line.replace(`${path}: `, '')) };
  } catch (error) {
    if (!(error instanceof StateError)) throw error;
    throw new StateError(error.code, 'config.json', error.message.replace(`${path}: `, ''));
  }
}

t.test('IM-08 an instance of router7 is taken over without a word', (t) => {
  const config = read(t, {
    Hostname: 'router7',
    Update: { HTTPPassword: 'secret', HTTPPort: '1080', HTTPSPort: '', UseTLS: '' },
    Packages: [
      ...['dhcp4', 'dhcp4d', 'dhcp6', 'dnsd', 'netconfigd', 'radvd'].map(
        (name) => `github.com/rtr7/router7/cmd/${name}`,
      ),
      'github.com/gokrazy/serial-busybox',
    ],
    GokrazyPackages: ['github.com/gokrazy/gokrazy/cmd/ntp', 'github.com/gokrazy/gokrazy/cmd/randomd'],
    Environment: ['GOOS=linux', 'GOARCH=amd64'],
    SerialConsole: 'ttyS0,115200',
    KernelExtraArgs: ['pcie_aspm=off', ' nohz=off  threadirqs '],
    MountDevices: null,
    FirmwarePackage: '',
    BootloaderExtraLines: [],
    InternalCompatibilityFlags: {},
  });
  t.same(config, {
    hostname: 'router7',
    password: 'secret',
    boot: { serial: { unit: 0, speed: 115_200 }, kernelArguments: ['pcie_aspm=off', 'nohz=off', 'threadirqs'] },
    web: { httpPort: 1080, httpsPort: undefined, tls: undefined },
    notTaken: [],
  });
  t.same(read(t, { Hostname: 'r' }), {
    hostname: 'r',
    password: undefined,
    boot: { serial: { unit: 0, speed: 115_200 }, kernelArguments: [] },
    web: { httpPort: undefined, httpsPort: undefined, tls: undefined },
    notTaken: [],
  });
  t.end();
});

t.test('IM-08 what is not taken over is told, a line each', (t) => {
  const { notTaken } = read(t, {
    Hostname: 'router7',
    Packages: [
      'github.com/rtr7/router7/cmd/dnsd',
      'github.com/gokrazy/breakglass',
      'github.com/rtr7/router7/cmd/backupd',
      'example.org/fork/router7/cmd/dnsd',
      5,
    ],
    PackageConfig: {
      'github.com/gokrazy/breakglass': { CommandLineFlags: ['-forward=loopback'] },
      'github.com/rtr7/router7/cmd/dnsd': { CommandLineFlags: ['-x'], WaitForClock: true },
      'github.com/gokrazy/gokrazy/cmd/randomd': { ExtraFileContents: { '/etc/machine-id': 'x' } },
      'github.com/rtr7/router7/cmd/radvd': null,
    },
    Update: { Hostname: '10.0.0.1', NoPassword: true, UseTLS: 'self-signed' },
    Environment: ['GOARCH=arm64'],
    GokrazyPackages: ['github.com/gokrazy/gokrazy/cmd/heartbeat'],
    MountDevices: [
      { Source: '/dev/sdb1', Type: 'ext4', Target: '/mnt/usb', Options: '' },
      { Source: '/dev/sda4', Type: 'ext4', Target: '/perm' },
    ],
    DeviceType: 'rock64',
    KernelPackage: 'github.com/rtr7/kernel',
    BootloaderExtraLines: ['dtoverlay=w1-gpio'],
    InternalCompatibilityFlags: { Sudo: 'always' },
    hostname: 'x',
  });
  t.same(notTaken, [
    'Packages[4]: found 5, expected a string; Packages[4] passed over',
    'hostname: unknown key, passed over',
    'Packages[1]: github.com/gokrazy/breakglass is not in the image',
    'Packages[2]: github.com/rtr7/router7/cmd/backupd is not in the image',
    'Packages[3]: example.org/fork/router7/cmd/dnsd is not in the image',
    'GokrazyPackages[0]: github.com/gokrazy/gokrazy/cmd/heartbeat is not in the image',
    'PackageConfig["github.com/rtr7/router7/cmd/dnsd"].CommandLineFlags: not taken over',
    'PackageConfig["github.com/rtr7/router7/cmd/dnsd"].WaitForClock: not taken over',
    'PackageConfig["github.com/gokrazy/gokrazy/cmd/randomd"].ExtraFileContents: not taken over',
    'MountDevices[0]: /dev/sdb1 is not mounted at /mnt/usb: the image mounts /perm of its own disk alone',
    'Environment[0]: GOARCH=arm64 not taken over: the image is for PCs of 64 bits, and has no Go programs',
    'DeviceType: not taken over: the image is for PCs of 64 bits',
    'KernelPackage: not taken over: the kernel is Debian’s',
    'BootloaderExtraLines: not taken over: the image is for PCs',
    'InternalCompatibilityFlags: not taken over: see --out and --disk-size',
    'Update.Hostname: not taken over: it tells gok alone where the router is',
    'Update.NoPassword: not taken over: the router makes a password on its first start',
    'Update.UseTLS: no certificate is made: one can be put into /perm/ssl',
  ]);
  t.end();
});

t.test('IM-08 a file that makes no sense is refused with one line', (t) => {
  const rows: readonly { content: object | string; line: RegExp }[] = [
    { content: '{"Hostname": ', line: /^config.json: found .*JSON.*, expected JSON$/ },
    { content: '', line: /^config.json: found an empty file, expected JSON$/ },
    { content: '[]', line: /^config.json: the whole: found \[\], expected an object$/ },
    { content: {}, line: /^config.json: Hostname: found nothing, expected a string$/ },
    {
      content: { Hostname: 'a.b' },
      line: /^config.json: Hostname: found "a.b", expected letters, digits and hyphens$/,
    },
    ...[{ HTTPPort: 1080 }, { HTTPPort: '0' }, { HTTPSPort: '65536' }, { HTTPSPort: 'https' }].map((Update) => ({
      content: { Hostname: 'r', Update },
      line: /^config.json: Update.HTTPS?Port: found "?\w+"?, expected (a string|a port from 1 to 65535, as a text, or "")$/,
    })),
    {
      content: { Hostname: 'r', Update: { UseTLS: 'on' } },
      line: /^config.json: Update.UseTLS: found "on", expected one of "", "off", "self-signed"$/,
    },
    {
      content: { Hostname: 'r', SerialConsole: 'ttyAMA0' },
      line: /^config.json: SerialConsole: found "ttyAMA0", expected "disabled", "off" or a port such as "ttyS0,115200", or ""$/,
    },
    ...[['a"b"'], [5], ['quiet', 'a\\']].map((KernelExtraArgs) => ({
      content: { Hostname: 'r', KernelExtraArgs },
      line: /^config.json: KernelExtraArgs: found \[.*\], expected a list of texts of ASCII without quotation marks and backslashes$/,
    })),
    ...['two\nlines', ' secret', 12_345].map((HTTPPassword) => ({
      content: { Hostname: 'r', Update: { HTTPPassword } },
      line: /^config.json: Update.HTTPPassword: found a (text of several lines or with blanks around it|number), expected a text of one line$/,
    })),
    {
      content: { Hostname: 'r', Update: { CertPEM: 'cert.pem' } },
      line: /^config.json: Update.KeyPEM: found nothing, expected the key of Update.CertPEM$/,
    },
    {
      content: { Hostname: 'r', Update: { KeyPEM: 'key.pem' } },
      line: /^config.json: Update.CertPEM: found nothing, expected the certificate of Update.KeyPEM$/,
    },
  ];
  for (const { content, line } of rows) {
    t.throws(() => read(t, content), { name: 'StateError', message: line }, `${JSON.stringify(content)}`);
  }
  t.throws(() => readInstanceConfig('/nowhere/config.json'), {
    message: /^\/nowhere\/config.json: found nothing to read .*$/,
  });
  t.end();
});

t.test('IM-08 SerialConsole', (t) => {
  const rows: readonly [text: string, port: ReturnType<typeof parseSerialPort>][] = [
    ['ttyS0,115200', { unit: 0, speed: 115_200 }],
    ['ttyS1,9600n8', { unit: 1, speed: 9600 }],
    // What gok writes when nothing is said.
    ['serial0,115200', { unit: 0, speed: 115_200 }],
    ['ttyS0', { unit: 0, speed: 9600 }],
    ['serial1,115200', undefined],
    ['ttyS4,115200', undefined],
    ['ttyS0,12345', undefined],
    ['ttyS0,115200;reboot', undefined],
  ];
  for (const [text, port] of rows) t.same(parseSerialPort(text), port, text);
  for (const SerialConsole of ['disabled', 'off']) {
    t.equal(read(t, { Hostname: 'r', SerialConsole }).boot.serial, undefined, SerialConsole);
  }
  t.same(read(t, { Hostname: 'r', SerialConsole: '' }).boot.serial, { unit: 0, speed: 115_200 });
  t.end();
});

t.test('IM-08 certificate and key, from beside the file', (t) => {
  const folder = t.testdir({});
  const [CertPEM, KeyPEM] = ['cert.pem', 'key.pem'];
  const options = '-x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=router7 -days 30'.split(' ');
  const paths = ['-keyout', join(folder, KeyPEM), '-out', join(folder, CertPEM)];
  execFileSync('openssl', ['req', ...options, ...paths], { stdio: 'ignore' });
  const [cert, key] = [CertPEM, KeyPEM].map((name) => readFileSync(join(folder, name), 'utf8')) as [string, string];
  const files = { [CertPEM]: cert, [KeyPEM]: key };
  const config = (Update: object): object => ({ Hostname: 'r', Update });
  t.same(read(t, config({ CertPEM, KeyPEM }), files).web.tls, { certificate: cert, key });
  const selfSigned = read(t, config({ CertPEM, KeyPEM, UseTLS: 'self-signed' }), files);
  t.same([selfSigned.web.tls?.key, selfSigned.notTaken], [key, []]);
  t.equal(read(t, config({ CertPEM, KeyPEM, UseTLS: 'off' }), files).web.tls, undefined);
  const refused = (contents: Readonly<Record<string, string>>, line: RegExp): void => {
    t.throws(() => read(t, config({ CertPEM, KeyPEM }), contents), { name: 'StateError', message: line });
  };
  refused({}, /: Update.CertPEM: found .*cert.pem \(no such file\), expected a certificate and its key, in PEM$/);
  refused({ [CertPEM]: cert }, /: Update.KeyPEM: found .*key.pem \(ENOENT/);
  refused({ ...files, [CertPEM]: 'garbage' }, /: Update.CertPEM: found .*cert.pem \(/);
  refused({ ...files, [KeyPEM]: cert }, /: Update.KeyPEM: found .*key.pem \(/);
  t.end();
});

t.test('IM-08 the files of the image that say how its pages are reached', (t) => {
  t.same(webSettingsFiles({}), []);
  const tls = { certificate: 'certificate', key: 'key' };
  t.same(webSettingsFiles({ httpPort: 1080, httpsPort: 8443, tls }), [
    { path: 'etc/http-port.txt', text: '1080\n', mode: 0o644 },
    { path: 'etc/https-port.txt', text: '8443\n', mode: 0o644 },
    { path: 'etc/ssl/gokrazy-web.pem', text: 'certificate', mode: 0o644 },
    { path: 'etc/ssl/gokrazy-web.key.pem', text: 'key', mode: 0o600 },
  ]);
  t.end();
});

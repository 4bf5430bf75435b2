import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { services } from '../init/services.ts';
import { listOf, parseState, StateError, textOf, textOrEmpty } from '../state/state-file.ts';
import { readCertificates } from '../web/certificate.ts';
import { type BootSettings, isKernelArgument } from './boot/grub-configuration.ts';
import { parseSerialPort, type SerialPort, USUAL_PORT } from './boot/serial-port.ts';
import type { WebSettings } from './root/web-settings.ts';

/*
 * config.json of a gokrazy instance (https://gokrazy.org/userguide/instance-config/), for a household that moves over: what makes
 * sense here is taken over, and of the rest it is said what it was. docs/appliance/image.md has the list.
 */

/** What is taken over from such a file. */
export interface InstanceConfig {
  readonly hostname: string;
  /** For the web. */
  readonly password: string | undefined;
  readonly boot: BootSettings;
  readonly web: WebSettings;
  /** One line each, with the file: what is not taken over. */
  readonly notTaken: readonly string[];
}

/** Router7's own daemons; those of the name are in every image. */
const DAEMONS = 'github.com/rtr7/router7/cmd/';
/** What the image has by other names: the DHCP client, ntpd, the supervisor's random seed, busybox, mke2fs. */
const BY_OTHER_NAMES: readonly string[] = [
  'github.com/gokrazy/gokrazy/cmd/dhcp',
  'github.com/gokrazy/gokrazy/cmd/ntp',
  'github.com/gokrazy/gokrazy/cmd/randomd',
  'github.com/gokrazy/mkfs',
  'github.com/gokrazy/serial-busybox',
];

/** Keys that mean nothing here, whatever they say, and why. */
const ELSEWHERE = {
  DeviceType: 'the image is for PCs of 64 bits',
  KernelPackage: 'the kernel is Debian’s',
  FirmwarePackage: 'the boot loader is Debian’s',
  EEPROMPackage: 'the image is for PCs',
  BootloaderExtraLines: 'the image is for PCs',
  InternalCompatibilityFlags: 'see --out and --disk-size',
} as const;
/** What a Go program is made for; this is what the image is for as well. */
const TARGET: readonly string[] = ['GOOS=linux', 'GOARCH=amd64'];

const text = z.string().nullish();
const port = textOrEmpty('a port from 1 to 65535, as a text', (digits) => {
  if (!/^[1-9]\d{0,4}$/.test(digits) || Number(digits) > 65_535) throw new RangeError(digits);
}).nullish();

/** @throws RangeError when the kernel and the network would not take it */
export function checkHostname(name: string): void {
  if (!/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(name)) throw new RangeError(name);
}

const words = (list: readonly unknown[]): readonly string[] =>
  list.flatMap((entry) => (typeof entry === 'string' ? entry.split(' ').filter((word) => word !== '') : ['"']));

const schema = z.strictObject({
  Hostname: textOf('letters, digits and hyphens', checkHostname),
  Packages: listOf(z.string()),
  PackageConfig: z.record(z.string(), z.record(z.string(), z.unknown()).nullish()).nullish(),
  Update: z
    .strictObject({
      Hostname: text,
      UseTLS: z.enum(['', 'off', 'self-signed']).nullish(),
      NoPassword: z.boolean().nullish(),
      HTTPPort: port,
      HTTPSPort: port,
      HTTPPassword: z.unknown().optional(),
      CertPEM: text,
      KeyPEM: text,
    })
    .nullish(),
  Environment: listOf(z.string()),
  GokrazyPackages: listOf(z.string()),
  SerialConsole: textOrEmpty('"disabled", "off" or a port such as "ttyS0,115200"', (name) => {
    if (name !== 'disabled' && name !== 'off' && parseSerialPort(name) === undefined) throw new RangeError(name);
  }).nullish(),
  KernelExtraArgs: z
    .array(z.unknown())
    .refine((list) => words(list).every(isKernelArgument), {
      error: 'a list of texts of ASCII without quotation marks and backslashes',
    })
    .transform(words)
    .nullish(),
  MountDevices: listOf(z.looseObject({ Source: text, Target: text })),
  DeviceType: text,
  KernelPackage: text,
  FirmwarePackage: text,
  EEPROMPackage: text,
  BootloaderExtraLines: listOf(z.unknown()),
  InternalCompatibilityFlags: z.record(z.string(), z.unknown()).nullish(),
});
type File = z.infer<typeof schema>;

/**
 * Reads an instance's config.json, and the certificate and key that it names.
 *
 * @throws StateError of one line: file, place in it, what was found, what was expected
 */
export function readInstanceConfig(path: string): InstanceConfig {
  const { value, warnings } = parseState(schema, readText(path), path);
  const { Update: update } = value;
  return {
    hostname: value.Hostname,
    password: passwordOf(update?.HTTPPassword, path),
    boot: { serial: serialOf(value.SerialConsole), kernelArguments: value.KernelExtraArgs ?? [] },
    web: {
      httpPort: Number(update?.HTTPPort) || undefined,
      httpsPort: Number(update?.HTTPSPort) || undefined,
      tls: certificateOf(update, path),
    },
    notTaken: [...warnings, ...notTaken(value).map((line) => `${path}: ${line}`)],
  };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new StateError('not-json', path, `found nothing to read (${(error as Error).message}), expected JSON`);
  }
}

/** Its value is never told. */
function passwordOf(found: unknown, path: string): string | undefined {
  if (found === undefined || found === null || found === '') return undefined;
  if (typeof found === 'string' && found === found.trim() && !/[\r\n]/.test(found)) return found;
  const kind = typeof found === 'string' ? 'a text of several lines or with blanks around it' : `a ${typeof found}`;
  throw new StateError('not-valid', path, `Update.HTTPPassword: found ${kind}, expected a text of one line`);
}

function serialOf(found: string | null | undefined): SerialPort | undefined {
  if (!found) return USUAL_PORT;
  return parseSerialPort(found);
}

/** Paths are relative to the file's folder. */
function certificateOf(update: File['Update'], path: string): WebSettings['tls'] {
  const { CertPEM: certificate, KeyPEM: key, UseTLS: useTls } = update ?? {};
  if (useTls === 'off' || (!certificate && !key)) return undefined;
  const fail = (place: string, found: string, expected: string): never => {
    throw new StateError('not-valid', path, `Update.${place}: found ${found}, expected ${expected}`);
  };
  if (!certificate) return fail('CertPEM', 'nothing', 'the certificate of Update.KeyPEM');
  if (!key) return fail('KeyPEM', 'nothing', 'the key of Update.CertPEM');
  const files = { certificate: resolve(dirname(path), certificate), key: resolve(dirname(path), key) };
  const { good, broken: found } = readCertificates([files], Date.now());
  if (good === undefined) {
    // It passes a pair over of which nothing is there.
    const [broken = { file: files.certificate, why: 'no such file' }] = found;
    const place = broken.file === files.key ? 'KeyPEM' : 'CertPEM';
    return fail(place, `${broken.file} (${broken.why})`, 'a certificate and its key, in PEM');
  }
  return { certificate: readText(files.certificate), key: readText(files.key) };
}

function notTaken(file: File): readonly string[] {
  const { Update: update } = file;
  const lines: string[] = [];
  for (const list of ['Packages', 'GokrazyPackages'] as const) {
    for (const [index, path] of file[list].entries()) {
      if (!isInImage(path)) lines.push(`${list}[${index}]: ${path} is not in the image`);
    }
  }
  for (const [path, settings] of Object.entries(file.PackageConfig ?? {})) {
    // Of one that is not there that has been said, or it was not to be there.
    if (!isInImage(path)) continue;
    for (const key of Object.keys(settings ?? {}))
      lines.push(`PackageConfig[${JSON.stringify(path)}].${key}: not taken over`);
  }
  for (const [index, { Source, Target }] of file.MountDevices.entries()) {
    if (Target === '/perm') continue;
    lines.push(
      `MountDevices[${index}]: ${Source} is not mounted at ${Target}: the image mounts /perm of its own disk alone`,
    );
  }
  for (const [index, setting] of file.Environment.entries()) {
    if (TARGET.includes(setting)) continue;
    lines.push(
      `Environment[${index}]: ${setting} not taken over: the image is for PCs of 64 bits, and has no Go programs`,
    );
  }
  for (const [key, why] of Object.entries(ELSEWHERE) as [keyof typeof ELSEWHERE, string][]) {
    const value = file[key];
    if (value && Object.keys(value).length > 0) lines.push(`${key}: not taken over: ${why}`);
  }
  if (update?.Hostname) lines.push('Update.Hostname: not taken over: it tells gok alone where the router is');
  if (update?.NoPassword)
    lines.push('Update.NoPassword: not taken over: the router makes a password on its first start');
  if (update?.UseTLS === 'self-signed' && !update.CertPEM) {
    lines.push('Update.UseTLS: no certificate is made: one can be put into /perm/ssl');
  }
  return lines;
}

function isInImage(path: string): boolean {
  if (BY_OTHER_NAMES.includes(path)) return true;
  return path.startsWith(DAEMONS) && services.some(({ name }) => name === path.slice(DAEMONS.length));
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the web server finds what decides on it. A file of /perm stands before one of the image. */
export interface WebFiles {
  /** The password, first found; see `checkLogin`. */
  readonly passwords: readonly string[];
  /** Certificate and key, first found. */
  readonly certificates: readonly CertificateFiles[];
  readonly httpPorts: readonly string[];
  readonly httpsPorts: readonly string[];
}

/** A certificate (chain) and its private key, both in PEM. */
export interface CertificateFiles {
  readonly certificate: string;
  readonly key: string;
}

/** The files as gokrazy has them. @param root another folder in place of `/`, for tests */
export function webFiles(root: string = '/'): WebFiles {
  const inFolders = (name: string): readonly string[] => ['perm', 'etc', ''].map((folder) => join(root, folder, name));
  return {
    passwords: inFolders('gokr-pw.txt'),
    certificates: ['perm', 'etc'].map((folder) => ({
      certificate: join(root, folder, 'ssl/gokrazy-web.pem'),
      key: join(root, folder, 'ssl/gokrazy-web.key.pem'),
    })),
    httpPorts: inFolders('http-port.txt'),
    httpsPorts: inFolders('https-port.txt'),
  };
}

/** The port of the first file that has one; the usual one when none has. */
export function readPort(files: readonly string[], usual: number): number {
  for (const file of files) {
    try {
      const text = readFileSync(file, 'utf8').trim();
      if (/^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65_535) return Number(text);
    } catch {
      // The next one.
    }
  }
  return usual;
}

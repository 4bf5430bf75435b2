import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { isIP } from 'node:net';

/** A certificate and its key, PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** What a certificate is to say. */
export interface CertificateOptions {
  /** DNS names and IPv4 addresses that it is for; none for an authority. */
  readonly names: readonly string[];
  /** Who signs; itself when absent. */
  readonly authority?: Authority;
  readonly notAfter?: Date;
}

/** A throw-away certificate authority. */
export interface Authority extends Certificate {
  readonly name: string;
  readonly privateKey: KeyObject;
}

/** Makes an authority that signs {@link makeCertificate | certificates}. */
export function makeAuthority(name: string): Authority {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const extensions = [extension('551d13', sequence(der(0x01, [0xff])))];
  const cert = signedCertificate({ subject: name, issuer: name, publicKey, privateKey, extensions });
  return { name, privateKey, cert, key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })) };
}

/** Makes a server's certificate (RFC 5280), good from a day ago to tomorrow. */
export function makeCertificate({ names, authority, notAfter }: CertificateOptions): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const alternatives = names.map((name) =>
    isIP(name) === 4 ? der(0x87, name.split('.').map(Number)) : der(0x82, [...Buffer.from(name)]),
  );
  const cert = signedCertificate({
    subject: names[0] ?? '',
    issuer: authority?.name ?? names[0] ?? '',
    publicKey,
    privateKey: authority?.privateKey ?? privateKey,
    extensions: [extension('551d11', sequence(...alternatives))],
    notAfter,
  });
  return { cert, key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })) };
}

const DAY = 86_400_000;
const ECDSA_WITH_SHA256 = sequence(der(0x06, [...Buffer.from('2a8648ce3d040302', 'hex')]));

function signedCertificate(what: {
  readonly subject: string;
  readonly issuer: string;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
  readonly extensions: readonly number[][];
  readonly notAfter?: Date | undefined;
}): string {
  const notAfter = what.notAfter ?? new Date(Date.now() + DAY);
  const serial = [1, ...Buffer.from(crypto.getRandomValues(new Uint8Array(8)))];
  const body = sequence(
    der(0xa0, der(0x02, [2])),
    der(0x02, serial),
    ECDSA_WITH_SHA256,
    name(what.issuer),
    sequence(time(new Date(notAfter.getTime() - 2 * DAY)), time(notAfter)),
    name(what.subject),
    [...what.publicKey.export({ type: 'spki', format: 'der' })],
    der(0xa3, sequence(...what.extensions)),
  );
  const signature = sign('sha256', Uint8Array.from(body), what.privateKey);
  const octets = Buffer.from(sequence(body, ECDSA_WITH_SHA256, der(0x03, [0, ...signature])));
  return `-----BEGIN CERTIFICATE-----\n${octets.toString('base64')}\n-----END CERTIFICATE-----\n`;
}

function extension(oid: string, value: readonly number[]): number[] {
  return sequence(der(0x06, [...Buffer.from(oid, 'hex')]), der(0x04, value));
}

function name(commonName: string): number[] {
  const attribute = sequence(der(0x06, [...Buffer.from('550403', 'hex')]), der(0x0c, [...Buffer.from(commonName)]));
  return sequence(der(0x31, attribute));
}

function time(date: Date): number[] {
  return der(0x17, [
    ...Buffer.from(
      `${date
        .toISOString()
        .replace(/[-:T]|\.\d+/g, '')
        .slice(2)}`,
    ),
  ]);
}

function sequence(...members: readonly (readonly number[])[]): number[] {
  return der(0x30, members.flat());
}

function der(tag: number, value: readonly number[]): number[] {
  const { length } = value;
  if (length < 0x80) return [tag, length, ...value];
  return length < 0x100 ? [tag, 0x81, length, ...value] : [tag, 0x82, length >> 8, length & 0xff, ...value];
}

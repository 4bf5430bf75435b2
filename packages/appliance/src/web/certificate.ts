import { createHash, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import type { CertificateFiles } from './web-files.ts';

/** Certificate and key that a server can use. */
export interface Credentials {
  readonly tls: SecureContextOptions;
  /** Changes when the files have changed. */
  readonly digest: string;
  /** The end of its life, milliseconds since 1970. */
  readonly validTo: number;
}

/** What a look at the certificates' files has found. */
export interface CertificateLook {
  /** The first pair that a browser gets through by. */
  readonly good?: Credentials;
  /** Pairs before that one that are there and of no use. */
  readonly broken: readonly BrokenCertificate[];
}

/** A certificate or key that is there and of no use. */
export interface BrokenCertificate {
  readonly file: string;
  /** For the log. */
  readonly why: string;
}

/**
 * Reads certificates with their keys until one pair can be used.
 *
 * One that is not valid yet counts as good: more likely this machine's clock has not been set.
 *
 * @param wall milliseconds since 1970
 */
export function readCertificates(candidates: readonly CertificateFiles[], wall: number): CertificateLook {
  const broken: BrokenCertificate[] = [];
  for (const { certificate, key } of candidates) {
    if (!existsSync(certificate) && !existsSync(key)) continue;
    let file = certificate;
    try {
      const cert = readFileSync(certificate);
      const validTo = Date.parse(new X509Certificate(cert).validTo);
      if (wall > validTo) throw new Error(`expired on ${new Date(validTo).toISOString()}`);
      file = key;
      const tls: SecureContextOptions = { cert, key: readFileSync(key), minVersion: 'TLSv1.2' };
      // Throws when the two do not belong together.
      createSecureContext(tls);
      const digest = createHash('sha256').update(cert).update(readFileSync(key)).digest('hex');
      return { good: { tls, digest, validTo }, broken };
    } catch (error) {
      broken.push({ file, why: error instanceof Error ? error.message : String(error) });
    }
  }
  return { broken };
}

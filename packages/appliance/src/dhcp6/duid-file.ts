import { mkdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { encodeDuid, MAX_DUID_LENGTH } from '@router7/dhcp6';
import { type MacAddress, toHex } from '@router7/wire';
import { removeStaleTemporaries, writeFileAtomicSync } from '../runtime/atomic-file.ts';
import type { Log } from '../runtime/log.ts';
import type { Clock } from '../system/clock.ts';
import { errorCode } from '../system/libc.ts';

/** Under the state folder: the client's DUID, its octets as they are. */
export const DUID_FILE = 'duid';

/** Hardware type of IANA's registry. */
const ETHERNET = 1;
/** DUID-LLT counts from midnight UTC of 1 January 2000 (RFC 9915 section 11.2). */
const DUID_EPOCH = Date.UTC(2000, 0, 1);

/**
 * The client's DUID: what the file has, be it of an unknown type (D6C-02). Without one a DUID-LLT is made once and kept:
 * "Clients and servers using this type of DUID MUST store the DUID-LLT in stable storage, and MUST continue to use this
 * DUID-LLT even if the network interface used to generate [it] is removed" (RFC 9915 section 11.2; W-5, D6C-03).
 *
 * While it cannot be stored, or what is stored cannot be read, a DUID-LL stands in: with another DUID at every start the
 * provider would give another prefix each time.
 *
 * @param hardwareAddress of the interface, for a new one
 */
export function readDuid(file: string, hardwareAddress: MacAddress, clock: Clock, log: Log): Uint8Array {
  removeStaleTemporaries(file);
  const kept = keptDuid(file, clock, log);
  if (kept instanceof Uint8Array) return kept;
  const hardware = { hardwareType: ETHERNET, linkLayerAddress: hardwareAddress.toBytes() };
  const standIn = encodeDuid({ kind: 'linkLayer', ...hardware });
  if (kept === 'unreadable') return standIn;
  const timeSeconds = Math.max(Math.floor((clock.wall() - DUID_EPOCH) / 1000), 0) % 2 ** 32;
  const duid = encodeDuid({ kind: 'linkLayerTime', timeSeconds, ...hardware });
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileAtomicSync(file, duid);
    log.info('made a DUID', { file, duid: toHex(duid) });
  } catch (error) {
    log.error('cannot keep the DUID', { file, error });
    return standIn;
  }
  return duid;
}

function keptDuid(file: string, clock: Clock, log: Log): Uint8Array | 'none' | 'unreadable' {
  let duid: Uint8Array;
  try {
    duid = new Uint8Array(readFileSync(file));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 'none';
    log.error('file unreadable', { file, error });
    return 'unreadable';
  }
  // A type of two octets and something behind it (section 11.1).
  if (duid.length > 2 && duid.length <= MAX_DUID_LENGTH) return duid;
  const aside = `${file}.corrupt-${new Date(clock.wall()).toISOString().replace(/[-:]/g, '')}`;
  log.error('no DUID, set aside', { file, aside, octets: duid.length });
  try {
    renameSync(file, aside);
  } catch (error) {
    log.error('could not keep the file', { error });
  }
  return 'none';
}

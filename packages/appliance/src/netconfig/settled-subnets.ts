import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Ipv6Prefix } from '@router7/wire';
import type { Ipv6Reading } from '../lans/ipv6-files.ts';
import { removeStaleTemporaries, writeFileAtomicSync } from '../runtime/atomic-file.ts';
import { formatSubnets, parseSubnets, type Subnets } from '../state/subnets.ts';

/**
 * What subnets.json is to have from now on: the numbers of the plan, and a unique local prefix when one is to be made
 * (RFC 7084 ULA-1, ULA-2: it is made once).
 *
 * @param makeUla without it, what there is to be made is not
 * @returns undefined when it has that already
 */
export function settledSubnets(
  { plan, config, subnets, subnetsKept }: Ipv6Reading,
  makeUla: (() => Ipv6Prefix) | undefined,
): Subnets | undefined {
  const isToMake = subnets.ula === undefined && config.ula === 'auto' && plan.lans.length > 0;
  const ula = isToMake ? String(makeUla?.() ?? 'to be made') : subnets.ula;
  const settled: Subnets = { subnets: Object.fromEntries(plan.ids.kept), ...(ula !== undefined && { ula }) };
  return subnetsKept && isDeepStrictEqual(settled, subnets) ? undefined : settled;
}

/** Writes subnets.json. What is there and cannot be read is set aside. @throws Node's system error */
export function writeSubnets(file: string, subnets: Subnets): void {
  mkdirSync(dirname(file), { recursive: true });
  removeStaleTemporaries(file);
  if (existsSync(file) && !isReadable(file)) renameSync(file, `${file}.corrupt-${Date.now()}`);
  writeFileAtomicSync(file, formatSubnets(subnets));
}

function isReadable(file: string): boolean {
  try {
    parseSubnets(readFileSync(file, 'utf8'), file);
    return true;
  } catch {
    return false;
  }
}

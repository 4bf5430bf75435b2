import { DecodeError, EncodeError } from '@router7/wire';

/** The protocol families that a table can be of, by their number in the message header (NFPROTO_*). */
export const Family = { inet: 1, ip: 2, arp: 3, netdev: 5, bridge: 7, ip6: 10 } as const;

/** A family's name in nft's syntax. */
export type FamilyName = keyof typeof Family;

const names = new Map<number, FamilyName>(Object.entries(Family).map(([name, code]) => [code, name as FamilyName]));

/** The number of a family. @throws EncodeError `bad-value` */
export function familyCode(name: FamilyName): number {
  const code = Object.hasOwn(Family, name) ? Family[name] : undefined;
  if (code === undefined) throw new EncodeError('bad-value', `${JSON.stringify(name)} is not a family`);
  return code;
}

/** The name of a family. @throws DecodeError `bad-value` */
export function familyName(code: number): FamilyName {
  const name = names.get(code);
  if (name === undefined) throw new DecodeError('bad-value', `${code} is not a family`, 0);
  return name;
}

/** Size of a GUID, in bytes. */
export const GUID_LENGTH = 16;

/** What all of router7's partition GUIDs begin with; the last group is a hash of the host name and a number. */
const PREFIX = '60c24cc1-f3f9-427a-8199';

/** FNV-1a, 32 bits, of the name in UTF-8: what tells one router's disk from another's. */
export function hostnameHash(hostname: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(hostname)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** The GUID of partition `number`, or of the disk itself (0), as text in lower case. */
export function diskGuid(hostname: string, number: number): string {
  const hash = hostnameHash(hostname).toString(16).padStart(8, '0');
  return `${PREFIX}-${hash}00${number.toString(16).padStart(2, '0')}`;
}

/** Writes a GUID as UEFI stores it: the first three groups are little-endian numbers, the others are bytes in order. */
export function encodeGuid(text: string): Uint8Array {
  const groups = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/i.exec(text);
  if (groups === null) throw new RangeError(`found ${JSON.stringify(text)}, expected a GUID`);
  const [first, second, third, fourth, fifth] = groups.slice(1).map((group) => Buffer.from(group, 'hex'));
  return Buffer.concat([first!.reverse(), second!.reverse(), third!.reverse(), fourth!, fifth!]);
}

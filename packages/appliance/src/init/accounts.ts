/** An account that one daemon of the image runs as, and nobody else. */
export interface Account {
  /** As the service. */
  readonly name: string;
  /** Of the user and of the group with the same name. */
  readonly id: number;
  /** Groups besides its own, by name. */
  readonly groups: readonly string[];
}

/** Members may read /perm/gokr-pw.txt, which the pages that change something ask for. */
export const PASSWORD_GROUP = 'webpassword';

/**
 * The accounts of the image. Files in /perm outlive images: a number, once given, is never given to another account.
 */
export const accounts: readonly Account[] = [
  { name: 'netconfigd', id: 201, groups: [] },
  { name: 'dhcp4', id: 202, groups: [] },
  { name: 'dhcp6', id: 203, groups: [] },
  { name: 'dhcp4d', id: 204, groups: [PASSWORD_GROUP] },
  { name: 'radvd', id: 205, groups: [] },
  { name: 'dhcp6d', id: 206, groups: [] },
  { name: 'dnsd', id: 207, groups: [] },
  { name: 'ntpd', id: 208, groups: [] },
];

/** Groups that are not an account's own: the same numbers, from another hundred. */
const sharedGroups: Readonly<Record<string, number>> = { [PASSWORD_GROUP]: 301 };

/** @throws Error when there is no such account */
export function accountOf(name: string): Account {
  const found = accounts.find((account) => account.name === name);
  if (found === undefined) throw new Error(`no account ${name}`);
  return found;
}

/** The number of a group: an account's own, or a shared one. @throws Error when there is no such group */
export function groupIdOf(name: string): number {
  return sharedGroups[name] ?? accountOf(name).id;
}

/** Lines of /etc/passwd (passwd(5)), each with its newline. Nobody but root can log in, and root on the serial console only. */
export function passwdLines(): readonly string[] {
  const daemons = accounts.map(({ name, id }) => `${name}:x:${id}:${id}:router7:/perm/home/${name}:/sbin/nologin\n`);
  return ['root:x:0:0:root:/perm:/bin/sh\n', ...daemons, 'nobody:x:65534:65534:nobody:/:/sbin/nologin\n'];
}

/** Lines of /etc/group (group(5)), each with its newline. */
export function groupLines(): readonly string[] {
  const own = accounts.map(({ name, id }) => `${name}:x:${id}:\n`);
  const shared = Object.entries(sharedGroups).map(([group, id]) => {
    const members = accounts.filter(({ groups }) => groups.includes(group)).map(({ name }) => name);
    return `${group}:x:${id}:${members.join(',')}\n`;
  });
  return ['root:x:0:\n', ...own, ...shared, 'nogroup:x:65534:\n'];
}

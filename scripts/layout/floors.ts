/** The house's floors, from docs: imports point down, and stay out of what is beside them. */

/** Packages by floor; a package that is not named here is a mistake. */
export const floors: Readonly<Record<string, 1 | 2 | 4 | 5>> = {
  wire: 1,
  pcap: 2,
  dhcp4: 2,
  dhcp6: 2,
  ndp: 2,
  dns: 2,
  nft: 2,
  appliance: 4,
  lab: 5,
};

/** Folders of appliance/src: floor 3 meets the kernel, floor 4 is wiring. */
export const applianceFloors: Readonly<Record<string, 3 | 4>> = {
  system: 3,
  runtime: 3,
  netconfig: 3,
  firewall: 3,
  dhcp4: 3,
  dhcp6: 3,
  ndp: 3,
  radvd: 3,
  dns: 3,
  state: 3,
  lans: 3,
  ntp: 3,
  daemons: 4,
  tools: 4,
  image: 4,
  init: 4,
  web: 4,
};

/** What the sans-IO packages may take from others: pure computation. */
export const pureDependencies: readonly string[] = ['ip-address', 'dns-packet'];

/** Native code, and who may load it. */
export const nativeDependencies: readonly string[] = ['koffi', 'netlink', 'raw-socket'];
export const nativeUsers: RegExp = /^packages\/(appliance\/src\/system|nft\/src\/node|dns\/src\/node|[^/]+\/test)\//;

/** Sources that compile without Node's types and are refused clocks and randomness by lint. */
export function isSansIo(path: string): boolean {
  const [, name, rest] = /^packages\/([^/]+)\/src\/(.*)$/.exec(path) ?? [];
  if (name === undefined || rest === undefined || (floors[name] ?? 4) > 2) return false;
  return !((name === 'nft' || name === 'dns') && rest.startsWith('node/'));
}

/** Undefined for a file that belongs to no floor (tests, scripts, benchmarks). */
export function floorOf(path: string): number | undefined {
  const [, name, rest] = /^packages\/([^/]+)\/src\/(.*)$/.exec(path) ?? [];
  if (name === undefined || rest === undefined) return undefined;
  if (name !== 'appliance') return floors[name];
  const folder = rest.split('/')[0] as string;
  return rest.includes('/') ? applianceFloors[folder] : 4;
}

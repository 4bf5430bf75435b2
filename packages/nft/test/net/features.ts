import { spawnSync } from 'node:child_process';

/** What not every kernel has, and a rule set that only a kernel which has it takes. */
const probes = {
  bridgeMeta: 'table bridge p { chain c { meta ibrpvid 5; }; }',
  flowtable: 'table ip p { flowtable f { hook ingress priority 0; devices = { lo }; }; }',
  queue: 'table ip p { chain c { queue num 3; }; }',
  secmark: 'table ip p { secmark m { "system_u:object_r:ssh_server_packet_t:s0"; }; }',
} as const;

/** The name of one. */
export type Feature = keyof typeof probes;

/** Asks the kernel: `nft --check` has it look at everything and change nothing. */
export function hasFeature(feature: Feature): boolean {
  const done = spawnSync('nft', ['--check', '-f', '-'], { input: probes[feature], encoding: 'utf8', timeout: 60_000 });
  // A probe that nft itself does not understand would hide every case behind it.
  if (/syntax error|symbol type|unexpected/.test(done.stderr)) throw new Error(`${feature}: ${done.stderr}`);
  return done.status === 0;
}

/** Those that this kernel has. */
export function presentFeatures(): Feature[] {
  return (Object.keys(probes) as Feature[]).filter(hasFeature);
}

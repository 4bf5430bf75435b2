import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { GUEST_VARIABLE, type Host } from '@router7/lab';

/** A way to treat what a router forwards. */
export interface RuleSet {
  readonly name: string;
  /** Whether flows go past the rules. */
  readonly offloads: boolean;
  apply(router: Host): Promise<void>;
}

/** Debian's kernel has flowtables; without them the two sets of ours are one. */
const isGuest = process.env[GUEST_VARIABLE] === '1';

const byRulesAlone: RuleSet = {
  name: 'ours, no offload',
  offloads: false,
  apply: (router) => byUs(router, { offload: false }),
};

/** The first one is what the others are measured against. */
export const ruleSets: readonly RuleSet[] = [
  { name: 'no rules', offloads: false, apply: async () => undefined },
  { name: 'ours', offloads: isGuest, apply: (router) => byUs(router, {}) },
  ...(isGuest ? [byRulesAlone] : []),
  { name: 'tracking', offloads: false, apply: (router) => byNft(router, 'tracking.nft') },
  { name: 'OpenWrt', offloads: false, apply: (router) => byNft(router, 'openwrt.nft') },
  { name: 'router7 (Go)', offloads: false, apply: (router) => byNft(router, 'router7-go.nft') },
];

async function byUs(router: Host, firewall: object): Promise<void> {
  const file = `/run/firewall-${router.name}.json`;
  writeFileSync(file, JSON.stringify(firewall));
  await router.run(process.execPath, ['--conditions=@router7/source', path('apply-default.ts'), file], 120_000);
}

async function byNft(router: Host, file: string): Promise<void> {
  await router.run('nft', ['-f', path(file)]);
}

function path(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

import { fileURLToPath } from 'node:url';
import type { Host } from '@router7/lab';

/** A way to treat what a router forwards. */
export interface RuleSet {
  readonly name: string;
  apply(router: Host): Promise<void>;
}

/** The first one is what the others are measured against. */
export const ruleSets: readonly RuleSet[] = [
  { name: 'no rules', apply: async () => undefined },
  { name: 'ours', apply: byUs },
  { name: 'tracking', apply: (router) => byNft(router, 'tracking.nft') },
  { name: 'OpenWrt', apply: (router) => byNft(router, 'openwrt.nft') },
  { name: 'router7 (Go)', apply: (router) => byNft(router, 'router7-go.nft') },
];

async function byUs(router: Host): Promise<void> {
  await router.run(process.execPath, ['--conditions=@router7/source', path('apply-default.ts')], 60_000);
}

async function byNft(router: Host, file: string): Promise<void> {
  await router.run('nft', ['-f', path(file)]);
}

function path(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Runs a script of this directory in a network namespace of its own and gives what it printed, as JSON. */
export function runInNamespace(script: string, args: readonly string[] = []): unknown {
  const path = fileURLToPath(new URL(script, import.meta.url));
  // Without root, a user namespace gives the rights that nf_tables asks for.
  const flags = process.getuid?.() === 0 ? ['--net'] : ['--map-root-user', '--net'];
  const node = [process.execPath, '--conditions=@router7/source', path, ...args];
  const done = spawnSync('unshare', [...flags, '--', ...node], {
    encoding: 'utf8',
    // In software emulation everything takes twenty times as long.
    timeout: 240_000,
    maxBuffer: 1 << 26,
  });
  if (done.status !== 0) throw new Error(`${script} ended with ${done.status ?? done.signal}: ${done.stderr}`);
  return JSON.parse(done.stdout);
}

/** Runs the nft program; `input` is its script. */
export function nft(args: readonly string[], input: string = ''): string {
  return execFileSync('nft', args, { encoding: 'utf8', input, maxBuffer: 1 << 26 });
}

/** The rule set as the nft program tells it, without what differs from one making to the next. */
export function listRuleset(): unknown[] {
  const { nftables } = JSON.parse(nft(['-j', 'list', 'ruleset'])) as { nftables: unknown[] };
  const plain = JSON.stringify(nftables, (key, value: unknown) => (key === 'handle' ? undefined : value));
  return (JSON.parse(plain) as object[]).filter((entry) => !('metainfo' in entry));
}

import { bytesEqual } from '@router7/wire';
import type { LocalNode, LocalSet, LocalTree } from './local-tree.ts';

/** Whether what was answered by one tree is what another one answers, for as long as it was to be kept. */
export function sameTree(before: LocalTree, after: LocalTree): boolean {
  if (before.domain !== after.domain || before.nodes.size !== after.nodes.size) return false;
  if (!sameKeys(before.zones, after.zones) || !sameKeys(before.forwarded, after.forwarded)) return false;
  for (const [key, node] of after.nodes) {
    const old = before.nodes.get(key);
    if (old === undefined || !sameNode(old, node)) return false;
  }
  return true;
}

function sameKeys(before: ReadonlyMap<string, unknown> | ReadonlySet<string>, after: typeof before): boolean {
  if (before.size !== after.size) return false;
  for (const key of after.keys()) if (!before.has(key)) return false;
  return true;
}

function sameNode(before: LocalNode, after: LocalNode): boolean {
  return before.sets.length === after.sets.length && before.sets.every((set, i) => sameSet(set, after.sets[i]));
}

function sameSet(before: LocalSet, after: LocalSet | undefined): boolean {
  if (before.type !== after?.type || before.ttlSeconds !== after.ttlSeconds) return false;
  if (before.entries.length !== after.entries.length) return false;
  return before.entries.every((old, i) => {
    const entry = after.entries[i];
    return entry !== undefined && bytesEqual(old.data, entry.data) && entry.expiresAt >= old.expiresAt;
  });
}

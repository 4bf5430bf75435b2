import type { Log } from '../runtime/log.ts';
import { after } from './after.ts';
import { applyOperations, type Kernel, readKernelState } from './apply.ts';
import { describeOperation, linkNames } from './describe.ts';
import type { KernelState, Operation, Plan } from './kernel-state.ts';
import { plan } from './plan.ts';
import type { Wanted } from './wanted.ts';

/** Plans follow each other until nothing is left to do: a bridge has to exist before its ports can join it. */
const MAXIMUM_PASSES = 8;

/** What {@link applyNetwork} did. */
export interface NetworkApplied {
  readonly changed: boolean;
  readonly errors: readonly Error[];
  readonly remarks: readonly string[];
  /** What the kernel had before. */
  readonly before: KernelState;
}

/**
 * Makes links, addresses and routes what is wanted.
 *
 * @throws SystemError when the kernel does not tell what it has
 */
export async function applyNetwork(kernel: Kernel, wanted: Wanted, log: Log): Promise<NetworkApplied> {
  const before = await readKernelState(kernel, wanted);
  let state = before;
  let changed = false;
  let failed: readonly Error[] = [];
  let last = '';
  for (let pass = 0; ; pass++) {
    const { operations, remarks } = plan(wanted, state);
    // A driver that takes a setting and does not show it would be told the same for ever.
    const text = tell(operations, state).join('\n');
    if (operations.length === 0 || text === last || pass === MAXIMUM_PASSES) {
      return { changed, errors: [...(operations.length === 0 ? [] : failed), ...state.unread], remarks, before };
    }
    last = text;
    let names = state;
    failed = await applyOperations(kernel, operations, (operation) => {
      changed = true;
      for (const line of describeOperation(operation, linkNames(names))) log.info(line);
      names = after(names, operation);
    });
    state = await readKernelState(kernel, wanted);
  }
}

/**
 * Gives links their names, and makes bridges, as far as that is to be done to links that are down: nothing passes them. A
 * rule set that is made behind it finds the interfaces that it hands flows over between.
 *
 * @returns whether anything was changed; what fails is left to {@link applyNetwork}
 * @throws SystemError when the kernel does not tell what it has
 */
export async function nameLinks(kernel: Kernel, wanted: Wanted, log: Log): Promise<boolean> {
  const links = await kernel.route.links();
  const up = new Set(links.flatMap((link) => (link.up ? [link.index] : [])));
  const present: KernelState = { links, addresses: [], routes: [], fec: new Map(), wireguard: new Map(), unread: [] };
  const named = { ...wanted, wireguard: { interfaces: [] }, complete: false };
  const operations = plan(named, present).operations.filter(
    (operation) => operation.kind === 'add-link' || (operation.kind === 'rename' && !up.has(operation.link)),
  );
  let changed = false;
  let names = present;
  await applyOperations(kernel, operations, (operation) => {
    changed = true;
    for (const line of describeOperation(operation, linkNames(names))) log.info(line);
    names = after(names, operation);
  });
  return changed;
}

/** Everything that {@link applyNetwork} would do, without doing any of it. */
export function foresee(wanted: Wanted, present: KernelState): Plan & { readonly lines: readonly string[] } {
  const operations: Operation[] = [];
  const lines: string[] = [];
  let state = present;
  for (let pass = 0; ; pass++) {
    const next = plan(wanted, state);
    if (next.operations.length === 0 || pass === MAXIMUM_PASSES) return { operations, remarks: next.remarks, lines };
    operations.push(...next.operations);
    lines.push(...tell(next.operations, state));
    state = next.operations.reduce(after, state);
  }
}

function tell(operations: readonly Operation[], present: KernelState): readonly string[] {
  let state = present;
  return operations.flatMap((operation) => {
    const lines = describeOperation(operation, linkNames(state));
    state = after(state, operation);
    return lines;
  });
}

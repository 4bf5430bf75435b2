import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lockFolder } from '../system/folder-lock.ts';
import { errorCode } from '../system/libc.ts';
import { networkNamespaceOf } from '../system/processes.ts';
import { isImage } from './image.ts';

/** Where the appliance keeps what is to outlive the supervisor, but not the machine. */
export const RUN_FOLDER = '/run/router7';
/** A supervisor that was killed gives its folder back at once, one that is ending soon. */
const PATIENCE = 10_000;
const RETRY = 50;

/**
 * The folder of this router's supervisor, made if it is not there. Elsewhere than in the image several routers may run on one
 * machine, each in a network namespace of its own, and it may not be ours to write to.
 */
export function runFolder(): string {
  const namespace = /\d+/.exec(networkNamespaceOf('self'))?.[0] ?? '';
  const folder = isImage() ? RUN_FOLDER : join(RUN_FOLDER, namespace);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    return folder;
  } catch (error) {
    if (isImage()) throw error;
    return mkdtempSync(join(tmpdir(), 'router7-'));
  }
}

/**
 * Claims a folder until this process ends: two supervisors would each start everything.
 *
 * @throws SystemError `EAGAIN` when another one has it and does not end
 */
export async function claimFolder(folder: string): Promise<void> {
  const until = performance.now() + PATIENCE;
  for (;;) {
    try {
      lockFolder(folder);
      return;
    } catch (error) {
      if (errorCode(error) !== 'EAGAIN' || performance.now() > until) throw error;
    }
    await sleep(RETRY);
  }
}

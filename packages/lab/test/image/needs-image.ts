import { existsSync } from 'node:fs';
import { MADE_IMAGE } from '../../src/appliance/made-image.ts';
import { needs } from '../net/installed.ts';

/** Skips a test, naming what is missing, where there is no image, no QEMU or none of these programs. */
export function needsImage(...programs: readonly string[]): { readonly skip: string | false } {
  if (!existsSync(MADE_IMAGE)) return { skip: `no image at ${MADE_IMAGE} (./run image tells why)` };
  return needs('qemu-system-x86_64', 'mke2fs', 'e2fsck', ...programs);
}

import { existsSync } from 'node:fs';

/** What tells the image from a machine that the sources are tried on. */
export const BUILD_FILE: string = '/etc/router7/build.json';

/** Whether this is the appliance itself: then the machine is ours. */
export function isImage(): boolean {
  return existsSync(BUILD_FILE);
}

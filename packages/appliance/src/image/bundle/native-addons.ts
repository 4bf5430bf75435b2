import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from 'esbuild';

/** A native addon: compiled code that Node loads from a file of its own. */
export interface NativeAddon {
  /** Base name of its file in /gokrazy/lib: `koffi.node`. */
  readonly file: string;
  /** Absolute path of where it comes from. */
  readonly origin: string;
}

const require = createRequire(import.meta.url);
const koffi = createRequire(require.resolve('koffi'));

/** The native addons that router7 uses, built for glibc on x86-64. */
export const nativeAddons: readonly NativeAddon[] = [
  {
    file: 'koffi.node',
    origin: join(dirname(koffi.resolve('@koromix/koffi-linux-x64/package.json')), 'linux_x64/koffi.node'),
  },
  {
    file: 'netlink.node',
    origin: join(dirname(require.resolve('netlink/package.json')), 'prebuilds/linux-x64/node.napi.node'),
  },
];

/**
 * Loads native addons from beside the bundle. The packages' own loaders try a number of places, which the image has not, and
 * koffi's looks at Node's executable first.
 */
export const addonsBesideBundle: Plugin = {
  name: 'addons-beside-bundle',
  setup(build) {
    build.onResolve({ filter: /^koffi$/ }, () => ({ path: 'koffi.node', namespace: 'addon' }));
    build.onResolve({ filter: /^\.\/[a-z]+\.node$/ }, ({ path }) => ({ path, external: true }));
    build.onLoad({ filter: /^koffi\.node$/, namespace: 'addon' }, () => ({
      contents: `module.exports = require('./koffi.node');`,
    }));
    build.onLoad({ filter: /\/netlink\/dist\/raw\.js$/ }, ({ path }) => ({
      contents: replaceOnce(
        readFileSync(path, 'utf8'),
        `require('node-gyp-build')(__dirname + '/..')`,
        `require('./netlink.node')`,
      ),
    }));
  },
};

/** @throws Error when the text has not that part exactly once: the package has changed, and whoever updates it looks here */
export function replaceOnce(text: string, part: string, by: string): string {
  const [before, after, ...more] = text.split(part);
  if (before === undefined || after === undefined || more.length > 0) throw new Error(`cannot find once: ${part}`);
  return `${before}${by}${after}`;
}

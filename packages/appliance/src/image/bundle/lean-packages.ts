import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';
import { replaceOnce } from './native-addons.ts';

/** How our sources import zod, some with types besides. */
const NAMED_ZOD = /^import \{ (?:type \w+, )*z \} from 'zod';/m;

/** Leaves out parts of packages that would be carried along and executed without ever being used. */
export const leanPackages: Plugin = {
  name: 'lean-packages',
  setup(build) {
    // Of netlink only the sockets and the messages: what they carry is read and written by our own code.
    build.onResolve({ filter: /^netlink$/ }, ({ resolveDir }) => ({
      path: 'netlink',
      namespace: 'lean',
      pluginData: resolveDir,
    }));
    build.onLoad({ filter: /^netlink$/, namespace: 'lean' }, ({ pluginData: resolveDir }) => ({
      contents: ['constants', 'raw', 'structs', 'netlink']
        .map((name) => `export * from 'netlink/dist/${name}.js';`)
        .join('\n'),
      resolveDir,
    }));
    build.onLoad({ filter: /\/netlink\/dist\/netlink\.js$/ }, ({ path }) => ({
      // A copy of the whole module would have Node load every part of it that it puts off.
      contents: replaceOnce(readFileSync(path, 'utf8'), '__importStar(require("util"))', 'require("util")'),
    }));
    // prom-client's gateway brings TLS with it, its cluster a second registry.
    build.onResolve({ filter: /^\.\/lib\/(pushgateway|cluster)$/ }, ({ importer }) =>
      importer.includes('/prom-client/') ? { path: 'nothing', namespace: 'lean' } : undefined,
    );
    // zod speaks forty languages; a log is in English.
    build.onResolve({ filter: /^\.\.\/locales\/index\.js$/ }, ({ importer }) =>
      importer.includes('/zod/v4/') ? { path: 'nothing', namespace: 'lean' } : undefined,
    );
    // Only of a namespace that a module imports itself it is known what it uses: half of zod nobody does.
    build.onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const contents = text.replace(NAMED_ZOD, `import * as z from 'zod';`);
      return contents === text ? undefined : { contents, loader: 'ts' };
    });
    build.onLoad({ filter: /^nothing$/, namespace: 'lean' }, () => ({ contents: 'export {};' }));
  },
};

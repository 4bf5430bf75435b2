import type { Plugin } from 'esbuild';

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
    // zod speaks forty languages; a log is in English.
    build.onResolve({ filter: /^\.\.\/locales\/index\.js$/ }, ({ importer }) =>
      importer.includes('/zod/v4/') ? { path: 'locales', namespace: 'lean' } : undefined,
    );
    build.onLoad({ filter: /^locales$/, namespace: 'lean' }, () => ({ contents: 'export {};' }));
  },
};

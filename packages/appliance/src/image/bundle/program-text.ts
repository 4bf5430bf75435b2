import { readFileSync } from 'node:fs';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { leanPackages } from './lean-packages.ts';
import { addonsBesideBundle } from './native-addons.ts';
import { requireWhenUsed } from './require-when-used.ts';

/** Names stay, so that a stack trace can be read; what goes is white space. */
const options = {
  bundle: true,
  write: false,
  platform: 'node',
  target: 'node26',
  conditions: ['@router7/source'],
  format: 'cjs',
  charset: 'ascii',
  legalComments: 'none',
  minifyWhitespace: true,
  minifySyntax: true,
  // What nobody catches is logged with its line.
  lineLimit: 160,
  logLevel: 'silent',
} satisfies BuildOptions;

/**
 * Makes one text of a program and all that it imports: that of a function with the parameters `require`, `module` and `url`.
 *
 * @param source absolute path
 * @param rehearsal of a module with a function `rehearse`, which becomes `module.rehearse`
 */
export async function programText(source: string, rehearsal?: string): Promise<string> {
  const text = await textOf({
    entryPoints: [source],
    define: { 'import.meta.url': 'url', ROUTER7_BUNDLED: 'true' },
    banner: { js: '(function(require,module,url){' },
    footer: { js: '})' },
    plugins: [waitingProgram(source, rehearsal), addonsBesideBundle, leanPackages],
  });
  return requireWhenUsed(text);
}

/** Makes a text that needs no other one: of start.ts, for one. @param source absolute path */
export async function scriptText(source: string): Promise<string> {
  const text = await textOf({
    entryPoints: [source],
    define: { 'import.meta.dirname': '__dirname' },
    plugins: [addonsBesideBundle],
  });
  return requireWhenUsed(text);
}

async function textOf(own: BuildOptions): Promise<string> {
  const { outputFiles } = await build({ ...options, ...own, write: false });
  return (outputFiles[0] as { text: string }).text;
}

/**
 * Lets a program `await` outside of functions, which only modules may: what follows its imports becomes a function, which start.ts
 * calls.
 */
function waitingProgram(source: string, rehearsal: string | undefined): Plugin {
  return {
    name: 'waiting-program',
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        if (path !== source) return undefined;
        const [imports, body] = splitImports(readFileSync(path, 'utf8'));
        const rehearse =
          rehearsal === undefined
            ? ''
            : `import { rehearse } from ${JSON.stringify(rehearsal)};\nmodule.rehearse = rehearse;\n`;
        const contents = `${imports}${rehearse}module.exports = async function program() {${body}};`;
        return { contents, loader: 'ts' };
      });
    },
  };
}

/** Splits a source after its last import, as our formatter writes them. */
function splitImports(text: string): readonly [imports: string, rest: string] {
  const imports = [...text.matchAll(/^import\b[^;]*;\n/gm)];
  const last = imports.at(-1);
  const end = last === undefined ? 0 : last.index + last[0].length;
  // An exported type is nothing but what others know it by.
  return [text.slice(0, end), text.slice(end).replaceAll(/^export (?=interface|type)/gm, '')];
}

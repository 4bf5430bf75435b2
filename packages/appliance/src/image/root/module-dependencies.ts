import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Which module needs which others, from a kernel's modules.dep. */
export class ModuleDependencies {
  /** Paths by name, as modules.dep tells them: relative to the kernel's folder. */
  readonly #paths = new Map<string, string>();
  readonly #needs = new Map<string, readonly string[]>();

  /** @param text of modules.dep (modules.dep(5)): `path: path path ...`, what is needed first comes last */
  constructor(text: string) {
    for (const line of text.split('\n')) {
      const [path, needs] = line.split(':');
      if (path === undefined || needs === undefined) continue;
      this.#paths.set(moduleName(path), path);
      this.#needs.set(
        path,
        needs.split(' ').filter((word) => word !== ''),
      );
    }
  }

  /**
   * Paths of these modules and of all that they need, in an order in which they can be loaded; each once.
   *
   * @throws Error that names a module which is not there
   */
  inOrder(names: readonly string[]): readonly string[] {
    const ordered = new Set<string>();
    for (const name of names) {
      const path = this.#paths.get(moduleName(name));
      if (path === undefined) throw new Error(`the kernel has no module ${name}`);
      for (const needed of [...(this.#needs.get(path) ?? [])].reverse()) ordered.add(needed);
      ordered.add(path);
    }
    return [...ordered];
  }
}

/** Reads modules.dep of a kernel's folder, `lib/modules/VERSION`. */
export function readModuleDependencies(folder: string): ModuleDependencies {
  return new ModuleDependencies(readFileSync(join(folder, 'modules.dep'), 'utf8'));
}

/** A module's name has underscores where its file may have dashes (modprobe(8)). */
function moduleName(path: string): string {
  return basename(path)
    .replace(/\.ko(\.(xz|gz|zst))?$/, '')
    .replaceAll('-', '_');
}

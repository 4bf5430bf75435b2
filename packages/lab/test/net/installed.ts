import { execFileSync } from 'node:child_process';

/** Options of a test that needs programs: it is skipped when one is missing, with the name of that one. */
export function needs(...programs: readonly string[]): { readonly skip: string | false } {
  const missing = programs.find((program) => !isInstalled(program));
  return { skip: missing === undefined ? false : `${missing} is not installed` };
}

function isInstalled(program: string): boolean {
  try {
    execFileSync('sh', ['-c', 'command -v "$0"', program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

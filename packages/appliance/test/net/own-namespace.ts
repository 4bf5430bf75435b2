/**
 * Imported first by a net test: runs the test file again in a network and a mount namespace of its own (and a user
 * namespace when not root), which the kernel removes with the last process in them. Nothing outside can be touched or left behind.
 */
import { spawnSync } from 'node:child_process';

const MARK = 'ROUTER7_TEST_NAMESPACE';

if (process.env[MARK] === undefined) {
  const flags = process.getuid?.() === 0 ? ['--net', '--mount'] : ['--net', '--mount', '--map-root-user'];
  const node = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const { status, error } = spawnSync('unshare', [...flags, '--', ...node], {
    stdio: 'inherit',
    env: { ...process.env, [MARK]: '1' },
  });
  if (error !== undefined) throw error;
  process.exit(status ?? 1);
}

/** Runs `ip` with the words of a line. */
export function ip(line: string): void {
  const { status, stderr } = spawnSync('ip', line.split(' '), { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ip ${line}: ${stderr}`);
}

/** Waits until the condition holds, at most a minute. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 60_000;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

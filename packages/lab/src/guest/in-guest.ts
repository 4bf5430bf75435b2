import { fileURLToPath } from 'node:url';
import { passResults } from '../results.ts';
import { type GuestKernel, guestKernel, MissingForGuest } from './kernel.ts';
import { type Guest, startGuest } from './qemu.ts';
import { GUEST_VARIABLE } from './variable.ts';

/** What a test file asks of its guest. */
export interface InGuestOptions {
  /** Kernel modules to load at the start; a missing one ends the guest with a word about it. */
  readonly modules?: readonly string[];
  /** Memory, where all that is written goes too. 1024 by default. */
  readonly memoryMiB?: number;
  /**
   * One processor whose clock counts its instructions, 4 ns each, for as long as it has something to do: what
   * is measured there does not depend on what else this machine does. Not set by default: two processors, in real time.
   */
  readonly countInstructions?: boolean;
  /** The guest is ended after this time, and the test has failed. 1800 by default. */
  readonly timeoutSeconds?: number;
  /** Path of the file for what it hands over by `handResults`. */
  readonly results?: string;
}

/**
 * Makes a test file run under Debian's kernel, which has what the machine's own may lack: outside of a guest it starts
 * itself again in one (QEMU, in software), passes its output through and exits with its status; in a guest it returns.
 * The guest sees the same files at the same paths, and what it writes is gone with it. Where a guest cannot be had, the
 * file is skipped as a whole, and TAP tells what is missing.
 *
 * @param moduleUrl `import.meta.url` of the file
 */
export async function inGuest(moduleUrl: string, options: InGuestOptions = {}): Promise<void> {
  if (process.env[GUEST_VARIABLE] === '1') return;
  const { modules = [], memoryMiB = 1024, countInstructions = false, timeoutSeconds = 1800 } = options;
  const command = [
    process.execPath,
    '--conditions=@router7/source',
    fileURLToPath(moduleUrl),
    ...process.argv.slice(2),
  ];
  const results: Uint8Array[] = [];
  const guest = startOrSkip((kernel) =>
    startGuest(kernel, {
      command,
      modules,
      memoryMiB,
      countInstructions,
      output: (chunk) => process.stdout.write(chunk),
      errors: (chunk) => process.stderr.write(chunk),
      results: (chunk) => results.push(chunk),
    }),
  );
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => guest.kill());
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    guest.kill();
  }, timeoutSeconds * 1000);
  const status = await guest.finished;
  clearTimeout(timer);
  if (status === undefined) {
    const reason = late ? `was ended after ${timeoutSeconds} s` : 'ended without an exit status';
    console.error(`The guest ${reason}. The last lines of its console:\n${guest.console.join('\n')}`);
  }
  passResults(Buffer.concat(results).toString(), options.results);
  process.exit(status ?? (late ? 124 : 125));
}

function startOrSkip(start: (kernel: GuestKernel) => Guest): Guest {
  try {
    return start(guestKernel());
  } catch (error) {
    if (!(error instanceof MissingForGuest)) throw error;
    console.log(`TAP version 14\n1..0 # SKIP ${error.message}`);
    process.exit(0);
  }
}

import { execFileSync } from 'node:child_process';
import { guestKernel, MissingForGuest } from './kernel.ts';

/*
 * Gets what guests start from while there is a network: the tests that boot them run where there is none. What cannot be
 * had is told; the tests that need it name it, too.
 */
try {
  fetch();
} catch (error) {
  if (!(error instanceof MissingForGuest)) throw error;
  console.error(`run: no kernel for guests: ${error.message}`);
}

function fetch(): void {
  try {
    guestKernel();
  } catch (error) {
    if (!(error instanceof MissingForGuest)) throw error;
    // A fresh machine has no lists of packages, an old one those of packages that are gone.
    updateLists();
    guestKernel();
  }
}

function updateLists(): void {
  const command = ['apt-get', '-q', '-o', 'DPkg::Lock::Timeout=300', 'update'];
  const [file = '', ...args] = process.getuid?.() === 0 ? command : ['sudo', '-n', ...command];
  try {
    execFileSync(file, args, { stdio: 'ignore' });
  } catch {
    // The second try tells what is missing.
  }
}

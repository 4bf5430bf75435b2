import type { Duplex } from 'node:stream';
import { until } from '../wait.ts';
import type { Machine } from './machine.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** Where the kernel proper begins (startup_64) in memory: where Debian's is made for, and the image's plain kernel is put. */
const KERNEL_START = 0x100_0000;

/** What a debugger is told that has nothing to say (GDB remote protocol, "Overview"). */
const ACKNOWLEDGED = '+';

/**
 * Starts a machine and stops it at the kernel's first instruction for as long as it takes to read the clock: by a breakpoint
 * of QEMU's debugger port, which takes no time of the machine's.
 *
 * @param debug the debugger's connection; see {@link MachineOptions.debug}
 * @returns the machine's time of the kernel's first instruction proper, in seconds since power-on
 */
export async function kernelEntry(machine: Machine, debug: Duplex, clock: VirtualClock): Promise<number> {
  const command = (text: string): Promise<string> => exchange(debug, text);
  // QEMU asks who is there first.
  await command('qSupported');
  const breakpoint = `1,${KERNEL_START.toString(16)},1`;
  if ((await command(`Z${breakpoint}`)) !== 'OK') throw new Error('QEMU takes no breakpoint');
  const stops = (): number => machine.qmp.events.filter((name) => name === 'STOP').length;
  const before = stops();
  await machine.start();
  await until('the kernel is entered', 120_000, () => stops() > before);
  const seconds = await clock.seconds();
  await command(`z${breakpoint}`);
  await machine.qmp.execute('cont');
  return seconds;
}

/** Sends a packet of the GDB remote protocol and gives the answer to it. */
async function exchange(stream: Duplex, text: string): Promise<string> {
  let received = '';
  const listen = (chunk: Buffer | string): void => {
    received += chunk.toString();
  };
  stream.on('data', listen);
  try {
    const sum = [...Buffer.from(text)].reduce((total, octet) => (total + octet) % 256, 0);
    stream.write(`${ACKNOWLEDGED}$${text}#${sum.toString(16).padStart(2, '0')}`);
    return await until(`an answer to ${text}`, 10_000, () => {
      // A stop is told of unasked.
      const answers = [...received.matchAll(/\$([^#]*)#[0-9a-f]{2}/g)].map(([, answer = '']) => answer);
      return answers.find((answer) => !/^[TS]\d\d/.test(answer));
    });
  } finally {
    stream.write(ACKNOWLEDGED);
    stream.off('data', listen);
  }
}

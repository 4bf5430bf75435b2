import type { Log } from '../runtime/log.ts';
import { PowerButton, powerButtons } from '../system/input-device.ts';

/*
 * Process 1 of the image is busybox init, which takes orders by signals (IN-09): SIGTERM starts the machine again, SIGUSR2
 * switches it off. It runs /etc/init.d/stop before that, which waits for the supervisor to end.
 */

/** Starts the machine again. @throws Node's system error */
export function restartMachine(): void {
  process.kill(1, 'SIGTERM');
}

/** Switches the machine off. @throws Node's system error */
export function switchMachineOff(): void {
  process.kill(1, 'SIGUSR2');
}

/** Hears of presses of the machine's power button, if it has one. */
export function watchPowerButtons(log: Log, pressed: () => void): void {
  for (const device of powerButtons()) {
    try {
      new PowerButton(device, pressed);
    } catch (error) {
      log.warn('power button not heard', { device, error });
    }
  }
}

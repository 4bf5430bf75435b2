import { closeSync, constants, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import koffi, { type node } from 'koffi';
import { errorCode } from './libc.ts';

/** Keys of linux/input-event-codes.h that switch a machine off. */
const KEY_POWER = 116;
const KEY_POWER2 = 0x164;
const EV_KEY = 1;
/** The value of a key that has just been pressed; 0 is let go, 2 is held. */
const PRESSED = 1;

/** struct input_event on a 64-bit machine (linux/input.h): 16 octets of time, type (2), code (2), value (4). */
const EVENT = 24;
const TYPE = 16;
const CODE = 18;
const VALUE = 20;
const EVENTS = 64;

/**
 * Whether a device has a key that switches the machine off.
 *
 * @param capabilities text of /sys/class/input/event*\/device/capabilities/key: 64-bit words in hex, the most significant first
 */
export function hasPowerKey(capabilities: string): boolean {
  const words = capabilities.trim().split(/\s+/).reverse();
  return [KEY_POWER, KEY_POWER2].some((key) => {
    const word = words[Math.floor(key / 64)] ?? '';
    return /^[0-9a-f]{1,16}$/i.test(word) && ((BigInt(`0x${word}`) >> BigInt(key % 64)) & 1n) === 1n;
  });
}

/** Whether one of these events is the press of a key that switches the machine off. */
export function isPowerPress(events: Uint8Array): boolean {
  const view = new DataView(events.buffer, events.byteOffset, events.length);
  for (let at = 0; at + EVENT <= events.length; at += EVENT) {
    const code = view.getUint16(at + CODE, true);
    const isPress = view.getUint16(at + TYPE, true) === EV_KEY && view.getInt32(at + VALUE, true) === PRESSED;
    if (isPress && (code === KEY_POWER || code === KEY_POWER2)) return true;
  }
  return false;
}

/** The power buttons of this machine, in /dev/input. */
export function powerButtons(sys: string = '/sys/class/input', dev: string = '/dev/input'): readonly string[] {
  try {
    const names = readdirSync(sys).filter((name) => /^event\d+$/.test(name));
    return names
      .filter((name) => hasPowerKey(read(join(sys, name, 'device/capabilities/key'))))
      .map((name) => join(dev, name));
  } catch {
    return [];
  }
}

/** Listens to one button. */
export class PowerButton {
  readonly #fd: number;
  readonly #poll: node.PollHandle;
  readonly #events = new Uint8Array(EVENT * EVENTS);
  #scheduled = false;
  #closed = false;

  /**
   * @param path of its device
   * @param pressed is called at each press
   * @throws Node's system error when it cannot be opened
   */
  constructor(path: string, pressed: () => void) {
    this.#fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    // koffi calls outside of Node's callback scope, so the news waits for a turn of its own.
    this.#poll = koffi.node.poll(this.#fd, { readable: true }, () => {
      if (!this.#scheduled) setImmediate(() => this.#read(pressed));
      this.#scheduled = true;
    });
  }

  /** Listens no longer. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#poll.close();
    closeSync(this.#fd);
  }

  #read(pressed: () => void): void {
    this.#scheduled = false;
    if (this.#closed) return;
    try {
      const length = readSync(this.#fd, this.#events);
      if (isPowerPress(this.#events.subarray(0, length))) pressed();
    } catch (error) {
      // The device has gone, and would be readable for ever.
      if (errorCode(error) !== 'EAGAIN') this.close();
    }
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

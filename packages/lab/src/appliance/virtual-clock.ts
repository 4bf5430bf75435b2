import type { Machine } from './machine.ts';

/** The ACPI power management timer of a q35, as SeaBIOS and OVMF place it, and its rate (ACPI 6.5 section 4.8.3.3). */
const PORTS = [0x608, 0xb008] as const;
const HERTZ = 3_579_545;
const MODULUS = 2 ** 24;
const LOOK_MS = 200;

/**
 * A machine's own time since power-on: that of its instructions when they are counted. It is that of the ACPI timer, which QEMU
 * derives from its virtual clock and nothing else; as that timer starts again every 4.7 s, it is looked at several times a
 * second: virtual time never runs so much faster than real time.
 */
export class VirtualClock {
  readonly #machine: Machine;
  readonly #port: number;
  #ticks = 0;
  #last = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param isUefi whether the firmware is OVMF */
  constructor(machine: Machine, isUefi: boolean = false) {
    this.#machine = machine;
    this.#port = PORTS[isUefi ? 1 : 0];
    this.#timer = setInterval(() => void this.seconds().catch(() => this.stop()), LOOK_MS);
    this.#timer.unref();
  }

  /** Seconds of the machine's time since power-on. */
  async seconds(): Promise<number> {
    const text = await this.#machine.qmp.monitor(`i /wx ${this.#port}`);
    const value = /=\s*(0x[0-9a-f]+)/i.exec(text)?.[1];
    if (value === undefined) throw new Error(`the ACPI timer cannot be read: ${text}`);
    const now = Number(value) % MODULUS;
    const passed = (now - this.#last + MODULUS) % MODULUS;
    // Before its first instruction a machine's timer is a tick behind 0.
    if (passed < MODULUS / 2) {
      this.#ticks += passed;
      this.#last = now;
    }
    return this.#ticks / HERTZ;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

/** A serial port that a console is at: 8 data bits, no parity. */
export interface SerialPort {
  /** 0 for the first one: Linux's ttyS0. */
  readonly unit: number;
  /** Baud. */
  readonly speed: number;
}

/** Where most PCs have a port, at the speed of PC Engines' firmware. */
export const USUAL_PORT: SerialPort = { unit: 0, speed: 115_200 };

/** What GRUB and Linux both know. */
const SPEEDS: readonly number[] = [9600, 19_200, 38_400, 57_600, 115_200];
/** Linux's, for a port that is named without one (Documentation/admin-guide/serial-console.rst). */
const LINUX_SPEED = 9600;

/**
 * Reads a port as the kernel's argument `console=` names it: `ttyS0,115200`. gokrazy's name for the first port of whatever
 * machine, `serial0`, is that of a PC.
 *
 * @returns undefined for what is not such a port
 */
export function parseSerialPort(text: string): SerialPort | undefined {
  const [, unit, speed = LINUX_SPEED] = /^(?:ttyS|serial(?=0))([0-3])(?:,(\d{4,6})(?:n8?)?)?$/.exec(text) ?? [];
  return unit !== undefined && SPEEDS.includes(Number(speed))
    ? { unit: Number(unit), speed: Number(speed) }
    : undefined;
}

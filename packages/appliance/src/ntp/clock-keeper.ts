import type { Log } from '../runtime/log.ts';
import { type ClockSlew, setRealTimeClock, slewClock, stepClock, wallTime } from '../system/clock-setting.ts';

/** The clock that is kept right. */
export interface ClockKeeper {
  /** Milliseconds since 1970, with a fraction. */
  wall(): number;
  /** Sets it forward or back. @throws SystemError `EPERM` */
  step(byMs: number): void;
  /** Corrects it little by little. @throws SystemError `EPERM` */
  slew(slew: ClockSlew): void;
  /** Sets the clock that goes on without power, if there is one. Never throws. */
  keep(): void;
}

/** The kernel's clock, and the real-time clock. */
export class KernelClock implements ClockKeeper {
  readonly #log: Log;
  #told = '';

  constructor(log: Log) {
    this.#log = log;
  }

  wall(): number {
    return wallTime();
  }

  step(byMs: number): void {
    stepClock(byMs);
  }

  slew(slew: ClockSlew): void {
    slewClock(slew);
  }

  keep(): void {
    try {
      setRealTimeClock(wallTime());
      this.#told = '';
    } catch (error) {
      const { message } = error as Error;
      if (message !== this.#told) this.#log.warn('real-time clock cannot be set', { error });
      this.#told = message;
    }
  }
}

/** A clock of its own, in place of one that is not ours to set: whatever is done shows here, and nowhere else. */
export class ImaginaryClock implements ClockKeeper {
  #ahead = 0;

  wall(): number {
    return wallTime() + this.#ahead;
  }

  step(byMs: number): void {
    this.#ahead += byMs;
  }

  slew({ offsetMs }: ClockSlew): void {
    this.#ahead += offsetMs;
  }

  keep(): void {
    // There is none.
  }
}

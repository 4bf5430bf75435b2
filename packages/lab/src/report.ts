/** Tells each step as it happens, to a person or as lines of JSON. */
export class Report {
  readonly #json: boolean;
  readonly #started = performance.now();
  #failed = false;

  constructor(json: boolean) {
    this.#json = json;
  }

  /** Whether a step has failed. */
  get failed(): boolean {
    return this.#failed;
  }

  /** Does one step and prints a line with its outcome and time. Rejects with the step's own error when it fails. */
  async step<T>(name: string, work: () => Promise<T>, tell: (value: T) => string = () => ''): Promise<T> {
    const began = performance.now();
    try {
      const value = await work();
      this.#print(name, true, performance.now() - began, tell(value));
      return value;
    } catch (error) {
      this.#failed = true;
      this.#print(name, false, performance.now() - began, describe(error));
      throw error;
    }
  }

  /** Prints a line that is not a step; nothing in JSON. */
  note(text: string): void {
    if (!this.#json) console.log(text);
  }

  #print(step: string, ok: boolean, milliseconds: number, detail: string): void {
    if (this.#json) {
      const at = Math.round(performance.now() - this.#started);
      console.log(JSON.stringify({ step, ok, milliseconds: Math.round(milliseconds), at, detail }));
      return;
    }
    const seconds = `${(milliseconds / 1000).toFixed(2)} s`.padStart(8);
    console.log(`${ok ? 'ok    ' : 'FAILED'} ${seconds}  ${step}${detail === '' ? '' : `: ${detail}`}`);
  }
}

/** A command that failed is named with all its arguments. */
const LONGEST_MESSAGE = 300;

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : ` (${describe(error.cause)})`;
  return `${(error.message.split('\n')[0] ?? '').slice(0, LONGEST_MESSAGE)}${cause}`;
}

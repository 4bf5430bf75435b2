import type { ClientOutput } from './output.ts';

/** Outputs that wait at most; a caller that drains after every `handle` never sees more than a handful. */
export const MOST_OUTPUTS = 256;

/** Outputs in order, bounded: who does not drain loses first the news of dropped datagrams, then the oldest. */
export class OutputQueue {
  readonly #outputs: ClientOutput[] = [];

  push(output: ClientOutput): void {
    if (this.#outputs.length >= MOST_OUTPUTS) {
      if (output.kind === 'discarded') return;
      const expendable = this.#outputs.findIndex((waiting) => waiting.kind === 'discarded');
      this.#outputs.splice(Math.max(expendable, 0), 1);
    }
    this.#outputs.push(output);
  }

  shift(): ClientOutput | undefined {
    return this.#outputs.shift();
  }
}

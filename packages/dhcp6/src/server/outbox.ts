import { ByteWriter } from '@router7/wire';
import type { ServerDiscardReason, ServerOutput } from './output.ts';

/** Octets that a reply needs at most in an Ethernet frame; a writer grows beyond by itself. */
const REPLY_SIZE = 1500;

/** What the engine has to say, and the buffers that it is written in. */
export class Outbox {
  /** Used again and again: to shorten an array costs as much as to fill it. */
  readonly #outputs: (ServerOutput | undefined)[] = [];
  #next = 0;
  #end = 0;
  /** One for each datagram of the same `handle`; used again by the next. */
  readonly #writers: ByteWriter[] = [];
  #writersInUse = 0;

  /** Makes the buffers free for another round: payloads that were handed out before are overwritten from here on. */
  begin(): void {
    this.#writersInUse = 0;
  }

  push(output: ServerOutput): void {
    this.#outputs[this.#end++] = output;
  }

  discard(reason: ServerDiscardReason): void {
    this.push({ kind: 'discarded', reason });
  }

  /** An empty buffer whose content stays until the next {@link begin}. */
  writer(): ByteWriter {
    const writer = (this.#writers[this.#writersInUse] ??= new ByteWriter(REPLY_SIZE));
    this.#writersInUse++;
    writer.reset();
    return writer;
  }

  poll(): ServerOutput | undefined {
    if (this.#next === this.#end) {
      this.#next = 0;
      this.#end = 0;
      return undefined;
    }
    const output = this.#outputs[this.#next];
    this.#outputs[this.#next++] = undefined;
    return output;
  }
}

import { ByteWriter } from '@router7/wire';
import type { ServerDiscardReason, ServerOutput } from './output.ts';
import { ReplyTemplates } from './reply-templates.ts';
import type { Subnet } from './subnet.ts';

/** Octets that a reply needs at most in an Ethernet frame; a writer grows beyond by itself. */
const REPLY_SIZE = 1500;

/** What the engine has to say, and the buffers that it is written in. */
export class Outbox {
  /** From {@link #next} up to {@link #end}; what stands elsewhere was handed out. */
  readonly #outputs: (ServerOutput | undefined)[] = [];
  #next = 0;
  #end = 0;
  /** One for each reply of the same `handle`, nearly always a single one; used again by the next. */
  readonly #writers: ByteWriter[] = [];
  #writersInUse = 0;
  readonly #templates = new Map<Subnet, ReplyTemplates>();

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
    let writer = this.#writers[this.#writersInUse];
    if (writer === undefined) {
      writer = new ByteWriter(REPLY_SIZE);
      this.#writers.push(writer);
    }
    this.#writersInUse++;
    writer.reset();
    return writer;
  }

  /** Replies that were made for clients of a subnet. */
  templatesOf(subnet: Subnet): ReplyTemplates {
    let templates = this.#templates.get(subnet);
    if (templates === undefined) {
      templates = new ReplyTemplates(subnet.options);
      this.#templates.set(subnet, templates);
    }
    return templates;
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

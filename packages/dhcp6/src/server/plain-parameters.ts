import { ByteWriter } from '@router7/wire';
import { writeOptions } from '../message-codec.ts';
import type { Option } from '../option.ts';
import { areAt } from './plain-message.ts';
import { pushParameters } from './reply.ts';

/** Lists of wanted options that are remembered: each system has its own. */
const MOST = 64;

/** The octets of the parameters that a list of wanted options asks for. */
interface Parameters {
  /** The list's octets; undefined when there is no list. */
  readonly request: Uint8Array | undefined;
  readonly octets: Uint8Array;
}

/** The parameters of one link, encoded once for all clients that ask for the same. */
export class PlainParameters {
  readonly #settings: ReadonlyMap<number, Option>;
  #known: Parameters[] = [];
  #last: Parameters | undefined;

  /** @param settings the link's options by code */
  constructor(settings: ReadonlyMap<number, Option>) {
    this.#settings = settings;
  }

  /** The options that go along, for the value of option 6 that lies there. @param start -1 when there is none */
  wanted(payload: Uint8Array, start: number, end: number): Uint8Array {
    const isWanted = ({ request }: Parameters): boolean =>
      request === undefined || start < 0 ? request === undefined && start < 0 : areAt(request, payload, start, end);
    if (this.#last !== undefined && isWanted(this.#last)) return this.#last.octets;
    // A copy: `slice()` of a Buffer would be a view of what is overwritten by the next datagram.
    this.#last =
      this.#known.find(isWanted) ?? this.#add(start < 0 ? undefined : new Uint8Array(payload.subarray(start, end)));
    return this.#last.octets;
  }

  #add(request: Uint8Array | undefined): Parameters {
    const options: Option[] = [];
    const codes = request && Array.from({ length: request.length / 2 }, (_, i) => codeAt(request, 2 * i));
    pushParameters(options, codes, this.#settings);
    const writer = new ByteWriter();
    writeOptions(writer, options);
    const added = { request, octets: writer.finish() };
    if (this.#known.length >= MOST) this.#known = [];
    this.#known.push(added);
    return added;
  }
}

function codeAt(b: Uint8Array, at: number): number {
  return ((b[at] as number) << 8) | (b[at + 1] as number);
}

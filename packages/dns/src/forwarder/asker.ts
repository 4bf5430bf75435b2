import { HeaderFlag } from '../header.ts';
import type { QueryView } from '../scan/query-view.ts';
import type { ClientTransport } from './input.ts';
import { QUESTION_LIMIT } from './question-limit.ts';

/** What is to be known of a query when the response is made, which may take the query's place. */
export class Asking {
  hasOpt: boolean = false;
  dnssecOk: boolean = false;
  /** Whether AD may be set in the response: RFC 6840 section 5.8, when DO or AD was set in the query. */
  wantsAuthentic: boolean = false;
  checkingDisabled: boolean = false;
  recursionDesired: boolean = false;
  overTcp: boolean = false;
  /** Octets of a response, its OPT record included. */
  limit: number = 512;
  hasCookie: boolean = false;
  /** The client's part of the cookie. */
  readonly cookie: Uint8Array = new Uint8Array(8);
  source: number = 0;
  /** It asks who we are (RFC 5001). */
  nsid: boolean = false;
  /** It sent a client subnet (RFC 7871). */
  subnet: boolean = false;

  /**
   * @param maximumUdpSize what a response over UDP never exceeds, octets
   */
  take(view: QueryView, transport: ClientTransport, source: number, maximumUdpSize: number): void {
    const { flags } = view;
    this.hasOpt = view.hasOpt;
    this.dnssecOk = view.dnssecOk;
    this.wantsAuthentic = view.dnssecOk || (flags & HeaderFlag.authenticData) !== 0;
    this.checkingDisabled = (flags & HeaderFlag.checkingDisabled) !== 0;
    this.recursionDesired = (flags & HeaderFlag.recursionDesired) !== 0;
    this.overTcp = transport === 'tcp';
    this.limit = this.overTcp ? 0xffff : Math.min(view.udpSize, maximumUdpSize);
    this.hasCookie = view.cookieAt > 0;
    if (this.hasCookie) for (let i = 0; i < 8; i++) this.cookie[i] = view.bytes[view.cookieAt + i] as number;
    this.source = source;
    this.subnet = view.clientSubnet;
    this.nsid = view.nsid;
  }
}

/** A client that waits. */
export class Asker extends Asking {
  /** The caller's. */
  number: number = 0;
  flavour: number = 0;
  /** The query's header and question, as the client spelt it. */
  readonly question: Uint8Array = new Uint8Array(QUESTION_LIMIT);
  /** 12 when the query had no question that could be read. */
  questionEnd: number = 0;
  /** What it is to be told, see `Outcome`; and what belongs to that. */
  outcome: number = 0;
  rcode: number = 0;
  extendedError: number = -1;
  /** Which answer it is to be told. */
  answerSerial: number = 0;
  /** The next one who waits for the same. */
  next: Asker | undefined = undefined;
  waiting: boolean = false;
}

import type { ClockSlew } from '../system/clock-setting.ts';
import type { DiscardReason } from './reply-fault.ts';

/** What an `NtpEngine` wants done. */
export type NtpAction =
  | { readonly kind: 'resolve'; readonly name: string }
  /** Send this to port 123, from a port that nobody knows (RFC 9109 section 3), and tell when it has left. */
  | { readonly kind: 'ask'; readonly server: number; readonly address: string; readonly payload: Uint8Array }
  /** No answer is awaited any more. */
  | { readonly kind: 'forget'; readonly server: number }
  /** Set the clock forward by so much, or back. */
  | { readonly kind: 'step'; readonly byMs: number }
  /** Let the kernel correct it little by little. */
  | { readonly kind: 'slew'; readonly slew: ClockSlew };

/** What an `NtpEngine` has to tell. */
export type NtpEvent =
  /** The time is known, for the first time or again. */
  | {
      readonly kind: 'synchronized';
      readonly offsetMs: number;
      readonly errorMs: number;
      /** Servers that agree, of those that count. */
      readonly agreeing: number;
      readonly servers: number;
    }
  /** It is not known any more, or not found out: nobody answers, or no majority agrees. */
  | { readonly kind: 'lost'; readonly why: 'silence' | 'no-majority' | 'before-saved-time' }
  /** A server wants to be left alone, or to be asked more rarely. */
  | { readonly kind: 'kissed'; readonly address: string; readonly code: string }
  /** The majority says something else than this server, time and again. */
  | { readonly kind: 'falseticker'; readonly address: string; readonly name: string; readonly offsetMs: number }
  | { readonly kind: 'discarded'; readonly address: string; readonly reason: DiscardReason };

/** What an `NtpEngine` has to say. */
export type NtpOutput = NtpAction | NtpEvent;

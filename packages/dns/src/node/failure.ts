import type { FailureReason } from '@router7/dns';

const REASONS: Readonly<Record<string, FailureReason>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'closed',
  EPIPE: 'closed',
  EPROTO: 'closed',
  ETIMEDOUT: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTUNREACH: 'unreachable',
};

/** Why a connection was not made, or did not last, by the error that Node has for it. */
export function failureOf(error: unknown): FailureReason {
  // Several addresses were tried.
  if (error instanceof AggregateError) return failureOf(error.errors[0]);
  const code = error instanceof Error ? String((error as { code?: unknown }).code) : '';
  const known = REASONS[code];
  if (known !== undefined) return known;
  // OpenSSL's codes of what is wrong with a certificate have underscores, and so has Node's for a name that it is not for.
  if (/^(?!ERR_SSL_|ERR_HTTP2_|ERR_STREAM_|ERR_SOCKET_)[A-Z]+(_[A-Z0-9]+)+$/.test(code)) return 'authentication';
  return code.startsWith('ERR_') ? 'closed' : 'unreachable';
}

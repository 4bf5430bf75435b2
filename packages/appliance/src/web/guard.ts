import type { Context, MiddlewareHandler } from 'hono';
import { LoginDelay } from '../runtime/login-delay.ts';
import { isLocalHost, isSameOrigin, peerAddress } from '../runtime/request-origin.ts';
import { checkLogin } from '../runtime/web-login.ts';
import type { Clock } from '../system/clock.ts';

/** What comes with each request beside what is in it. */
export type WebEnv = {
  Bindings: {
    readonly incoming?: { readonly socket: { readonly remoteAddress?: string | undefined } };
    /** By the unix socket, which only root can open: that is login enough. */
    readonly viaSocket?: boolean;
  };
};

/** Answers a request. */
export type WebFetch = (request: Request, env: WebEnv['Bindings']) => Response | Promise<Response>;

const POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  'img-src data:',
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** What {@link guard} needs. */
export interface GuardOptions {
  readonly passwordFiles: readonly string[];
  /** The machine's own name, by which it may be called as well. */
  readonly hostname: () => string;
  readonly clock: Clock;
}

/** Stands before every page: who may come in, and what a browser may do with what it gets. */
export function guard({ passwordFiles, hostname, clock }: GuardOptions): MiddlewareHandler<WebEnv> {
  const delay = new LoginDelay();
  return async (context, next) => {
    const { req, env } = context;
    context.header('Content-Security-Policy', POLICY);
    context.header('X-Frame-Options', 'DENY');
    context.header('X-Content-Type-Options', 'nosniff');
    context.header('Referrer-Policy', 'same-origin');
    context.header('Cross-Origin-Resource-Policy', 'same-origin');
    context.header('Cache-Control', 'no-store');
    const host = req.header('host');
    if (!isLocalHost(host) && hostNameOf(host) !== hostname().toLowerCase()) {
      return context.text('forbidden: this is not a name of this router\n', 403);
    }
    const sender = { fetchSite: req.header('sec-fetch-site'), origin: req.header('origin'), host };
    const isReading = req.method === 'GET' || req.method === 'HEAD';
    if (!isReading && !isSameOrigin(sender))
      return context.text('forbidden: the request came from another site\n', 403);
    if (env?.viaSocket === true) return next();

    const peer = peerAddress(env?.incoming?.socket.remoteAddress);
    const now = clock.now();
    const wait = delay.secondsLeft(peer, now);
    // Not even the right password is looked at: how long it takes, and what comes back, tells nothing about it.
    if (wait > 0) return context.text('too many wrong passwords, wait\n', 429, { 'Retry-After': String(wait) });
    switch (checkLogin(req.header('authorization'), passwordFiles)) {
      case 'no-password':
        return context.text('forbidden: this router has no password, so only root may, by its unix socket\n', 403);
      case 'refused':
        delay.failed(peer, now);
        return askForLogin(context, 'invalid username/password\n');
      case 'none':
        return askForLogin(context, 'login needed: user gokrazy\n');
      case 'granted':
        delay.granted(peer);
        return next();
    }
  };
}

/** Whether a request was made by a browser: all of them say where a request that changes something comes from. */
export function isBrowser({ req }: Context): boolean {
  return req.header('origin') !== undefined || req.header('sec-fetch-site') !== undefined;
}

/** The name in a Host header, without a port and the dot at the end. */
export function hostNameOf(host: string | undefined): string | undefined {
  return /^(\[[^\]]+\]|[^:]+?)\.?(?::\d+)?$/.exec(host ?? '')?.[1]?.toLowerCase();
}

function askForLogin(context: Context, text: string): Response {
  return context.text(text, 401, { 'WWW-Authenticate': 'Basic realm="gokrazy"' });
}

import type { HttpBindings } from '@hono/node-server';
import type { Lease } from '@router7/dhcp4';
import { MacAddress } from '@router7/wire';
import { type Context, Hono } from 'hono';
import type { Registry } from 'prom-client';
import { LoginDelay } from '../runtime/login-delay.ts';
import { metricsResponse } from '../runtime/metrics.ts';
import { isLocalHost, isPrivatePeer, isSameOrigin, peerAddress } from '../runtime/request-origin.ts';
import { checkLogin } from '../runtime/web-login.ts';
import type { Clock } from '../system/clock.ts';
import { entryOf } from './lease-entry.ts';
import { type Html, leasePage, messagePage } from './lease-page.ts';
import { LEASE_PAGE_STYLE_HASH } from './lease-page-style.ts';
import { isFresh, leaseByName, viewLeases } from './lease-view.ts';
import type { VendorNames } from './vendor-names.ts';

/** Octets that a form may have; the longest honest one has about a hundred. */
const LONGEST_FORM = 4096;

const POLICY = [
  "default-src 'none'",
  `style-src '${LEASE_PAGE_STYLE_HASH}'`,
  'img-src data:',
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** How a wish for a host name ended: `done`, or why not. */
export type SetHostNameResult = 'done' | 'bad-name' | 'reserved' | 'taken' | 'unknown-client' | 'not-running';

const REFUSALS: Readonly<Record<Exclude<SetHostNameResult, 'done'>, string>> = {
  'bad-name': 'A name has up to 63 letters, digits and hyphens, does not begin or end with a hyphen, and is no number.',
  reserved: 'This name means something else already.',
  taken: 'Another device was given this name.',
  'unknown-client': 'There is no lease for this device.',
  'not-running': 'The DHCP server is not running at the moment.',
};

/** What the pages show and do. */
export interface LeaseServerOptions {
  readonly leases: () => Iterable<Lease>;
  /** The address whose `num` is 0. */
  readonly firstAddress: () => number;
  readonly setHostName: (client: MacAddress, hostName: string) => Promise<SetHostNameResult>;
  readonly vendors: VendorNames;
  readonly metrics: Registry;
  readonly clock: Clock;
  /** Where the password is, see `checkLogin`. */
  readonly passwordFiles?: readonly string[];
}

type Env = { Bindings: HttpBindings };

/** dhcp4d's pages on port 8067, for peers with a private address. */
export function leaseServer(options: LeaseServerOptions): Hono<Env> {
  const { leases, clock, vendors } = options;
  const app = new Hono<Env>();

  app.use(async (context, next) => {
    const { req, env } = context;
    context.header('Content-Security-Policy', POLICY);
    context.header('X-Content-Type-Options', 'nosniff');
    context.header('Referrer-Policy', 'same-origin');
    context.header('Cache-Control', 'no-store');
    if (!isPrivatePeer(env.incoming?.socket.remoteAddress, req.header('x-forwarded-for'))) {
      return context.text('forbidden: only for peers with a private address\n', 403);
    }
    if (req.path !== '/metrics' && !isLocalHost(req.header('host'))) {
      return context.text('forbidden: this is not a name of this router\n', 403);
    }
    return next();
  });

  app.get('/', async (context) => {
    await vendors.load();
    const view = viewLeases(leases(), clock.now(), (address) => vendors.nameOf(address));
    return context.html(leasePage(view) as Html);
  });

  app.get('/lease/:name{.*}', (context) => {
    const name = context.req.param('name');
    if (name === '') return context.text('no hostname given\n', 400);
    const now = clock.now();
    const lease = leaseByName(leases(), name, now);
    if (lease === undefined) return context.text('no such lease\n', 404);
    context.header('X-Lease-Active', String(isFresh(lease, now)));
    return context.json(entryOf(lease, options.firstAddress(), clock.wall() - now));
  });

  const delay = new LoginDelay();
  app.post('/sethostname', (context) => setHostName(context, options, delay));

  app.get('/metrics', () => metricsResponse(options.metrics));

  // What is left: a known path with another method, or nothing.
  app.all('/sethostname', (context) => notAllowed(context, 'POST'));
  for (const path of ['/', '/lease/:name{.*}', '/metrics'])
    app.all(path, (context) => notAllowed(context, 'GET, HEAD'));
  app.notFound((context) => {
    const { method } = context.req;
    if (!['GET', 'HEAD', 'POST'].includes(method)) return notAllowed(context, 'GET, HEAD, POST');
    return context.text('not found\n', 404);
  });
  return app;
}

function notAllowed(context: Context, allow: string): Response {
  return context.text('method not allowed\n', 405, { Allow: allow });
}

function askForLogin(context: Context): Response {
  return context.text('login needed: user gokrazy\n', 401, { 'WWW-Authenticate': 'Basic realm="gokrazy"' });
}

/** A person names a device (row D4S-15): with login, from our own page or from a program. */
async function setHostName(context: Context<Env>, options: LeaseServerOptions, delay: LoginDelay): Promise<Response> {
  const { req, env } = context;
  const sender = { fetchSite: req.header('sec-fetch-site'), origin: req.header('origin'), host: req.header('host') };
  const refuse = (status: 400 | 403 | 413 | 503, message: string): Response | Promise<Response> =>
    context.html(messagePage('Not renamed', message) as Html, status);
  if (!isSameOrigin(sender)) return refuse(403, 'The request came from another site.');
  const peer = peerAddress(env.incoming?.socket.remoteAddress);
  const now = options.clock.now();
  const wait = delay.secondsLeft(peer, now);
  // Not even the right password is looked at: how long it takes, and what comes back, tells nothing about it.
  if (wait > 0) return context.text('too many wrong passwords, wait\n', 429, { 'Retry-After': String(wait) });
  switch (checkLogin(req.header('authorization'), options.passwordFiles)) {
    case 'no-password':
      return refuse(403, 'This router has no password yet: write one into /perm/gokr-pw.txt, then try again.');
    case 'refused':
      delay.failed(peer, now);
      return askForLogin(context);
    case 'none':
      return askForLogin(context);
    case 'granted':
      delay.granted(peer);
  }
  const length = Number(req.header('content-length') ?? Number.NaN);
  if (!(length <= LONGEST_FORM)) return refuse(413, 'The form is too long.');
  let client: MacAddress;
  const form = new URLSearchParams(await req.text());
  try {
    client = MacAddress.parse(form.get('hardwareaddr') ?? '');
  } catch {
    return refuse(400, 'The form has no valid hardware address.');
  }
  const hostName = form.get('hostname');
  if (hostName === null) return refuse(400, 'The form has no host name.');
  const result = await options.setHostName(client, hostName.trim());
  if (result === 'done') return context.redirect('/', 302);
  return refuse(result === 'not-running' ? 503 : 400, REFUSALS[result]);
}

import type { HttpBindings } from '@hono/node-server';
import type { Ipv4Address, Ipv6Address } from '@router7/wire';
import { type Context, Hono } from 'hono';
import { isLocalHost, isPrivatePeer, isSameOrigin, parseHost, peerAddress } from '../runtime/request-origin.ts';

/** How a wish for a sub-name ended: `done`, or why not. */
export type SubNameResult = 'done' | 'bad-name' | 'bad-address' | 'no-lease' | 'full';

/** What the pages show and do. */
export interface DnsPagesOptions {
  /** The text of the metrics. */
  readonly metrics: () => Promise<Response>;
  /** A client wants a name below its own for an address (row DNS-09). */
  readonly setSubName: (
    client: Ipv4Address | Ipv6Address,
    name: string,
    address: Ipv4Address | Ipv6Address,
  ) => SubNameResult | Promise<SubNameResult>;
}

const REFUSALS: Readonly<Record<Exclude<SubNameResult, 'done'>, readonly [403 | 400, string]>> = {
  'bad-name': [400, 'invalid host\n'],
  'bad-address': [400, 'invalid ip\n'],
  'no-lease': [403, 'no lease\n'],
  full: [403, 'too many names\n'],
};

type Env = { Bindings: HttpBindings };

/** dnsd's pages on port 8053, for peers with a private address. */
export function dnsPages({ metrics, setSubName }: DnsPagesOptions): Hono<Env> {
  const app = new Hono<Env>();
  app.use(async (context, next) => {
    const { req, env } = context;
    context.header('X-Content-Type-Options', 'nosniff');
    context.header('Cache-Control', 'no-store');
    if (!isPrivatePeer(env.incoming?.socket.remoteAddress, req.header('x-forwarded-for'))) {
      return context.text('forbidden: only for peers with a private address\n', 403);
    }
    return next();
  });
  app.get('/metrics', metrics);
  // router7 takes both methods, and clients of its use GET.
  app.on(['GET', 'POST'], '/dyndns', (context) => answer(context, setSubName));
  app.all('/metrics', (context) => context.text('method not allowed\n', 405, { Allow: 'GET, HEAD' }));
  app.all('/dyndns', (context) => context.text('method not allowed\n', 405, { Allow: 'GET, HEAD, POST' }));
  app.notFound((context) => context.text('not found\n', 404));
  return app;
}

async function answer(context: Context<Env>, setSubName: DnsPagesOptions['setSubName']): Promise<Response> {
  const { req, env } = context;
  const sender = { fetchSite: req.header('sec-fetch-site'), origin: req.header('origin'), host: req.header('host') };
  // A page in a browser of the home is not a client that wants a name; nor is one whose name leads to this router now.
  if (!isSameOrigin(sender)) return context.text('the request came from another site\n', 403);
  if (!isLocalHost(sender.host)) return context.text('this is not a name of this router\n', 403);
  const client = peerAddress(env.incoming?.socket.remoteAddress);
  if (client === undefined) return context.text('no lease\n', 403);
  const address = parseHost(req.query('ip') ?? '');
  if (address === undefined) return context.text('invalid ip\n', 400);
  const result = await setSubName(client, req.query('host') ?? '', address);
  if (result === 'done') return context.text('ok\n');
  const [status, message] = REFUSALS[result];
  return context.text(message, status);
}

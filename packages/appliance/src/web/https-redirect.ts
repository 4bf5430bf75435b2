import { peerAddress } from '../runtime/request-origin.ts';
import { hostNameOf, type WebFetch } from './guard.ts';

/**
 * Leads browsers from HTTP to HTTPS, as gokrazy does. Who asks from this machine itself gets an answer without.
 *
 * @param port undefined while there is no certificate that works
 */
export function redirectToHttps(fetch: WebFetch, port: () => number | undefined): WebFetch {
  return (request, env) => {
    const to = port();
    if (to === undefined) return fetch(request, env);
    if (peerAddress(env.incoming?.socket.remoteAddress)?.isLoopback === true) return fetch(request, env);
    const { pathname, search } = new URL(request.url);
    const host = hostNameOf(request.headers.get('host') ?? undefined);
    if (host === undefined) return new Response('no host given\n', { status: 400 });
    const location = `https://${host}${to === 443 ? '' : `:${to}`}${pathname}${search}`;
    return new Response('over HTTPS, please\n', { status: 302, headers: { Location: location } });
  };
}

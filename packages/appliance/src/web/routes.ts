import { type Context, Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { SupervisorControl } from '../init/control.ts';
import type { Log } from '../runtime/log.ts';
import type { Clock } from '../system/clock.ts';
import { guard, hostNameOf, type WebEnv } from './guard.ts';
import { type LogChoice, LogReader } from './log-reader.ts';
import { eventOf, LogStreams, plainLine } from './log-stream.ts';
import type { Machine } from './machine.ts';
import { type Frame, type Html, messagePage } from './page.ts';
import { SCRIPT, SCRIPT_PATH } from './page-script.ts';
import { STYLE, STYLE_PATH } from './page-style.ts';
import { PowerOrders } from './power-orders.ts';
import { machineJson, serviceJson } from './service-json.ts';
import { orderService } from './service-orders.ts';
import { servicePage } from './service-page.ts';
import { statusPage } from './status-page.ts';
import { XSRF_COOKIE, XSRF_SECONDS, XsrfTokens } from './xsrf-token.ts';

/** What the pages show and do. */
export interface RoutesOptions {
  readonly control: SupervisorControl;
  /** Looks at the machine. */
  readonly machine: () => Promise<Machine>;
  /** Octets of a process; undefined when that cannot be told. */
  readonly memoryOf: (pid: number) => number | undefined;
  /** The list of what is in the image, as JSON; undefined when there is none. */
  readonly sbom: () => Promise<string | undefined>;
  readonly isImage: boolean;
  readonly hostname: () => string;
  readonly passwordFiles: readonly string[];
  readonly clock: Clock;
  readonly log: Log;
  /** Milliseconds, see {@link PowerOrders}. */
  readonly lastWords?: number;
  readonly streams?: LogStreams;
}

/** The supervisor's own log goes by this name and by these paths. */
const OWN_PATHS: readonly string[] = ['init', '/user/init', '/gokrazy/init'];
const CHOICES: readonly string[] = ['stdout', 'stderr', 'both'];
/** gokrazy's paths that change what is on the disk, and how they are asked. */
const NOT_YET: Readonly<Record<string, 'PUT' | 'POST'>> = {
  '/update/root': 'PUT',
  '/update/boot': 'PUT',
  '/update/bootonly': 'PUT',
  '/update/mbr': 'PUT',
  '/update/device-specific/*': 'PUT',
  '/update/switch': 'POST',
  '/update/testboot': 'POST',
  '/uploadtemp/*': 'PUT',
  '/divert': 'POST',
};

/** The supervisor's pages and gokrazy's protocol. */
export function routes(options: RoutesOptions): Hono<WebEnv> {
  const { control, clock } = options;
  const app = new Hono<WebEnv>();
  const tokens = new XsrfTokens();
  const streams = options.streams ?? new LogStreams();
  const power = new PowerOrders({ ...options, tokens });
  const frameOf = (context: Context<WebEnv>, title: string): Frame => ({
    title,
    hostname: options.hostname(),
    host: context.env?.viaSocket === true ? undefined : hostNameOf(context.req.header('host')),
  });
  const memoryOf = ({ pid }: { readonly pid?: number }): number | undefined =>
    pid === undefined ? undefined : options.memoryOf(pid);

  app.use(guard(options));

  app.get('/', async (context) => {
    const machine = await options.machine();
    const services = control.list();
    if (acceptsJson(context)) return context.json(machineJson(machine, services));
    const frame: Frame = { ...frameOf(context, machine.hostname), isStatus: true };
    const xsrfToken = options.isImage ? tokenFor(context, tokens) : undefined;
    return context.html(statusPage({ frame, machine, services, memoryOf, now: clock.wall(), xsrfToken }) as Html);
  });

  app.get('/status', (context) => {
    const path = context.req.query('path') ?? '';
    const service = control.find(path);
    if (service === undefined && !OWN_PATHS.includes(path)) return context.text('service not found\n', 404);
    const xsrfToken = tokenFor(context, tokens);
    context.header('X-Gokrazy-Status', service?.state === 'stopped' ? 'stopped' : 'started');
    context.header('X-Gokrazy-GOARCH', GO_ARCHITECTURES[process.arch] ?? process.arch);
    if (service !== undefined && acceptsJson(context)) return context.json(serviceJson(service));
    const name = service?.name ?? 'init';
    const memory = memoryOf(service ?? process);
    const log = new LogReader(control, name, 'both', undefined);
    const frame = frameOf(context, service === undefined ? 'Supervisor' : name);
    return context.html(servicePage({ frame, service, memory, log, now: clock.wall(), xsrfToken }) as Html);
  });

  app.get('/log', (context) => {
    const { req } = context;
    const path = req.query('path') ?? '';
    const name = OWN_PATHS.includes(path) ? 'init' : control.find(path)?.name;
    if (name === undefined) return context.text('service not found\n', 404);
    const choice = req.query('stream') ?? '';
    if (!CHOICES.includes(choice)) return context.text('stream not found\n', 404);
    const isEvents = /\btext\/event-stream\b/.test(req.header('accept') ?? '');
    const headers = { 'Content-Type': isEvents ? 'text/event-stream' : 'text/plain; charset=UTF-8' };
    if (req.method === 'HEAD') return context.body(null, 200, headers);
    const reader = new LogReader(control, name, choice as LogChoice, req.header('last-event-id') ?? req.query('after'));
    const body = isEvents
      ? streams.open(reader, (line) => eventOf(line, choice === 'both'), ':\n\n')
      : streams.open(reader, plainLine, '');
    if (body === undefined) return context.text('too many readers of logs\n', 503, { 'Retry-After': '10' });
    return context.body(body, 200, headers);
  });

  app.post('/restart', (context) => orderService(context, 'restart', control, tokens));
  app.post('/stop', (context) => orderService(context, 'stop', control, tokens));
  app.post('/reboot', (context) => power.answer(context, 'reboot', frameOf(context, '')));
  app.post('/poweroff', (context) => power.answer(context, 'poweroff', frameOf(context, '')));
  for (const path of ['/restart', '/stop', '/reboot', '/poweroff'])
    app.all(path, (context) => expected(context, 'POST'));

  app.get('/gokrazy/sbom.json', async (context) => {
    const text = await options.sbom();
    if (text === undefined) return context.text('not found: this is not an image\n', 404);
    return context.body(text, 200, { 'Content-Type': 'application/json' });
  });
  app.get(STYLE_PATH, (context) => asset(context, STYLE, 'text/css; charset=UTF-8'));
  app.get(SCRIPT_PATH, (context) => asset(context, SCRIPT, 'text/javascript; charset=UTF-8'));

  app.all('/update/features', (context) => context.text('not implemented\n', 404));
  for (const [path, method] of Object.entries(NOT_YET)) {
    app.all(path, (context) =>
      context.req.method === method ? context.text('not implemented\n', 404) : expected(context, method),
    );
  }
  for (const path of ['/', '/status', '/log', '/gokrazy/sbom.json']) {
    app.all(path, (context) => context.text('method not allowed\n', 405, { Allow: 'GET, HEAD' }));
  }
  app.notFound((context) => context.text('not found\n', 404));
  app.onError((error, context) => {
    options.log.error('cannot answer', { path: context.req.path, error });
    return context.html(
      messagePage(frameOf(context, 'That went wrong'), 'The log says more.', error.message) as Html,
      500,
    );
  });
  return app;
}

/** Go's names for what Node calls otherwise. */
const GO_ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' };

/** The browser's token, and a new one for a browser that has none, or one of an earlier supervisor. */
function tokenFor(context: Context<WebEnv>, tokens: XsrfTokens): string {
  const old = getCookie(context, XSRF_COOKIE);
  // Another form that is open in the background stays good.
  const token = tokens.isOurs(old) ? old : tokens.make();
  setCookie(context, XSRF_COOKIE, token, {
    path: '/',
    maxAge: XSRF_SECONDS,
    httpOnly: true,
    sameSite: 'Strict',
    secure: new URL(context.req.url).protocol === 'https:',
  });
  return token;
}

function acceptsJson({ req }: Context): boolean {
  return /\bapplication\/json\b/.test(req.header('accept') ?? '');
}

function expected(context: Context, method: 'PUT' | 'POST'): Response {
  return context.text(`expected a ${method} request\n`, 400, { Allow: method });
}

function asset(context: Context, content: string, type: string): Response {
  return context.body(content, 200, { 'Content-Type': type, 'Cache-Control': 'private, max-age=31536000, immutable' });
}

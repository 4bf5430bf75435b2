import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from 'hono';
import { getCookie } from 'hono/cookie';
import type { SupervisorControl } from '../init/control.ts';
import type { WebEnv } from './guard.ts';
import { readForm } from './request-form.ts';
import { statusUrl } from './service-state.ts';
import { XSRF_COOKIE, type XsrfTokens } from './xsrf-token.ts';

/** How long the browser waits for a service to end, so that it sees it done; then it sees what there is. */
const PATIENCE = 2000;

/** `POST /restart` and `/stop`, in gokrazy's words; what is stopped is started by a restart. */
export async function orderService(
  context: Context<WebEnv>,
  order: 'restart' | 'stop',
  control: SupervisorControl,
  tokens: XsrfTokens,
): Promise<Response> {
  const form = await readForm(context);
  if (form === undefined) return context.text('the form is too long\n', 413);
  const verdict = tokens.check(getCookie(context, XSRF_COOKIE), form.get('xsrftoken') ?? undefined);
  if (verdict !== 'good') return context.text(`${verdict}\n`, verdict === 'XSRF token mismatch' ? 403 : 400);
  const service = control.find(form.get('path') ?? '');
  if (service === undefined) return context.text('no such service\n', 404);
  const { name, path, state } = service;
  const kill = form.get('signal') === 'kill';
  const once = form.get('supervise') === 'once';
  const begin = async (): Promise<void> => {
    if (order === 'stop') await control.stop(name, { kill });
    else if (state === 'stopped' && !once) control.start(name);
    else await control.restart(name, { kill, once });
  };
  try {
    const done = begin();
    // What becomes of it later is in the log.
    done.catch(() => {});
    await Promise.race([done, sleep(PATIENCE, undefined, { ref: false })]);
  } catch (error) {
    return context.text(`${error instanceof Error ? error.message : String(error)}\n`, 500);
  }
  return context.redirect(statusUrl(path), 303);
}

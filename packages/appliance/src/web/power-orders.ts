import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from 'hono';
import { getCookie } from 'hono/cookie';
import type { SupervisorControl } from '../init/control.ts';
import type { Log } from '../runtime/log.ts';
import { parseGoDuration } from './go-duration.ts';
import { isBrowser, type WebEnv } from './guard.ts';
import { type Frame, type Html, messagePage } from './page.ts';
import { readForm } from './request-form.ts';
import { XSRF_COOKIE, type XsrfTokens } from './xsrf-token.ts';

/** What gokrazy gives services for SIGTERM; they have as much again for SIGKILL. */
const WAIT_PER_SIGNAL = 100_000;
/** Before the machine goes, so that the answer gets out. */
const LAST_WORDS = 1000;

/** What {@link PowerOrders} needs. */
export interface PowerOptions {
  readonly control: SupervisorControl;
  readonly tokens: XsrfTokens;
  /** Whether the machine is ours to restart. */
  readonly isImage: boolean;
  readonly log: Log;
  readonly lastWords?: number;
}

/** `POST /reboot` and `/poweroff`: ends all services, then the machine. */
export class PowerOrders {
  readonly #options: PowerOptions;
  #isGoing = false;

  constructor(options: PowerOptions) {
    this.#options = options;
  }

  /** @param frame of a page for a browser */
  async answer(context: Context<WebEnv>, order: 'reboot' | 'poweroff', frame: Frame): Promise<Response> {
    const { tokens, isImage } = this.#options;
    const form = await readForm(context);
    if (form === undefined) return context.text('the form is too long\n', 413);
    let wait = WAIT_PER_SIGNAL;
    try {
      const text = form.get('wait_per_signal') ?? '';
      if (text !== '') wait = parseGoDuration(text);
    } catch (error) {
      return context.text(`${(error as RangeError).message}\n`, 400);
    }
    // gok sends no token; a browser that is led here by another site does not either.
    const isByHand = isBrowser(context);
    if (isByHand) {
      const verdict = tokens.check(getCookie(context, XSRF_COOKIE), form.get('xsrftoken') ?? undefined);
      if (verdict !== 'good') return context.text(`${verdict}\n`, verdict === 'XSRF token mismatch' ? 403 : 400);
    }
    if (!isImage) return context.text('not implemented: this is not an image, its machine is not ours\n', 501);
    if (this.#isGoing) return context.text('already under way\n', 409);
    this.#isGoing = true;
    const began = performance.now();
    const ended = this.#endServices(wait).then(() => this.#go(order));
    const words = order === 'reboot' ? `${kexecWords(form)}Rebooting...\n` : 'Powering off...\n';
    if (isByHand) return context.html(goingPage(frame, order) as Html);
    if (isTrue(form.get('async'))) return context.text(words);
    await ended;
    return context.text(`All services killed in ${((performance.now() - began) / 1000).toFixed(3)}s\n${words}`);
  }

  /** @param wait milliseconds after which SIGKILL follows, and after which it is given up */
  async #endServices(wait: number): Promise<void> {
    const { control, log } = this.#options;
    // Not one by one as a person would stop them: a supervisor that is killed meanwhile is followed by one that starts them.
    const ended = control.end();
    const patience = (): Promise<void> => sleep(wait, undefined, { ref: false });
    await Promise.race([ended, patience()]);
    for (const { name, pid } of control.list()) {
      if (pid === undefined) continue;
      control.stop(name, { kill: true }).catch((error: unknown) => {
        log.warn('cannot end a service', { service: name, error });
      });
    }
    await Promise.race([ended, patience()]);
  }

  #go(order: 'reboot' | 'poweroff'): void {
    const { control, log, lastWords = LAST_WORDS } = this.#options;
    log.info(order === 'reboot' ? 'rebooting' : 'powering off', { why: 'asked for by the web interface' });
    setTimeout(() => {
      const going = order === 'reboot' ? control.reboot() : control.powerOff();
      going.catch((error: unknown) => {
        this.#isGoing = false;
        log.error(`cannot ${order}`, { error });
      });
    }, lastWords);
  }
}

/** gokrazy starts the new kernel by kexec unless it is told not to, and by the firmware where that fails. */
function kexecWords(form: URLSearchParams): string {
  return form.get('kexec') === 'off' ? '' : 'kexec is not available yet, restarting by the firmware\n';
}

function goingPage(frame: Frame, order: 'reboot' | 'poweroff'): Html {
  if (order === 'poweroff') {
    const title = 'Switching off';
    return messagePage({ ...frame, title }, 'The router ends its services and switches itself off.');
  }
  const message = 'The router ends its services and starts again. This page goes on to the status when it is back.';
  return messagePage({ ...frame, title: 'Restarting', returnAfter: 45 }, message);
}

/** As Go's `strconv.ParseBool`. */
function isTrue(text: string | null): boolean {
  return text !== null && /^(?:1|t|true)$/i.test(text);
}

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Name of the cookie; gokrazy's tools look for it. */
export const XSRF_COOKIE = 'gokrazy_xsrf';
/** How long a browser keeps it. */
export const XSRF_SECONDS: number = 24 * 60 * 60;

const TOKEN = /^[0-9a-f]{32}\.[0-9a-f]{64}$/;

/** Why a form is not believed to come from our own page, in gokrazy's words. */
export type XsrfVerdict = 'good' | 'XSRF cookie missing' | 'XSRF token missing' | 'XSRF token mismatch';

/**
 * Tokens that come back twice, as cookie and in the form: another site can make a browser send the cookie, but not read
 * it. They are signed, so that one who can plant a cookie (by plain HTTP, from another port) cannot choose its value.
 */
export class XsrfTokens {
  readonly #secret = randomBytes(32);

  /** A token for a browser that has none of ours. */
  make(): string {
    const random = randomBytes(16).toString('hex');
    return `${random}.${this.#sign(random)}`;
  }

  /** Whether we have made this token, since we run. */
  isOurs(token: string | undefined): token is string {
    if (token === undefined || !TOKEN.test(token)) return false;
    const [random = '', signature = ''] = token.split('.');
    return timingSafeEqual(Buffer.from(signature), Buffer.from(this.#sign(random)));
  }

  /** @param cookie its value @param form the field `xsrftoken` */
  check(cookie: string | undefined, form: string | undefined): XsrfVerdict {
    if (!cookie) return 'XSRF cookie missing';
    if (!form) return 'XSRF token missing';
    const isSame = cookie.length === form.length && timingSafeEqual(Buffer.from(cookie), Buffer.from(form));
    return isSame && this.isOurs(cookie) ? 'good' : 'XSRF token mismatch';
  }

  #sign(random: string): string {
    return createHmac('sha256', this.#secret).update(random).digest('hex');
  }
}

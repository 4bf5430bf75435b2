import type { Context } from 'hono';

/** Octets that a form may have; the longest honest one has about three hundred. */
const LONGEST_FORM = 4096;

/**
 * The fields of a POST, of the address and of its body, like Go's `FormValue`: the body's come first.
 *
 * @returns undefined when the body is too long, or does not say how long it is
 */
export async function readForm({ req }: Context): Promise<URLSearchParams | undefined> {
  const isBare = req.header('content-length') === undefined && req.header('transfer-encoding') === undefined;
  const length = isBare ? 0 : Number(req.header('content-length') ?? Number.NaN);
  if (!(length <= LONGEST_FORM)) return undefined;
  const isForm = (req.header('content-type') ?? '').startsWith('application/x-www-form-urlencoded');
  const fields = new URLSearchParams(length > 0 && isForm ? await req.text() : '');
  for (const [name, value] of new URL(req.url).searchParams) fields.append(name, value);
  return fields;
}

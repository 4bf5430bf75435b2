import { decodeUtf8, EncodeError } from '@router7/wire';
import type { Option } from '../option.ts';
import { encodeOption } from '../option-data.ts';
import { type ClientFqdn, ClientFqdnFlag } from '../options/client-fqdn.ts';

/** RFC 4702 2.2: a server sends 255 in both RCODE fields, which tell nothing any more. */
const NO_RESULT = 255;

/**
 * The answer to a client's option 81 (RFC 4702 section 4): who tells the DNS, and the name under which the client is found.
 *
 * The names of leases are in the home's DNS whatever a client says, so that is always the server. A client that wants to
 * do it itself (S is 0), or wants nobody to (N is 1), is told that it was overridden: RFC 4702 2.1 has O be 1 where the
 * server's S differs from the client's, and N be 0 where the server does an update.
 *
 * @param asked what the client has sent; the E bit, for the form of the name, is as there
 * @param name the host's label
 * @param domain option 15 of the reply; undefined when there is none
 * @returns undefined when that makes no name of the DNS: option 15 is what a person has written, and may be any text
 */
export function clientFqdnReply(asked: ClientFqdn, name: string, domain: Option | undefined): Option | undefined {
  const isOverridden = (asked.flags & ClientFqdnFlag.server) === 0;
  const form = asked.flags & ClientFqdnFlag.encoded;
  // Whether written with the final dot or without.
  const parent = domain === undefined ? '' : textOf(domain).replace(/\.$/, '');
  const full = parent === '' ? name : `${name}.${parent}`;
  const option: Option = {
    kind: 'clientFqdn',
    value: {
      flags: ClientFqdnFlag.server | (isOverridden ? ClientFqdnFlag.overridden : 0) | form,
      rcode1: NO_RESULT,
      rcode2: NO_RESULT,
      // In DNS wire form a name without a domain is a partial one, and has no final dot.
      name: form !== 0 && parent !== '' ? `${full}.` : full,
    },
  };
  return isEncodable(option) ? option : undefined;
}

/** A name that cannot be written must not cost the client its reply. */
function isEncodable(option: Option): boolean {
  try {
    encodeOption(option);
    return true;
  } catch (error) {
    if (error instanceof EncodeError) return false;
    throw error;
  }
}

function textOf(domain: Option): string {
  if (domain.kind === 'domainName') return domain.value;
  return 'data' in domain ? decodeUtf8(domain.data) : '';
}

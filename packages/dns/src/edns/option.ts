import type { EdnsOptionCode } from '../edns-code.ts';
import type { ClientSubnet } from './client-subnet.ts';
import type { Cookie } from './cookie.ts';
import type { ExtendedErrorOption } from './extended-error.ts';

/** Values of the EDNS options that have a form of their own. */
export interface EdnsOptionValues {
  /** Empty when asked for, the server's identity in an answer (RFC 5001 section 2.3). */
  readonly nsid: Uint8Array;
  /** RFC 7871 section 6. */
  readonly clientSubnet: ClientSubnet;
  /** RFC 7873 section 4. */
  readonly cookie: Cookie;
  /** Units of 100 ms; undefined from a client, who has none to state (RFC 7828 section 3.1). */
  readonly tcpKeepalive: number | undefined;
  /** How many octets of 0 (RFC 7830 section 3). */
  readonly padding: number;
  /** RFC 8914 section 2. */
  readonly extendedError: ExtendedErrorOption;
}

/** Names of the options in {@link EdnsOptionValues}. */
export type EdnsOptionName = keyof EdnsOptionValues & keyof typeof EdnsOptionCode;

/** An EDNS option; `raw` when its code is unknown or its data is not as its specification says. */
export type EdnsOption =
  | { readonly [N in EdnsOptionName]: { readonly kind: N; readonly value: EdnsOptionValues[N] } }[EdnsOptionName]
  | { readonly kind: 'raw'; readonly code: number; readonly data: Uint8Array };

import { connect as connectTcp, isIP, type LookupFunction, type Socket, type TcpNetConnectOpts } from 'node:net';
import { checkServerIdentity, connect as connectTls, type TLSSocket } from 'node:tls';

/** Where to connect, and whom to expect there. */
export interface ConnectTarget {
  /** At least one. */
  readonly addresses: readonly string[];
  readonly port: number;
  readonly name: string | undefined;
}

/** What TLS is to be like. */
export interface TlsSettings {
  /** Whether a server that cannot be authenticated is refused. */
  readonly strict: boolean;
  /** Certificates to trust instead of those that Node knows, PEM. */
  readonly certificateAuthorities: readonly string[] | undefined;
  readonly protocols: readonly string[];
  /** A session to resume. */
  readonly session: Buffer | undefined;
}

/** Connects by TCP. Of several addresses the next is tried when one does not answer within a quarter of a second. */
export function openTcp(target: ConnectTarget): Socket {
  return connectTcp(tcpOptions(target)).setNoDelay(true);
}

/** Connects by TLS: `secureConnect` when the server is who it should be, `error` and `close` otherwise. */
export function openTls(target: ConnectTarget, settings: TlsSettings): TLSSocket {
  const { name } = target;
  const { strict, certificateAuthorities, protocols, session } = settings;
  const socket = connectTls({
    ...tcpOptions(target),
    // RFC 6066 section 3: no literal addresses in SNI.
    servername: name === undefined || isIP(name) !== 0 ? '' : name,
    checkServerIdentity: (_, certificate) => checkServerIdentity(name ?? (target.addresses[0] as string), certificate),
    rejectUnauthorized: strict,
    minVersion: 'TLSv1.2',
    ...(protocols.length === 0 ? {} : { ALPNProtocols: [...protocols] }),
    ...(certificateAuthorities === undefined ? {} : { ca: [...certificateAuthorities] }),
    ...(session === undefined ? {} : { session }),
  });
  return socket.setNoDelay(true) as TLSSocket;
}

function tcpOptions({ addresses, port, name }: ConnectTarget): TcpNetConnectOpts {
  const [first] = addresses as [string];
  // node:net tries one address after the other only if it gets them by a name.
  if (name === undefined || isIP(name) !== 0) return { host: first, port };
  const all = addresses.map((address) => ({ address, family: isIP(address) }));
  const lookup: LookupFunction = (_name, { all: wantsAll }, callback) => {
    if (wantsAll === true) callback(null, all);
    else callback(null, first, isIP(first));
  };
  return { host: name, port, lookup, autoSelectFamily: true, autoSelectFamilyAttemptTimeout: 250 };
}

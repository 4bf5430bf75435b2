import { ClearTransport } from './clear-transport.ts';
import { openTcp, openTls } from './connect.ts';
import type { ConnectionEnd, ConnectionLimits } from './connection.ts';
import { DatagramExchanges, type SocketBudget } from './datagram-exchanges.ts';
import type { Transport } from './exchange.ts';
import { HostAddresses } from './host-addresses.ts';
import { HttpsConnection } from './https-connection.ts';
import { KeptConnection } from './kept-connection.ts';
import { OpportunisticTransport } from './opportunistic-transport.ts';
import { StreamConnection } from './stream-connection.ts';
import type { UpstreamServer } from './upstream-server.ts';

/** What all ways to servers have in common. */
export interface TransportSettings {
  readonly limits: ConnectionLimits;
  readonly budget: SocketBudget;
  readonly certificateAuthorities: readonly string[] | undefined;
  readonly isOwn: (address: string) => boolean;
  /** Servers that can be asked for the addresses of others. */
  readonly helpers: () => readonly Transport[];
}

type Addresses = () => readonly string[] | Promise<readonly string[]>;

/** A way to ask this server. */
export function createTransport(server: UpstreamServer, settings: TransportSettings): Transport {
  const addresses = addressesOf(server, settings);
  const { protocol, port, privacy, clearPort } = server;
  if (protocol === 'udp') return createClear(addresses, port ?? 53, settings);
  const encrypted = createEncrypted(server, addresses, settings);
  if (privacy !== 'opportunistic') return encrypted;
  return new OpportunisticTransport(encrypted, createClear(addresses, clearPort ?? 53, settings));
}

function addressesOf({ addresses = [], name }: UpstreamServer, { helpers, isOwn }: TransportSettings): Addresses {
  if (addresses.length > 0 || name === undefined) return () => addresses;
  const host = new HostAddresses({ name, helpers, isOwn });
  return () => host.get();
}

function createClear(addresses: Addresses, port: number, { limits, budget }: TransportSettings): Transport {
  const stream = new KeptConnection({
    addresses,
    open: (found, onEnd) =>
      new StreamConnection(openTcp({ addresses: found, port, name: undefined }), 'connect', limits, onEnd),
  });
  return new ClearTransport(new DatagramExchanges(addresses, port, budget), stream);
}

function createEncrypted(server: UpstreamServer, addresses: Addresses, settings: TransportSettings): Transport {
  const { protocol, name, path = '/dns-query', privacy } = server;
  const { limits, certificateAuthorities } = settings;
  const isHttps = protocol === 'https';
  const port = server.port ?? (isHttps ? 443 : 853);
  // Of this server, by this name and no other: on a resumed connection nobody looks at the certificate again.
  let session: Buffer | undefined;
  return new KeptConnection({
    addresses,
    open: (found, onEnd) => {
      const socket = openTls(
        { addresses: found, port, name },
        {
          strict: privacy !== 'opportunistic',
          certificateAuthorities,
          protocols: isHttps ? ['h2'] : [],
          session,
        },
      );
      let isTrusted = false;
      let ticket: Buffer | undefined;
      socket.on('session', (latest) => {
        ticket = latest;
        if (isTrusted) session = ticket;
      });
      socket.on('secureConnect', () => {
        isTrusted = true;
        session = ticket ?? session;
      });
      const ended = (end: ConnectionEnd): void => {
        if (!end.established) session = undefined;
        onEnd(end);
      };
      if (!isHttps) return new StreamConnection(socket, 'secureConnect', limits, ended);
      return new HttpsConnection(socket, { name: name ?? (found[0] as string), port, path }, limits, ended);
    },
  });
}

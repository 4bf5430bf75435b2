export { type Asker, clientNumber, type QueryHandler } from './asker.ts';
export type { ConnectionLimits } from './connection.ts';
export { DatagramListener, type DatagramListenerOptions } from './datagram-listener.ts';
export { ForwarderServer, type ForwarderServerOptions, type ListenAddress } from './forwarder-server.ts';
export { StreamListener, type StreamListenerOptions } from './stream-listener.ts';
export type { UpstreamProtocol, UpstreamServer } from './upstream-server.ts';
export { Upstreams, type UpstreamsOptions } from './upstreams.ts';

export { type Asker, clientNumber, type QueryHandler } from './asker.ts';
export { DatagramListener, type DatagramListenerOptions } from './datagram-listener.ts';
export { StreamListener, type StreamListenerOptions } from './stream-listener.ts';
export type { UpstreamProtocol, UpstreamServer } from './upstream-server.ts';
export { Upstreams, type UpstreamsOptions } from './upstreams.ts';

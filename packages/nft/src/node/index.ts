export { NftConnection, type NftConnectionOptions } from './connection.ts';
export type { SetSocketOption } from './socket-options.ts';

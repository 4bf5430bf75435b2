export { NftConnection, type NftConnectionOptions } from './connection.ts';
export { applyTables, readPresentTable } from './replace-table.ts';
export type { SetSocketOption } from './socket-options.ts';

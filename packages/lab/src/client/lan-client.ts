import type { Host } from '../host.ts';

/** A DHCP client that people have at home. */
export interface LanClient {
  readonly name: string;
  /** Starts it on `eth0`; it configures the address, the default route and goes on running. */
  start(host: Host): ReturnType<Host['start']>;
}

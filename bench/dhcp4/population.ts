/*
 * The network that every server of the benchmark serves, and the clients that it knows already: a table of this size is
 * what some servers become slow with.
 */
export const Network = {
  server: '10.7.0.1',
  relay: '10.7.0.2',
  prefixLength: 16,
  first: '10.7.1.0',
  last: '10.7.254.255',
  leaseTimeSeconds: 36_000,
} as const;

const FIRST = (10 << 24) | (7 << 16) | (1 << 8);

/** A client of the load generator. */
export interface BenchClient {
  readonly mac: string;
  readonly address: string;
}

/** The client with this number, as dhcp4-load.c makes it: MAC 02:07 and the number, client identifier 01 and the MAC. */
export function benchClient(number: number): BenchClient {
  const octets = [0x02, 0x07, number >>> 24, (number >>> 16) & 255, (number >>> 8) & 255, number & 255];
  const address = FIRST + number;
  return {
    mac: octets.map((octet) => octet.toString(16).padStart(2, '0')).join(':'),
    address: `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`,
  };
}

/** The first `count` clients. */
export function population(count: number): readonly BenchClient[] {
  return Array.from({ length: count }, (_, number) => benchClient(number));
}

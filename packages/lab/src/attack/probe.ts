/** A port to knock at. */
export interface Probe {
  readonly protocol: 'tcp' | 'udp';
  readonly host: string;
  readonly port: number;
  /** The source address, one of the host that knocks. */
  readonly from?: string;
}

/** What came of it: somebody answered, somebody said no, nothing at all. */
export type Outcome = 'open' | 'refused' | 'silent';

/** A probe as one word: `tcp [2001:db8::1]:80`. */
export function tellProbe({ protocol, host, port }: Probe): string {
  return `${protocol} ${host.includes(':') ? `[${host}]` : host}:${port}`;
}

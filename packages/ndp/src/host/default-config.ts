import type { MacAddress } from '@router7/wire';
import type { HostConfig } from './config.ts';

/** A host that solicits, welcomes any router, and keeps more than the RFCs ask for. */
export function defaultHostConfig(hardwareAddress: MacAddress): HostConfig {
  return {
    hardwareAddress,
    solicit: true,
    expectedRouters: undefined,
    limits: {
      // RFC 4861 6.3.4: a host "MUST retain at least two router addresses and SHOULD retain more".
      router: 16,
      onLinkPrefix: 32,
      addressPrefix: 32,
      route: 32,
      // RFC 8106 5.3.1: "it is RECOMMENDED that the DNS Repository have at least three" of either.
      dnsServer: 16,
      searchDomain: 16,
      pref64: 8,
      encryptedResolver: 8,
    },
    solicitation: { maximumDelayMs: 1000, initialRetransmissionMs: 4000, maximumRetransmissionMs: 3_600_000 },
  };
}

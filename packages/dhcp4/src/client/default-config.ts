import type { MacAddress } from '@router7/wire';
import type { ClientConfig } from './config.ts';

/**
 * What a home router asks for, in option 55's order of preference (D4C-14).
 *
 * RFC 3442: "the Classless Static Routes option code MUST appear in the parameter request list prior to both the
 * Router option code and the Static Routes option code". Some servers answer only what fits in 576 octets, in this
 * order, so what the uplink cannot work without comes first.
 *
 * 108 is asked for because diagnostics show it. The engine never gives up IPv4 for it, and stops asking when a server
 * gives no address because of it; a caller that follows RFC 8925 to the letter leaves it out.
 */
export const DEFAULT_PARAMETERS: readonly number[] = [
  1, // subnet mask
  121, // classless static routes
  33, // static routes
  3, // routers
  6, // name servers
  12, // host name
  15, // domain name
  26, // MTU
  28, // broadcast address
  42, // NTP servers
  51, // lease time
  54, // server identifier
  58, // T1
  59, // T2
  108, // IPv6-only preferred
  114, // captive portal
  119, // domain search
  120, // SIP servers
  125, // vendor-identifying information
  138, // CAPWAP access controllers
  150, // TFTP servers
  162, // encrypted DNS
  212, // 6rd
];

/**
 * The values of the RFCs, for an Ethernet interface. Change a field by `{ ...defaultClientConfig(mac), probe: false }`.
 */
export function defaultClientConfig(hardwareAddress: MacAddress): ClientConfig {
  return {
    hardwareAddress,
    parameterRequestList: DEFAULT_PARAMETERS,
    options: [],
    // An Ethernet frame's 1500 octets less the headers of IPv4 and UDP: a fragment would not reach a packet socket.
    maximumMessageSize: 1472,
    rapidCommit: false,
    selectingWindowMs: 1000,
    probe: true,
    declineWaitMs: 10_000,
    startDelayMs: [1000, 10_000],
    retry: {
      initialMs: 4000,
      maximumMs: 64_000,
      jitterMs: 1000,
      requestAttempts: 4,
      minimumRenewMs: 60_000,
    },
  };
}

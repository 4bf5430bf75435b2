import { codecByCode } from './option-codec.ts';

/** One type of IANA's registry "IPv6 Neighbor Discovery Option Formats". */
export interface OptionDefinition {
  /** 1 to 254 */
  readonly code: number;
  /** The registry's own spelling. */
  readonly ianaName: string;
  /** The `kind` of a decoded option; undefined for those that are kept as `raw`. */
  readonly name: string | undefined;
}

const assigned: readonly (readonly [code: number, ianaName: string])[] = [
  [1, 'Source Link-layer Address'],
  [2, 'Target Link-layer Address'],
  [3, 'Prefix Information'],
  [4, 'Redirected Header'],
  [5, 'MTU'],
  [6, 'NBMA Shortcut Limit Option'],
  [7, 'Advertisement Interval Option'],
  [8, 'Home Agent Information Option'],
  [9, 'Source Address List'],
  [10, 'Target Address List'],
  [11, 'CGA option'],
  [12, 'RSA Signature option'],
  [13, 'Timestamp option'],
  [14, 'Nonce option'],
  [15, 'Trust Anchor option'],
  [16, 'Certificate option'],
  [17, 'IP Address/Prefix Option'],
  [18, 'New Router Prefix Information Option'],
  [19, 'Link-layer Address Option'],
  [20, 'Neighbor Advertisement Acknowledgment Option'],
  [21, 'PvD ID Router Advertisement Option'],
  [23, 'MAP Option'],
  [24, 'Route Information Option'],
  [25, 'Recursive DNS Server Option'],
  [26, 'RA Flags Extension Option'],
  [27, 'Handover Key Request Option'],
  [28, 'Handover Key Reply Option'],
  [29, 'Handover Assist Information Option'],
  [30, 'Mobile Node Identifier Option'],
  [31, 'DNS Search List Option'],
  [32, 'Proxy Signature (PS)'],
  [33, 'Address Registration Option'],
  [34, '6LoWPAN Context Option'],
  [35, 'Authoritative Border Router Option'],
  [36, '6LoWPAN Capability Indication Option (6CIO)'],
  [37, 'DHCP Captive-Portal'],
  [38, 'PREF64 option'],
  [39, 'Crypto-ID Parameters Option (CIPO)'],
  [40, 'NDP Signature Option (NDPSO)'],
  [41, 'Resource Directory Address Option'],
  [42, 'Consistent Uptime Option'],
  [138, 'CARD Request option'],
  [139, 'CARD Reply option'],
  [144, 'Encrypted DNS Option'],
  [253, 'RFC3692-style Experiment 1'],
  [254, 'RFC3692-style Experiment 2'],
];

/** All types that are assigned, in order. */
export const optionRegistry: readonly OptionDefinition[] = assigned.map(([code, ianaName]) => {
  return { code, ianaName, name: codecByCode.get(code)?.name };
});

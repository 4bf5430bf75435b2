export { DHCP4_LEASE_FILE, type Dhcp4Lease, formatDhcp4Lease, parseDhcp4Lease } from './state/dhcp4-lease.ts';
export {
  DHCP4D_LEASES_FILE,
  type Dhcp4dLease,
  formatDhcp4dLeases,
  parseDhcp4dLeases,
} from './state/dhcp4d-leases.ts';
export { formatGoTime, parseGoTime, ZERO_TIME } from './state/go-time.ts';
export {
  type BridgeConfig,
  type ExtraRoute,
  INTERFACES_FILE,
  type InterfaceConfig,
  type InterfacesConfig,
  parseInterfaces,
} from './state/interfaces.ts';
export { type Parsed, StateError } from './state/state-file.ts';

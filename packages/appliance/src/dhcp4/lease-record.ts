import { type ClientLease, encodeOption, type Option } from '@router7/dhcp4';
import { toHex } from '@router7/wire';
import type { Dhcp4Lease } from '../state/dhcp4-lease.ts';
import { formatGoTime } from '../state/go-time.ts';
import type { Clock } from '../system/clock.ts';

/** What half of an endless lease is when its length, 2^32 - 1 seconds, is taken for a number, as router7 did. */
const ENDLESS_RENEWAL_MS = 0x7fff_ffff * 1000;

/** What dhcp4 writes for a lease: monotonic times become wall-clock ones (D4C-28). */
export function leaseRecord(lease: ClientLease, clock: Clock): Dhcp4Lease {
  const offset = clock.wall() - clock.now();
  const time = (monotonic: number): string => formatGoTime(monotonic + offset);
  return {
    // Whoever compares it with the present, as router7's diagd does, must not find an endless lease to be over.
    valid_until: time(Math.min(lease.renewAt, lease.acquiredAt + ENDLESS_RENEWAL_MS)),
    client_ip: lease.address.address.toString(),
    subnet_mask: lease.hasSubnetMask ? lease.address.mask.toString() : '',
    router: lease.routers[0]?.toString() ?? '',
    dns: lease.domainNameServers.map(String),
    acquired: time(lease.acquiredAt),
    t1: time(lease.renewAt),
    t2: time(lease.rebindAt),
    expiry: time(lease.expiresAt),
    server_id: lease.server.toString(),
    routers: lease.routers.map(String),
    ...(lease.classlessRoutes === undefined
      ? {}
      : {
          classless_routes: lease.classlessRoutes.map(({ destination, router }) => ({
            destination: destination.toString(),
            gateway: router.toString(),
          })),
        }),
    options: Object.fromEntries(lease.options.map((option) => optionEntry(option))),
  };
}

function optionEntry(option: Option): [code: string, octets: string] {
  const { code, data } = encodeOption(option);
  return [String(code), toHex(data)];
}

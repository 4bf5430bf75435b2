import { deepEqual } from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Address6 } from '../home.ts';
import { routeDelegation } from './delegation.ts';
import type { IspIpv6 } from './isp-ipv6.ts';
import { startRadvd } from './radvd.ts';

/** Prefixes that the hostile provider's servers name; the wrong one may never be taken. */
export const HostilePrefix = {
  good: '2001:db8:4200::/56',
  other: '2001:db8:4300::/56',
  wrong: '2001:db8:bad::/56',
} as const;

/** How the server takes a Renew or Rebind. */
export type HostileMood =
  /** As it should. */
  | 'goodwill'
  /** It does not know the delegation; a Request gets it again. */
  | 'NoBinding'
  | 'NoPrefixAvail'
  /** As if the client had sent to the server alone (RFC 8415 section 18.4). */
  | 'UseMulticast'
  /** With T1 after T2: the client is to ignore the IA (RFC 9915 section 21.21). */
  | 'T1 and T2 reversed'
  /** {@link HostilePrefix.good} has ended, {@link HostilePrefix.other} begins, in one Reply. */
  | 'another prefix'
  /** {@link HostilePrefix.other} has a status of NoBinding inside, {@link HostilePrefix.good} begins. */
  | 'withdrawn'
  /** A server with another DUID, as after a reboot without memory: it answers no Renew, as that is not for it. */
  | 'another server'
  | 'silence';

/** Holds the server's mood; it looks at each message. */
export const HOSTILE_MOOD_FILE = '/tmp/isp-hostile-mood';

/** Sets how the server takes what comes. */
export function setMood(mood: HostileMood): void {
  writeFileSync(HOSTILE_MOOD_FILE, mood);
}

/** Everything that goes wrong with DHCPv6, see hostile-ipv6-server.ts; and advertisements with neither M nor O. */
export const hostileIpv6: IspIpv6 = {
  summary: 'lost, wrong and useless answers before the good one, which comes from port 5547; radvd: neither M nor O',
  delegation: HostilePrefix.good,
  renewAfterSeconds: 5,
  async start({ isp }, delegation) {
    routeDelegation(isp, delegation);
    setMood('goodwill');
    const path = fileURLToPath(new URL('hostile-ipv6-server.ts', import.meta.url));
    const server = isp.startNode('isp hostile6', path);
    await server.line(/^ready/, 15_000);
    return [server, startRadvd(isp, { managed: false, other: false, autonomous: true })];
  },
  check(lease, delegation) {
    deepEqual(
      lease.delegations?.map(({ prefix }) => prefix),
      [delegation],
    );
    deepEqual(lease.dns, [Address6.dns]);
  },
};

import { Ipv4Address, type MacAddress } from '@router7/wire';
import { hardwareKey } from './client-key.ts';
import { cleanHostName, type HostNameRefusal } from './host-name.ts';
import type { Lease, LeaseTable } from './lease-table.ts';
import type { ServerContext } from './server-context.ts';

const ETHERNET = 1;

/**
 * A person names a host (row D4S-15). What a person says is stronger than what devices say: a device that has the name
 * gets another one. It is not stronger than another person's word, and never the router's own name.
 *
 * Unlike a device, a person may choose a top-level domain's name: a lamp called `kitchen` is worth that.
 */
export function setHostName(
  server: ServerContext,
  table: LeaseTable,
  client: Ipv4Address | MacAddress,
  hostName: string,
): void {
  const { leases, names, outbox } = server;
  const refuse = (reason: HostNameRefusal | 'unknown-client'): void => {
    outbox.push({ kind: 'host-name-refused', hostName, reason });
  };
  const lease = client instanceof Ipv4Address ? leases.at(client) : byHardwareAddress(server, table, client);
  if (lease === undefined || lease.state === 'declined') {
    refuse('unknown-client');
    return;
  }
  const name = cleanHostName(hostName);
  // Not made to fit without a word: the person would look for the host under what was typed.
  if (name !== hostName.toLowerCase()) {
    refuse('bad-name');
    return;
  }
  if (name !== '' && names.isReserved(name)) {
    refuse('reserved');
    return;
  }
  const address = lease.address.value;
  const ownerAddress = name === '' ? undefined : names.ownerOf(name);
  const owner = ownerAddress === undefined || ownerAddress === address ? undefined : table.byAddress(ownerAddress);
  if (owner?.hostNameOverride === name || names.isFixedElsewhere(name, address)) {
    refuse('taken');
    return;
  }
  // Out of the way first, or the name would still be taken when it is stored.
  if (owner !== undefined) leases.store({ ...owner, hostName: '' });
  const renamed: Lease = { ...lease, hostNameOverride: name };
  leases.store(renamed);
  if (owner !== undefined) {
    const other: Lease = { ...owner, hostName: names.choose(owner.hostName, owner.address.value, '') };
    leases.store(other);
    outbox.push({ kind: 'lease', what: 'renamed', lease: other });
  }
  outbox.push({ kind: 'lease', what: 'renamed', lease: renamed });
}

/** The lease of a hardware address; of several, as of a machine with several systems, the one that was used last. */
function byHardwareAddress({ leases }: ServerContext, table: LeaseTable, client: MacAddress): Lease | undefined {
  const wanted = hardwareKey(ETHERNET, client.toBytes());
  const direct = leases.byKey(wanted);
  if (direct !== undefined) return direct;
  // A person's doing, and rare: it may take its time.
  let last: Lease | undefined;
  for (const lease of table.values()) {
    if (hardwareKey(ETHERNET, lease.hardwareAddress) !== wanted || lease.state === 'declined') continue;
    if (last === undefined || lease.lastAckAt > last.lastAckAt) last = lease;
  }
  return last;
}

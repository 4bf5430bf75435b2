import { type Ipv4Address, MacAddress } from '@router7/wire';
import { chooseAddress, isFor } from './address-choice.ts';
import { hardwareKey } from './client-key.ts';
import { quarantine } from './decline.ts';
import { type Exchange, openExchange } from './exchange.ts';
import { acknowledge, offer } from './grant.ts';
import { type PendingProbe, PROBE_TIMEOUT_MS } from './probes.ts';
import { readIncoming } from './read-incoming.ts';
import type { ServerContext } from './server-context.ts';

/** A host that answers for every address shall not keep the server probing for one client. */
const MAXIMUM_FOUND_IN_USE = 8;

/** Hardware type of Ethernet: who answers is known by its address there. */
const ETHERNET = 1;

/** Who uses an address that was probed: this host, one that is not known, or nobody. */
export type ProbeAnswer = MacAddress | 'somebody' | 'nobody';

/** DHCPDISCOVER (RFC 2131 4.3.1): offers an address, or asks first whether it is really free (row D4S-13). */
export function handleDiscover(server: ServerContext, exchange: Exchange, payload: Uint8Array, now: number): void {
  const pending = server.probes.of(exchange.client.key);
  if (pending !== undefined) {
    // Sent again meanwhile: answered when the probe is over, not probed again.
    server.probes.replacePayload(pending, new Uint8Array(payload), exchange.incoming.source);
    return;
  }
  place(server, exchange, payload, 0, now);
}

/** A probe has been answered, or its time is over, which counts as an answer that the address is free. */
export function finishProbe(server: ServerContext, probe: PendingProbe, user: ProbeAnswer, now: number): void {
  const incoming = readIncoming(probe.payload, probe.source);
  const exchange =
    typeof incoming === 'string' ? incoming : openExchange(incoming, server.config, server.subnets, server.leases);
  // It was read before without a fault; but its class or subnet is decided anew.
  if (typeof exchange === 'string') {
    server.outbox.discard(exchange);
    return;
  }
  if (user === 'nobody' || isTheClient(user, exchange.client.hardwareKey)) {
    // A person may have struck the offer out, and somebody else have got the address.
    if (isFor(exchange, server.leases, probe.address)) answer(server, exchange, probe.address, now);
    else place(server, exchange, probe.payload, probe.found, now);
    return;
  }
  foundInUse(server, probe.address, now);
  if (probe.found + 1 >= MAXIMUM_FOUND_IN_USE) server.outbox.discard('no-free-address');
  else place(server, exchange, probe.payload, probe.found + 1, now);
}

/** The answer to a probe that nobody waits for any more: an address that is on offer is taken back. */
export function handleLateProbe(server: ServerContext, address: Ipv4Address, user: ProbeAnswer, now: number): void {
  const hold = server.leases.holdAt(address);
  if (user !== 'nobody' && hold !== undefined && !isTheClient(user, hold.hardwareKey)) foundInUse(server, address, now);
}

/**
 * Whether the host that uses an address is the one that asks for it: it has kept the address over the loss of its lease or
 * of ours, and answers for it. RFC 2131 2.2 has the server look for other hosts.
 */
function isTheClient(user: ProbeAnswer, clientHardwareKey: string): boolean {
  return user instanceof MacAddress && hardwareKey(ETHERNET, user.toBytes()) === clientHardwareKey;
}

function foundInUse(server: ServerContext, address: Ipv4Address, now: number): void {
  const lease = server.leases.at(address);
  // Who answered is the client that has got it meanwhile.
  if (lease !== undefined && server.leases.isLive(lease)) return;
  server.leases.withdraw({ address });
  quarantine(server, address, undefined, now);
}

function place(server: ServerContext, exchange: Exchange, payload: Uint8Array, found: number, now: number): void {
  const { config, leases, probes, outbox } = server;
  const { client, incoming } = exchange;
  const offeredBefore = leases.heldFor(client.key);
  const address = chooseAddress(exchange, leases);
  if (address === undefined) {
    outbox.discard('no-free-address');
    return;
  }
  // An address with a lease, even an ended one, is known to be the server's to give.
  const isNew = leases.at(address) === undefined && offeredBefore?.equals(address) !== true;
  // Only on this link can hosts be heard. Which one the client is on shows in its subnet: anyone can write a `giaddr`.
  const isAudible = exchange.subnet === server.subnets.local;
  // What is taken from another client's offer was looked at for that one, if there was time.
  const isTakenOver = leases.isHeldFrom(address, client.key);
  // With so many probes under way this is a flood, and a client that is real must not have to wait until it ends. It looks
  // itself before it uses an address (RFC 2131 2.2 and 3.1 step 5), and declines what it finds in use.
  const isFlooded = probes.size >= config.maximumPendingProbes;
  if (!config.probe || !isNew || !isAudible || isTakenOver || isFlooded) {
    answer(server, exchange, address, now);
    return;
  }
  const deadline = now + PROBE_TIMEOUT_MS;
  leases.hold(address, client, deadline + config.offerHoldMs);
  probes.add({
    address,
    clientKey: client.key,
    payload: new Uint8Array(payload),
    source: incoming.source,
    deadline,
    found,
  });
  outbox.push({ kind: 'probe', address });
}

function answer(server: ServerContext, exchange: Exchange, address: Ipv4Address, now: number): void {
  // RFC 4039 3.1: a server that supports the option "SHOULD" commit at once when the client has sent it.
  if (server.config.rapidCommit && exchange.incoming.rapidCommit) acknowledge(server, exchange, address, now, true);
  else offer(server, exchange, address, now);
}

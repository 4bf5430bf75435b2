import type { Ipv4Address } from '@router7/wire';
import { chooseAddress, isFor } from './address-choice.ts';
import { quarantine } from './decline.ts';
import { type Exchange, openExchange } from './exchange.ts';
import { acknowledge, offer } from './grant.ts';
import { readIncoming } from './incoming.ts';
import { type PendingProbe, PROBE_TIMEOUT_MS } from './probes.ts';
import type { ServerContext } from './server-context.ts';

/** A host that answers for every address shall not keep the server probing for one client. */
const MAXIMUM_FOUND_IN_USE = 8;

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
export function finishProbe(server: ServerContext, probe: PendingProbe, inUse: boolean, now: number): void {
  const incoming = readIncoming(probe.payload, probe.source);
  const exchange =
    typeof incoming === 'string' ? incoming : openExchange(incoming, server.config, server.subnets, server.leases);
  // It was read before without a fault; but its class or subnet is decided anew.
  if (typeof exchange === 'string') {
    server.outbox.discard(exchange);
    return;
  }
  if (!inUse) {
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
export function handleLateProbe(server: ServerContext, address: Ipv4Address, now: number): void {
  if (server.leases.isHeld(address)) foundInUse(server, address, now);
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
  // Behind a relay agent is another link, where nobody here can be heard.
  if (!config.probe || !isNew || !incoming.message.giaddr.isUnspecified) {
    answer(server, exchange, address, now);
    return;
  }
  if (probes.size >= config.maximumPendingProbes) {
    // The client sends again in a few seconds.
    outbox.discard('busy');
    return;
  }
  const deadline = now + PROBE_TIMEOUT_MS;
  leases.hold(address, client.key, deadline + config.offerHoldMs);
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

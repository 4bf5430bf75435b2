import { Ipv4Address } from '@router7/wire';
import { CHADDR_OFFSET, u32At } from '../fixed-fields.ts';
import { BROADCAST_FLAG, MessageType } from '../message.ts';
import { FOR_EVER, grantOf, limitedLeaseTime } from './grant.ts';
import { cleanHostName } from './host-name.ts';
import { isTextAt } from './incoming.ts';
import type { Lease } from './lease-table.ts';
import type { PlainOptions } from './plain-options.ts';
import type { ServerContext } from './server-context.ts';
import type { Subnet } from './subnet.ts';

const SERVER_PORT = 67;
const CLIENT_PORT = 68;
/** Where `flags` stands. */
const FLAGS_OFFSET = 10;
const ETHERNET = 1;
const HARDWARE_LENGTH = 6;

/** A relay agent that has passed something on, and where its clients are. */
interface Relay {
  readonly address: Ipv4Address;
  readonly subnet: Subnet | undefined;
}

/**
 * Answers clients that have a lease and go on with it, by its address and under its name: DHCPOFFERs, and DHCPACKs in all
 * states, of clients that are known by their hardware address. That is nearly all that happens, and it comes to the same as
 * the long way, which decides all else: reading what the message says, who the client is, where it is, which address it is
 * to have, and what it is told about it.
 */
export class PlainAnswers {
  readonly #server: ServerContext;
  #relay: Relay = { address: Ipv4Address.unspecified, subnet: undefined };

  constructor(server: ServerContext) {
    this.#server = server;
  }

  /**
   * Answers a message.
   *
   * @param options of the message
   * @returns false when it has to go the long way: then nothing has been done
   */
  answer(payload: Uint8Array, options: PlainOptions, now: number): boolean {
    const { leases, probes } = this.#server;
    const { type } = options;
    if (type !== MessageType.discover && type !== MessageType.request) return false;
    const entry = this.#entryOf(payload, options);
    if (entry < 0 || !leases.isBefore(leases.plain.endAt(entry))) return false;
    const subnet = this.#subnetOf(payload, type);
    if (subnet === undefined || subnet.classes.length > 0) return false;
    const address = leases.plain.addressAt(entry);
    if (!subnet.isDynamic(address)) return false;
    if (leases.hasHolds || probes.size > 0 || subnet.hasReservations) {
      const { clientKey } = leases.plain.leaseAt(entry);
      if (subnet.reservedFor(clientKey, clientKey) !== undefined || !leases.isUnheld(address)) return false;
      if (leases.heldFor(clientKey) !== undefined || probes.of(clientKey) !== undefined) return false;
    }
    return type === MessageType.discover
      ? this.#offer(payload, options, subnet, entry, now)
      : this.#acknowledge(payload, options, subnet, entry, now);
  }

  /** The client, by `chaddr` and an option 61 that says the same or nothing. */
  #entryOf(payload: Uint8Array, { identifierAt, identifierLength }: PlainOptions): number {
    if (payload[2] !== HARDWARE_LENGTH) return -1;
    const htype = payload[1] as number;
    if (identifierLength > 0) {
      if (identifierLength !== HARDWARE_LENGTH + 1 || payload[identifierAt] !== htype) return -1;
      for (let i = 0; i < HARDWARE_LENGTH; i++) {
        if (payload[identifierAt + 1 + i] !== payload[CHADDR_OFFSET + i]) return -1;
      }
    }
    return this.#server.leases.plain.find(htype, identifierLength > 0, payload, CHADDR_OFFSET);
  }

  /** Where the client is, as `openExchange` finds it. */
  #subnetOf(payload: Uint8Array, type: number): Subnet | undefined {
    const { subnets } = this.#server;
    const giaddr = u32At(payload, 24);
    if (giaddr !== 0) {
      if (this.#relay.address.value !== giaddr) {
        const address = new Ipv4Address(giaddr);
        this.#relay = { address, subnet: subnets.containing(address) };
      }
      return this.#relay.subnet;
    }
    const ciaddr = u32At(payload, 12);
    return type === MessageType.discover || ciaddr === 0 ? subnets.local : subnets.containing(new Ipv4Address(ciaddr));
  }

  #offer(payload: Uint8Array, options: PlainOptions, subnet: Subnet, entry: number, now: number): boolean {
    const { config, leases, outbox, random } = this.#server;
    const end = leases.plain.endAt(entry);
    // Its own lease keeps the address from others for long enough.
    if (end <= now + config.offerHoldMs) return false;
    const templates = outbox.templatesOf(subnet);
    const template = templates.find(payload, options);
    const seconds = leaseTimeFor(subnet, options.leaseTimeSeconds ?? (end - now) / 1000);
    if (template === undefined || !isPlainTime(seconds)) return false;
    const grant = grantOf(seconds, random, '', false);
    const address = leases.plain.addressAt(entry);
    const reply = templates.fill(template, payload, options, MessageType.offer, 0, address, grant);
    const lease = leases.plain.leaseAt(entry);
    this.#send(payload, reply, lease, 0, false);
    leases.foresee(lease, now + seconds * 1000, now);
    return true;
  }

  #acknowledge(payload: Uint8Array, options: PlainOptions, subnet: Subnet, entry: number, now: number): boolean {
    const { leases, outbox, random } = this.#server;
    const { serverIdentifier, leaseTimeSeconds } = options;
    const lease = leases.plain.leaseAt(entry);
    const address = lease.address.value;
    const ciaddr = u32At(payload, 12);
    const isSelecting = serverIdentifier !== undefined;
    if (isSelecting && (serverIdentifier !== subnet.serverIdentifier.value || ciaddr !== 0)) return false;
    // SELECTING and INIT-REBOOT, or RENEWING and REBINDING.
    if ((ciaddr === 0 ? options.requestedAddress : ciaddr) !== address) return false;
    if (!this.#keepsName(payload, options, lease)) return false;
    const templates = outbox.templatesOf(subnet);
    const template = templates.find(payload, options);
    const left = isSelecting ? (lease.expiresAt - now) / 1000 : undefined;
    const seconds = leaseTimeFor(subnet, leaseTimeSeconds ?? left);
    if (template === undefined || !isPlainTime(seconds)) return false;
    const grant = grantOf(seconds, random, '', false);
    const renewed: Lease = {
      address: lease.address,
      state: 'bound',
      clientKey: lease.clientKey,
      hardwareAddress: lease.hardwareAddress,
      clientIdentifier: lease.clientIdentifier,
      hostName: lease.hostName,
      hostNameOverride: '',
      expiresAt: now + seconds * 1000,
      lastAckAt: now,
    };
    leases.prolong(entry, lease, renewed);
    outbox.push({ kind: 'lease', what: 'renewed', lease: renewed });
    const reply = templates.fill(template, payload, options, MessageType.ack, ciaddr, address, grant);
    this.#send(payload, reply, renewed, ciaddr, true);
    return true;
  }

  /** Whether a client calls itself by the name that it has, or says nothing about it. */
  #keepsName(payload: Uint8Array, { nameAt, nameLength }: PlainOptions, { hostName, address }: Lease): boolean {
    if (nameLength > 0 && !isTextAt(hostName, payload, nameAt, nameLength)) return false;
    if (hostName === '') return true;
    return this.#server.names.isSettled(hostName, address.value) && cleanHostName(hostName) === hostName;
  }

  /** RFC 2131 4.1 on where replies go: as `deliver`, where the words of the RFC are. */
  #send(request: Uint8Array, payload: Uint8Array, lease: Lease, ciaddr: number, durable: boolean): void {
    let destination = lease.address;
    let port = CLIENT_PORT;
    let hardwareAddress: Uint8Array | undefined;
    if (u32At(request, 24) !== 0) {
      destination = this.#relay.address;
      port = SERVER_PORT;
    } else if (ciaddr === 0) {
      const isBroadcast = ((request[FLAGS_OFFSET] as number) << 8) & BROADCAST_FLAG;
      const isEthernet = request[1] === ETHERNET && ((request[CHADDR_OFFSET] as number) & 1) === 0;
      if (isBroadcast !== 0 || !isEthernet) destination = Ipv4Address.broadcast;
      else hardwareAddress = lease.hardwareAddress;
    }
    this.#server.outbox.push({ kind: 'send', payload, destination, port, hardwareAddress, durable });
  }
}

/** Whether a lease time has an end, and a place in a reply. */
function isPlainTime(seconds: number): boolean {
  return seconds >>> 0 === seconds && seconds !== FOR_EVER;
}

function leaseTimeFor({ config }: Subnet, wanted: number | undefined): number {
  return limitedLeaseTime(wanted, config.leaseTimeSeconds, config.maximumLeaseTimeSeconds);
}

import assert from 'node:assert';
import { Ipv4Address, Ipv4Prefix, MacAddress } from '@router7/wire';
import {
  decodeMessage,
  encodeMessage,
  type Message,
  MessageType,
  Op,
  type Option,
  type OptionName,
  type OptionValues,
  optionValue,
} from '../../src/index.ts';
import type { ServerConfig, SubnetConfig } from '../../src/server/config.ts';
import { defaultServerConfig } from '../../src/server/default-config.ts';
import { ServerEngine } from '../../src/server/engine.ts';
import type { ServerInput } from '../../src/server/input.ts';
import type { Lease, LeaseTable } from '../../src/server/lease-table.ts';
import { MemoryLeaseTable } from '../../src/server/memory-lease-table.ts';
import type { ServerEvent, ServerOutput, ServerSend } from '../../src/server/output.ts';

export const ip = (text: string): Ipv4Address => Ipv4Address.parse(text);
export const mac = (text: string): MacAddress => MacAddress.parse(text);

export const ROUTER = ip('192.168.42.1');
export const NOBODY = Ipv4Address.unspecified;

/** A small subnet, so that a pool is used up soon: 192.168.42.10 to .19. */
export const SUBNET: SubnetConfig = {
  prefix: Ipv4Prefix.parse('192.168.42.1/24'),
  pools: [{ first: ip('192.168.42.10'), last: ip('192.168.42.19') }],
  leaseTimeSeconds: 1200,
  maximumLeaseTimeSeconds: 7200,
  options: [
    { kind: 'router', value: [ROUTER] },
    { kind: 'domainNameServer', value: [ROUTER] },
    { kind: 'domainName', value: 'lan' },
    { kind: 'domainSearch', value: ['lan'] },
  ],
  reservations: [],
  classes: [],
};

export const CONFIG: ServerConfig = { ...defaultServerConfig(SUBNET.prefix), subnets: [SUBNET] };

/** Settings with some of the subnet's changed. */
export function withSubnet(subnet: Partial<SubnetConfig>, server: Partial<ServerConfig> = {}): ServerConfig {
  return { ...CONFIG, ...server, subnets: [{ ...SUBNET, ...subnet }] };
}

/** A server that goes the long way with everybody, for all are in a class that changes nothing. */
export function withClass(config: ServerConfig): ServerConfig {
  const everybody = { name: 'everybody', matches: () => true, options: [] };
  return {
    ...config,
    subnets: config.subnets.map((subnet) => ({ ...subnet, classes: [everybody, ...subnet.classes] })),
  };
}

/** A reply as the client or relay agent gets it. */
export interface Received {
  readonly message: Message;
  readonly send: ServerSend;
}

/** Fields and options of a message that a test wants to set. */
export interface Wanted {
  readonly from?: string;
  readonly htype?: number;
  readonly chaddr?: Uint8Array;
  readonly clientIdentifier?: Uint8Array;
  readonly flags?: number;
  readonly ciaddr?: Ipv4Address;
  readonly giaddr?: Ipv4Address;
  readonly source?: Ipv4Address;
  readonly xid?: number;
  readonly options?: readonly Option[];
}

/** A server with a scripted clock, and whatever hosts a test makes up. */
export class SimulatedLan {
  now = 1_000_000;
  readonly table: LeaseTable;
  readonly #random: () => number;
  engine: ServerEngine;
  /** What the last input led to. */
  outputs: ServerOutput[] = [];

  constructor(
    config: ServerConfig = CONFIG,
    table: LeaseTable = new MemoryLeaseTable(),
    random: () => number = () => 0,
  ) {
    this.table = table;
    this.#random = random;
    this.engine = new ServerEngine(config, table, { random });
  }

  /** Another engine over the same table, as after a restart. */
  restart(config: ServerConfig = CONFIG): void {
    this.engine = new ServerEngine(config, this.table, { random: this.#random });
  }

  handle(input: ServerInput): ServerOutput[] {
    this.engine.handle(input, this.now);
    this.outputs = [];
    for (let output = this.engine.poll(); output !== undefined; output = this.engine.poll()) {
      this.outputs.push(output.kind === 'send' ? { ...output, payload: output.payload.slice() } : output);
    }
    return this.outputs;
  }

  /** Lets time go by, waking the engine whenever it wants to be. All outputs meanwhile. */
  advance(milliseconds: number): ServerOutput[] {
    const until = this.now + milliseconds;
    const all: ServerOutput[] = [];
    for (let due = this.engine.deadline(); due !== undefined && due <= until; due = this.engine.deadline()) {
      this.now = Math.max(this.now, due);
      all.push(...this.handle({ kind: 'timeout' }));
      const next = this.engine.deadline();
      assert(next === undefined || next > this.now, 'a deadline that was reached is over');
    }
    this.now = until;
    this.outputs = all;
    return all;
  }

  /** Sends a message; the reply, if there is one and only one. */
  send(type: number, wanted: Wanted = {}): Received | undefined {
    this.handle({ kind: 'datagram', payload: request(type, wanted), source: wanted.source ?? NOBODY });
    return this.reply();
  }

  reply(): Received | undefined {
    const sends = this.outputs.filter((output) => output.kind === 'send');
    assert(sends.length < 2, 'one message, one reply');
    const [send] = sends;
    return send === undefined ? undefined : { message: decodeMessage(send.payload, { strict: true }), send };
  }

  discover(wanted: Wanted = {}): Received {
    const reply = this.send(MessageType.discover, wanted);
    assert(reply !== undefined, 'an offer');
    assert.equal(optionValue(reply.message, 'dhcpMessageType'), MessageType.offer);
    return reply;
  }

  /** DHCPREQUEST of a client in SELECTING. */
  select(address: Ipv4Address, wanted: Wanted = {}, server: Ipv4Address = ROUTER): Received | undefined {
    return this.send(MessageType.request, {
      ...wanted,
      options: [
        { kind: 'serverIdentifier', value: server },
        { kind: 'requestedIpAddress', value: address },
        ...(wanted.options ?? []),
      ],
    });
  }

  /** DHCPREQUEST of a client in INIT-REBOOT. */
  reboot(address: Ipv4Address, wanted: Wanted = {}): Received | undefined {
    return this.send(MessageType.request, {
      ...wanted,
      options: [{ kind: 'requestedIpAddress', value: address }, ...(wanted.options ?? [])],
    });
  }

  /** DHCPREQUEST of a client in RENEWING or REBINDING. */
  renew(address: Ipv4Address, wanted: Wanted = {}): Received | undefined {
    return this.send(MessageType.request, { ciaddr: address, source: address, ...wanted });
  }

  decline(address: Ipv4Address, wanted: Wanted = {}, server: Ipv4Address = ROUTER): void {
    this.send(MessageType.decline, {
      ...wanted,
      options: [
        { kind: 'serverIdentifier', value: server },
        { kind: 'requestedIpAddress', value: address },
      ],
    });
  }

  release(address: Ipv4Address, wanted: Wanted = {}, server: Ipv4Address = ROUTER): void {
    this.send(MessageType.release, {
      ciaddr: address,
      source: address,
      ...wanted,
      options: [{ kind: 'serverIdentifier', value: server }],
    });
  }

  /** DISCOVER to ACK. The address. */
  lease(wanted: Wanted = {}): Ipv4Address {
    const address = this.discover(wanted).message.yiaddr;
    const reply = this.select(address, wanted);
    assert.equal(typeOf(reply), MessageType.ack);
    assert(reply?.message.yiaddr.equals(address));
    return address;
  }

  /** The reason for which the last datagram was dropped. */
  get discarded(): string | undefined {
    return this.outputs.find((output) => output.kind === 'discarded')?.reason;
  }

  /** What happened to leases at the last input. */
  get changes(): string[] {
    return this.outputs
      .filter((output): output is ServerEvent & { kind: 'lease' } => output.kind === 'lease')
      .map(({ what, lease }) => `${what} ${lease.address}`);
  }

  at(address: Ipv4Address): Lease | undefined {
    return this.table.byAddress(address.value);
  }
}

export function typeOf(reply: Received | undefined): number | undefined {
  return reply === undefined ? undefined : optionValue(reply.message, 'dhcpMessageType');
}

export function optionOf<N extends OptionName>(reply: Received | undefined, name: N): OptionValues[N] | undefined {
  return reply === undefined ? undefined : optionValue(reply.message, name);
}

/** The octets of a client's message. */
export function request(type: number, wanted: Wanted): Uint8Array {
  const options: Option[] = [{ kind: 'dhcpMessageType', value: type }, ...(wanted.options ?? [])];
  if (wanted.clientIdentifier !== undefined) options.push({ kind: 'clientIdentifier', value: wanted.clientIdentifier });
  return encodeMessage({
    op: Op.bootRequest,
    htype: wanted.htype ?? 1,
    hops: wanted.giaddr === undefined ? 0 : 1,
    xid: wanted.xid ?? 0x1234_5678,
    secs: 0,
    flags: wanted.flags ?? 0,
    ciaddr: wanted.ciaddr ?? NOBODY,
    yiaddr: NOBODY,
    siaddr: NOBODY,
    giaddr: wanted.giaddr ?? NOBODY,
    chaddr: wanted.chaddr ?? mac(wanted.from ?? '02:00:00:00:00:01').toBytes(),
    sname: new Uint8Array(),
    file: new Uint8Array(),
    options,
  });
}

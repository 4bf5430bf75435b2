import { EncodeError, Ipv4Address, Ipv4Prefix, MacAddress } from '@router7/wire';
import { z } from 'zod';
import { listOf, type Parsed, parseState, textOf } from './state-file.ts';

/** Where it is kept. A router without it serves with the settings of router7. */
export const DHCP4D_CONFIG_FILE = '/perm/dhcp4d/config.json';

/** What clients are told. Each key stands for an option; absent ones are as in the wider setting around. */
export interface Dhcp4dParameters {
  /** Option 3. */
  readonly routers?: readonly string[] | undefined;
  /** Option 6. */
  readonly dns?: readonly string[] | undefined;
  /** Option 15, and option 119 where `search` is absent. */
  readonly domain?: string | undefined;
  /** Option 119. */
  readonly search?: readonly string[] | undefined;
  /** Option 26, octets. */
  readonly mtu?: number | undefined;
  /** Option 42. */
  readonly ntp?: readonly string[] | undefined;
  /** Option 108: how long a client that can do without IPv4 does, in seconds (RFC 8925). */
  readonly v6_only_seconds?: number | undefined;
  /** Option 114, a URI (RFC 8910). */
  readonly captive_portal?: string | undefined;
  /** Option 121 (RFC 3442). */
  readonly static_routes?: readonly { readonly destination: string; readonly gateway: string }[] | undefined;
  /** Any other options: number, and octets in hexadecimal. */
  readonly options?: Readonly<Record<string, string>> | undefined;
}

/** A fixed address for a client, which may lie outside of the pool. */
export interface Dhcp4dReservation extends Dhcp4dParameters {
  readonly addr: string;
  readonly hardware_addr?: string | undefined;
  /** Option 61 in hexadecimal; stronger than the hardware address. */
  readonly client_id?: string | undefined;
  readonly hostname?: string | undefined;
}

/** What some clients get beyond the others. A client has to match every condition that is given. */
export interface Dhcp4dClass extends Dhcp4dParameters {
  readonly name: string;
  /** Beginning of option 60, such as `PXEClient`. */
  readonly vendor_class?: string | undefined;
  /** Option 93: one of these (0 BIOS, 7 EFI on x86-64, 11 on 64-bit Arm). */
  readonly arch?: readonly number[] | undefined;
  /** Addresses of which the first three octets count, such as `98:e8:fa:00:00:00`: one of these makers. */
  readonly makers?: readonly string[] | undefined;
  readonly lease_time_seconds?: number | undefined;
  /** `siaddr`, where the boot file is fetched from. */
  readonly next_server?: string | undefined;
  readonly boot_file?: string | undefined;
}

/** A pool and what its clients get. */
export interface Dhcp4dSubnet extends Dhcp4dParameters {
  /** First and last address of the pool. */
  readonly first?: string | undefined;
  readonly last?: string | undefined;
  /** Or: the pool's first address, counted from the network's, and the number of addresses. */
  readonly start?: number | undefined;
  readonly limit?: number | undefined;
  readonly lease_time_seconds?: number | undefined;
  /** The longest that a client gets on its own wish. */
  readonly max_lease_time_seconds?: number | undefined;
  readonly reservations?: readonly Dhcp4dReservation[] | undefined;
  readonly classes?: readonly Dhcp4dClass[] | undefined;
}

/** Settings of the server on one interface. Its own address comes from interfaces.json. */
export interface Dhcp4dInterface extends Dhcp4dSubnet {
  /** The only server there: clients that it does not know are told so instead of being left waiting. Default true. */
  readonly authoritative?: boolean | undefined;
  /** Ask by ARP whether an address is in use before it is given to somebody new. Default true. */
  readonly probe?: boolean | undefined;
  /** Two messages instead of four for clients that ask for it (RFC 4039). Default false. */
  readonly rapid_commit?: boolean | undefined;
  /** Subnets behind relay agents, each with the network's prefix. */
  readonly relayed?: readonly (Dhcp4dSubnet & { readonly prefix: string })[] | undefined;
}

/** /perm/dhcp4d/config.json, by interface. */
export interface Dhcp4dConfig {
  readonly interfaces: Readonly<Record<string, Dhcp4dInterface>>;
}

const address = textOf('an IPv4 address', Ipv4Address.parse);
const addresses = z.array(address).max(32).optional();
const prefix = textOf('an IPv4 prefix such as 10.1.0.0/24', Ipv4Prefix.parse);
const mac = textOf('a MAC address such as 02:73:53:00:ca:fe', MacAddress.parse);
const octets = z.string().regex(/^(?:[0-9a-f]{2}){1,255}$/i, { error: '1 to 255 octets in hexadecimal' });
const domain = textOf('a domain name', (name) => {
  if (!/^(?=.{1,253}$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/i.test(name)) throw new EncodeError('bad-value', name);
});
const seconds = z.number().int().min(60).max(0xffff_ffff).optional();

// What belongs to the protocol, or follows from other settings.
const RESERVED: ReadonlySet<number> = new Set([50, 51, 52, 53, 54, 55, 57, 61, 80, 82, 118]);
const code = z.string().refine((key) => /^[1-9]\d{0,2}$/.test(key) && Number(key) < 255 && !RESERVED.has(Number(key)), {
  error: 'the number of an option that may be set',
});

const parameters = {
  routers: addresses,
  dns: addresses,
  domain: domain.optional(),
  search: z.array(domain).max(16).optional(),
  mtu: z.number().int().min(68).max(65_535).optional(),
  ntp: addresses,
  v6_only_seconds: z.number().int().min(0).max(0xffff_ffff).optional(),
  captive_portal: z.string().min(1).max(255).optional(),
  static_routes: z
    .array(z.strictObject({ destination: prefix, gateway: address }))
    .max(64)
    .optional(),
  options: z.record(code, octets).optional(),
};

const reservation = z.strictObject({
  addr: address,
  hardware_addr: mac.optional(),
  client_id: octets.optional(),
  hostname: z.string().max(63).optional(),
  ...parameters,
});

const clientClass = z.strictObject({
  name: z.string(),
  vendor_class: z.string().min(1).optional(),
  arch: z.array(z.number().int().min(0).max(65_535)).optional(),
  makers: z.array(mac).optional(),
  lease_time_seconds: seconds,
  next_server: address.optional(),
  boot_file: z.string().max(127).optional(),
  ...parameters,
});

const subnet = {
  first: address.optional(),
  last: address.optional(),
  start: z.number().int().min(1).optional(),
  limit: z.number().int().min(1).optional(),
  lease_time_seconds: seconds,
  max_lease_time_seconds: seconds,
  reservations: listOf(reservation).optional(),
  classes: listOf(clientClass).optional(),
  ...parameters,
};

const schema: z.ZodType<Dhcp4dConfig> = z.strictObject({
  interfaces: z
    .record(
      z.string(),
      z.strictObject({
        authoritative: z.boolean().optional(),
        probe: z.boolean().optional(),
        rapid_commit: z.boolean().optional(),
        relayed: listOf(z.strictObject({ prefix, ...subnet })).optional(),
        ...subnet,
      }),
    )
    .default({}),
});

/** Reads the text of config.json. A reservation or class that is not valid is passed over with a warning. @throws StateError */
export function parseDhcp4dConfig(text: string, file: string = DHCP4D_CONFIG_FILE): Parsed<Dhcp4dConfig> {
  return parseState(schema, text, file);
}

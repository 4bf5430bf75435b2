import { Ipv4Prefix, Ipv6Address, Ipv6Prefix } from '@router7/wire';
import { z } from 'zod';
import { interfaceName } from './interfaces.ts';
import { listOf, type Parsed, parseState, textOf } from './state-file.ts';

/** Where it is kept. A router without it has the default profile. */
export const FIREWALL_FILE = '/perm/firewall.json';

/** Whether an interface is a part of the home, leads outside like the uplink, or is to be ignored. */
export type InterfaceRole = 'home' | 'outside' | 'none';

/** How much of the sender must be known for a UDP or TCP packet to come in by an existing mapping (RFC 4787 section 5). */
export type NatFiltering = 'endpoint-independent' | 'address-dependent' | 'address-and-port-dependent';

/** A way in for IPv6, which has no port forwardings. */
export interface Pinhole {
  /** `tcp`, `udp` or a list with commas; `''` is tcp, as in portforwardings.json. */
  readonly proto?: string | undefined;
  /** An address or a prefix of the home. */
  readonly dest_addr: string;
  /** `443` or `8000-8010`. */
  readonly port: string;
}

/** Idle times after which a connection is forgotten, in seconds. */
export interface FirewallTimers {
  readonly udp?: number | undefined;
  readonly tcp_established?: number | undefined;
  readonly tcp_transitory?: number | undefined;
  readonly icmp?: number | undefined;
  readonly other?: number | undefined;
}

/** /perm/firewall.json: read by netconfigd. What is absent is as {@link parseFirewall} says. */
export interface FirewallConfig {
  /** `router7`: the rule set of router7, which accepts everything. */
  readonly compat?: 'router7' | undefined;
  /** Roles by name, where they are to be others than interfaces.json tells. */
  readonly interfaces: Readonly<Record<string, InterfaceRole>>;
  /** Let unsolicited IPv6 into the home (RFC 6092 REC-49); the router itself stays closed. */
  readonly transparent: boolean;
  /** Answer pings from outside, and let those for the home's IPv6 hosts in (RFC 4890 section 4.3.1). */
  readonly ping: boolean;
  /** Let AH, ESP, IKE and HIP come in to the home's IPv6 hosts (RFC 6092 REC-21 to REC-26). */
  readonly ipsec: boolean;
  /** Tell who opens a TCP connection in vain over IPv6, after 6 s (RFC 6092 REC-34). */
  readonly answer_syn: boolean;
  /** Widest scope of multicast that stays at home (RFC 6092 REC-2); 8 is organization-local. */
  readonly multicast_scope: number;
  /** How strictly a packet has to come by the interface that leads back to its source. */
  readonly reverse_path: 'strict' | 'loose' | 'off';
  /** Further prefixes that neither come from outside nor go there. */
  readonly martians: readonly string[];
  /** New TCP connections from outside, for each source (a /64 of IPv6), in a second and at once; `rate` 0 is no limit. */
  readonly syn_limit: { readonly rate: number; readonly burst: number };
  /** Forward known flows past the rules, where the kernel can. */
  readonly offload: boolean;
  /** The uplink's queue is shaped: no flow may pass by it. */
  readonly shaping: boolean;
  readonly nat: { readonly filtering: NatFiltering; readonly ports: 'preserve' | 'random' };
  readonly timers: FirewallTimers;
  /** Connections that are remembered; by the memory when absent. */
  readonly conntrack_max?: number | undefined;
  readonly pinholes: readonly Pinhole[];
}

const prefix = textOf('an address or prefix such as 10.0.0.0/8', (text) =>
  text.includes(':') ? Ipv6Prefix.parse(withLength(text, 128)) : Ipv4Prefix.parse(withLength(text, 32)),
);
const prefix6 = textOf('an IPv6 address or prefix', (text) =>
  text.includes('/') ? Ipv6Prefix.parse(text) : Ipv6Address.parse(text),
);
const seconds = (min: number) => z.number().int().min(min).max(2_147_483).optional();
/** Transport protocols of a list with commas; `''` is TCP (router7). */
export const PROTOCOL_LIST: RegExp = /^(?:|(?:tcp|udp)(?:,(?:tcp|udp))*)$/;
/** A port or a range of ports. */
export const PORT_RANGE: RegExp = /^[0-9]+(?:-[0-9]+)?$/;

const schema: z.ZodType<FirewallConfig> = z.strictObject({
  compat: z.literal('router7').optional(),
  interfaces: z
    .record(interfaceName, z.enum(['home', 'outside', 'none']))
    // There would be no way out, and no rule that could name it.
    .refine(({ uplink0 = 'outside' }) => uplink0 === 'outside', { error: 'outside', path: ['uplink0'] })
    .default({}),
  transparent: z.boolean().default(false),
  ping: z.boolean().default(true),
  ipsec: z.boolean().default(true),
  answer_syn: z.boolean().default(true),
  multicast_scope: z.number().int().min(0).max(15).default(8),
  reverse_path: z.enum(['strict', 'loose', 'off']).default('strict'),
  martians: listOf(prefix),
  syn_limit: z
    .strictObject({
      rate: z.number().int().min(0).max(1_000_000).default(100),
      burst: z.number().int().min(1).max(1_000_000).default(200),
    })
    .prefault({}),
  offload: z.boolean().default(true),
  shaping: z.boolean().default(false),
  nat: z
    .strictObject({
      filtering: z
        .enum(['endpoint-independent', 'address-dependent', 'address-and-port-dependent'])
        .default('address-and-port-dependent'),
      ports: z.enum(['preserve', 'random']).default('preserve'),
    })
    .prefault({}),
  // RFC 4787 REQ-5, RFC 5382 REQ-5, RFC 5508 REQ-2 and RFC 6092 REC-12 say how short they may be.
  timers: z
    .strictObject({
      udp: seconds(120),
      tcp_established: seconds(7440),
      tcp_transitory: seconds(240),
      icmp: seconds(60),
      other: seconds(120),
    })
    .prefault({}),
  conntrack_max: z.number().int().min(1024).max(16_777_216).optional(),
  pinholes: listOf(
    z.strictObject({
      proto: z.string().regex(PROTOCOL_LIST, { error: 'tcp, udp, a list of them with commas, or ""' }).optional(),
      dest_addr: prefix6,
      port: z.string().regex(PORT_RANGE, { error: 'a port or range of ports such as 8040-8060' }),
    }),
  ),
});

/** Reads the text of firewall.json. @throws StateError */
export function parseFirewall(text: string, file: string = FIREWALL_FILE): Parsed<FirewallConfig> {
  return parseState(schema, text, file);
}

/** What holds without any file. */
export const DEFAULT_FIREWALL: FirewallConfig = parseFirewall('{}').value;

function withLength(text: string, length: number): string {
  return text.includes('/') ? text : `${text}/${length}`;
}

import { type LastingOption, Preference, type RememberedOption } from '@router7/ndp';
import { fromHex, Ipv6Address, Ipv6Prefix, toHex } from '@router7/wire';
import { z } from 'zod';
import { interfaceName } from './interfaces.ts';
import { type Parsed, parseState, textOf } from './state-file.ts';

/** Where it is kept. */
export const RADVD_STATE_FILE = '/perm/radvd/state.json';

/**
 * /perm/radvd/state.json: what the hosts on each link have been told, by name of the interface, for a radvd that starts after
 * a power cut (RFC 9096 section 3.5). How long they may hold on to it is a length of time, so that the file is only written
 * when they are told something new.
 */
export type RadvdState = ReadonlyMap<string, readonly RememberedOption[]>;

const lifetime_seconds = z.number().int().min(0).max(0xffff_ffff);
const prefix = textOf('an IPv6 prefix', Ipv6Prefix.parse);
const address = textOf('an IPv6 address', Ipv6Address.parse);
const hexadecimal = z.string().regex(/^(?:[0-9a-f]{2})*$/, { error: 'octets in lower-case hexadecimal' });
const PREFERENCES = ['low', 'medium', 'high'] as const;

const link = z.strictObject({
  prefixes: z
    .array(
      z.strictObject({
        prefix,
        on_link: z.boolean(),
        autonomous: z.boolean(),
        pd: z.boolean().optional(),
        lifetime_seconds,
      }),
    )
    .default([]),
  routes: z.array(z.strictObject({ prefix, preference: z.enum(PREFERENCES), lifetime_seconds })).default([]),
  dns_servers: z.array(z.strictObject({ address, lifetime_seconds })).default([]),
  domains: z.array(z.strictObject({ name: z.string(), lifetime_seconds })).default([]),
  pref64: z.array(z.strictObject({ prefix, lifetime_seconds })).default([]),
  encrypted_dns: z
    .array(
      z.strictObject({
        name: z.string(),
        priority: z.number().int().min(0).max(0xffff),
        addresses: z.array(address),
        parameters: hexadecimal,
        lifetime_seconds,
      }),
    )
    .default([]),
});
type LinkState = z.output<typeof link>;

const schema = z.object({ interfaces: z.record(interfaceName, link).default({}) });

/** Reads the text of state.json. What is not valid is passed over with a warning. @throws StateError */
export function parseRadvdState(text: string, file: string = RADVD_STATE_FILE): Parsed<RadvdState> {
  const { value, ...rest } = parseState(schema, text, file, true);
  return {
    ...rest,
    value: new Map(Object.entries(value.interfaces).map(([name, state]) => [name, readLink(state)])),
  };
}

/** The text of state.json. */
export function formatRadvdState(state: RadvdState): string {
  const interfaces = Object.fromEntries([...state].map(([name, options]) => [name, writeLink(options)]));
  return `${JSON.stringify({ interfaces }, undefined, 2)}\n`;
}

function readLink(state: LinkState): RememberedOption[] {
  const remembered = (option: LastingOption, entry: { readonly lifetime_seconds: number }): RememberedOption => {
    return { option, lifetimeSeconds: entry.lifetime_seconds };
  };
  return [
    ...state.prefixes.map((entry) =>
      remembered(
        {
          kind: 'prefixInformation',
          value: {
            prefix: Ipv6Prefix.parse(entry.prefix),
            onLink: entry.on_link,
            autonomous: entry.autonomous,
            routerAddress: false,
            dhcpv6PdPreferred: entry.pd ?? false,
            validLifetimeSeconds: 0,
            preferredLifetimeSeconds: 0,
          },
        },
        entry,
      ),
    ),
    ...state.routes.map((entry) => {
      const value = {
        prefix: Ipv6Prefix.parse(entry.prefix),
        preference: Preference[entry.preference],
        routeLifetimeSeconds: 0,
      };
      return remembered({ kind: 'routeInformation', value }, entry);
    }),
    ...state.dns_servers.map((entry) =>
      remembered(
        { kind: 'rdnss', value: { lifetimeSeconds: 0, addresses: [Ipv6Address.parse(entry.address)] } },
        entry,
      ),
    ),
    ...state.domains.map((entry) =>
      remembered({ kind: 'dnssl', value: { lifetimeSeconds: 0, domainNames: [entry.name] } }, entry),
    ),
    ...state.pref64.map((entry) =>
      remembered({ kind: 'pref64', value: { lifetimeSeconds: 0, prefix: Ipv6Prefix.parse(entry.prefix) } }, entry),
    ),
    ...state.encrypted_dns.map((entry) => {
      const addresses = entry.addresses.map(Ipv6Address.parse);
      const value = {
        servicePriority: entry.priority,
        lifetimeSeconds: 0,
        authenticationDomainName: entry.name,
        service: addresses.length === 0 ? undefined : { addresses, parameters: fromHex(entry.parameters) },
      };
      return remembered({ kind: 'encryptedDns', value }, entry);
    }),
  ];
}

function writeLink(options: readonly RememberedOption[]): LinkState {
  const state: LinkState = { prefixes: [], routes: [], dns_servers: [], domains: [], pref64: [], encrypted_dns: [] };
  for (const { option, lifetimeSeconds: lifetime_seconds } of options) {
    switch (option.kind) {
      case 'prefixInformation': {
        const { prefix, onLink: on_link, autonomous, dhcpv6PdPreferred } = option.value;
        const pd = dhcpv6PdPreferred ? { pd: true } : {};
        state.prefixes.push({ prefix: prefix.toString(), on_link, autonomous, ...pd, lifetime_seconds });
        break;
      }
      case 'routeInformation': {
        const { prefix, preference } = option.value;
        const name = PREFERENCES.find((each) => Preference[each] === preference) ?? 'medium';
        state.routes.push({ prefix: prefix.toString(), preference: name, lifetime_seconds });
        break;
      }
      case 'rdnss':
        for (const each of option.value.addresses)
          state.dns_servers.push({ address: each.toString(), lifetime_seconds });
        break;
      case 'dnssl':
        for (const name of option.value.domainNames) state.domains.push({ name, lifetime_seconds });
        break;
      case 'pref64':
        state.pref64.push({ prefix: option.value.prefix.toString(), lifetime_seconds });
        break;
      case 'encryptedDns': {
        const { authenticationDomainName: name, servicePriority: priority, service } = option.value;
        const addresses = (service?.addresses ?? []).map(String);
        const parameters = toHex(service?.parameters ?? new Uint8Array());
        state.encrypted_dns.push({ name, priority, addresses, parameters, lifetime_seconds });
        break;
      }
    }
  }
  return state;
}

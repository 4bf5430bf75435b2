import { EncodeError } from '@router7/wire';
import type { RouterAdvertisement } from '../message.ts';
import { encodeMessage } from '../message-codec.ts';
import type { KnownOption } from '../option.ts';
import { Preference } from '../preference.ts';
import type { RouterConfig } from './config.ts';
import type { LastingOption } from './lasting-option.ts';
import { RouterVariableError } from './variable-error.ts';

/** Type, code and checksum, and the fixed part of a Router Advertisement. */
const HEADER = 16;
/** Type, code, checksum and reserved: a Router Solicitation without options. */
const SOLICITATION_HEADER = 8;
/** An option's length octet counts up to 255 units of 8 octets. */
const LONGEST_OPTION = 255 * 8;

/** Order of the lasting options in a message; the others stand behind the search list, as router7 has it. */
const BEFORE: readonly LastingOption['kind'][] = ['rdnss', 'prefixInformation', 'dnssl'];
const BEHIND: readonly LastingOption['kind'][] = ['routeInformation', 'pref64', 'encryptedDns'];

/**
 * The octets of an advertisement (RFC 4861 section 6.2.3), as several messages where "including all options causes the size
 * of an advertisement to exceed the link MTU".
 *
 * @param lasting what hosts are told, and what is taken back
 * @param isFinal whether the router ceases to be one
 * @throws EncodeError when an option of the configuration has no encoding
 */
export function encodeAdvertisement(
  config: RouterConfig,
  lasting: readonly LastingOption[],
  isFinal: boolean,
): Uint8Array[] {
  const told = isFinal ? lasting.map(withoutRoute) : lasting;
  const options = optionsOf(config, told);
  const whole = encodeMessage(messageOf(config, options, isFinal));
  if (whole.length <= config.maximumMessageSize) return [whole];
  return split(options, config.maximumMessageSize).map((part) => encodeMessage(messageOf(config, part, isFinal)));
}

/**
 * Checks that every option has a message that holds it: "Nodes MUST NOT employ IPv6 fragmentation for sending" a Router
 * Advertisement (RFC 6980 section 5).
 *
 * @throws EncodeError as {@link encodeAdvertisement}
 * @throws RouterVariableError `maximumMessageSize`
 */
export function checkAdvertisement(config: RouterConfig, lasting: readonly LastingOption[]): void {
  const size = config.maximumMessageSize;
  const longest = Math.max(...encodeAdvertisement(config, lasting, false).map(({ length }) => length));
  if (longest > size)
    throw new RouterVariableError('maximumMessageSize', size, `${longest} or more for the longest option`);
}

/** Whether an option has an encoding that a message holds: one that was told on a larger link, or read from a file, may not. */
export function fitsMessage({ maximumMessageSize }: RouterConfig, option: LastingOption): boolean {
  try {
    return octetsOf(option) <= maximumMessageSize - HEADER;
  } catch (error) {
    if (error instanceof EncodeError) return false;
    throw error;
  }
}

function messageOf(config: RouterConfig, options: readonly KnownOption[], isFinal: boolean): RouterAdvertisement {
  const routerLifetimeSeconds = isFinal ? 0 : config.routerLifetimeSeconds;
  return {
    kind: 'routerAdvertisement',
    curHopLimit: config.curHopLimit,
    managedAddressConfiguration: config.managedAddressConfiguration,
    otherConfiguration: config.otherConfiguration,
    homeAgent: false,
    // RFC 4191 section 2.2: "If the Router Lifetime is zero, the preference value MUST be set to (00) by the sender".
    preference: routerLifetimeSeconds === 0 ? Preference.medium : config.preference,
    proxy: false,
    routerLifetimeSeconds,
    reachableTimeMilliseconds: config.reachableTimeMilliseconds,
    retransTimerMilliseconds: config.retransTimerMilliseconds,
    options,
  };
}

function optionsOf(config: RouterConfig, lasting: readonly LastingOption[]): KnownOption[] {
  const { linkMtu, linkLayerAddress, captivePortal } = config;
  const ofKind = (kinds: readonly LastingOption['kind'][]): LastingOption[] =>
    kinds.flatMap((kind) => lasting.filter((option) => option.kind === kind));
  const room = Math.min(config.maximumMessageSize - HEADER, LONGEST_OPTION);
  const options: KnownOption[] = joined(ofKind(BEFORE), room);
  if (linkMtu !== 0) options.push({ kind: 'mtu', value: linkMtu });
  if (linkLayerAddress !== undefined) options.push({ kind: 'sourceLinkLayerAddress', value: linkLayerAddress });
  options.push(...ofKind(BEHIND));
  if (captivePortal !== undefined) options.push({ kind: 'captivePortal', value: captivePortal });
  return options;
}

/** Makes one option of neighboring DNS servers, and of search domains, that last equally long, as far as there is room. */
function joined(options: readonly LastingOption[], room: number): LastingOption[] {
  const result: LastingOption[] = [];
  for (const option of options) {
    const last = result.at(-1);
    if (last !== undefined && octetsOf(last) + octetsOf(option) > room) {
      result.push(option);
    } else if (option.kind === 'rdnss' && last?.kind === 'rdnss' && same(last, option)) {
      const addresses = [...last.value.addresses, ...option.value.addresses];
      result.splice(-1, 1, { kind: 'rdnss', value: { ...last.value, addresses } });
    } else if (option.kind === 'dnssl' && last?.kind === 'dnssl' && same(last, option)) {
      const domainNames = [...last.value.domainNames, ...option.value.domainNames];
      result.splice(-1, 1, { kind: 'dnssl', value: { ...last.value, domainNames } });
    } else {
      result.push(option);
    }
  }
  return result;
}

interface WithLifetime {
  readonly value: { readonly lifetimeSeconds: number };
}

function same(a: WithLifetime, b: WithLifetime): boolean {
  return a.value.lifetimeSeconds === b.value.lifetimeSeconds;
}

function octetsOf(option: KnownOption): number {
  return encodeMessage({ kind: 'routerSolicitation', options: [option] }).length - SOLICITATION_HEADER;
}

/** RFC 4191 section 4: a router that ceases to be one takes its routes back as well. */
function withoutRoute(option: LastingOption): LastingOption {
  if (option.kind !== 'routeInformation') return option;
  return { kind: option.kind, value: { ...option.value, routeLifetimeSeconds: 0 } };
}

/** "multiple advertisements can be sent, each containing a subset of the options" (6.2.3). */
function split(options: readonly KnownOption[], size: number): KnownOption[][] {
  const parts: KnownOption[][] = [];
  let room = 0;
  for (const option of options) {
    const length = octetsOf(option);
    if (length > room) {
      parts.push([]);
      room = size - HEADER;
    }
    parts.at(-1)?.push(option);
    room -= length;
  }
  return parts;
}

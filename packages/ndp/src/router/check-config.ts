import type { Ipv6Address, Ipv6Prefix } from '@router7/wire';
import type { AdvertisedPrefix, RouterConfig } from './config.ts';
import { networkText } from './lasting-option.ts';
import { type AdvertisedLifetime, INFINITE_LIFETIME } from './lifetime.ts';
import { RouterVariableError } from './variable-error.ts';

const LONGEST_LIFETIME = 0xffff;
const HOUR_MILLISECONDS = 3_600_000;
/** An option's length octet counts up to 255 units of 8 octets, two of which are type and length. */
const LONGEST_URI = 255 * 8 - 2;
/** An IPv6 link passes packets of 1280 octets (RFC 8200 section 5). */
const SMALLEST_MTU = 1280;
const SMALLEST_MESSAGE = SMALLEST_MTU - 40;
/** RFC 8781 section 4: lengths that an IPv6 address with an IPv4 address in it can have (RFC 6052). */
const PREF64_LENGTHS: ReadonlySet<number> = new Set([32, 40, 48, 56, 64, 96]);

/**
 * Checks a configuration against the bounds of RFC 4861 section 6.2.1 and of the options.
 *
 * @throws RouterVariableError that names the first variable out of bounds
 */
export function checkRouterConfig(config: RouterConfig): void {
  const max = config.maxRtrAdvIntervalSeconds;
  // RFC 4861: "MUST be no less than 4 seconds and no greater than 1800 seconds", which RFC 8319 made 65535.
  check('maxRtrAdvIntervalSeconds', max, max >= 4 && max <= 65535, '4 to 65535');
  const min = config.minRtrAdvIntervalSeconds;
  // "MUST be no less than 3 seconds and no greater than .75 * MaxRtrAdvInterval."
  check('minRtrAdvIntervalSeconds', min, min >= 3 && min <= 0.75 * max, `3 to ${0.75 * max}`);
  const lifetime = config.routerLifetimeSeconds;
  // "MUST be either zero or between MaxRtrAdvInterval and 9000 seconds", which RFC 8319 made 65535.
  const fits = lifetime === 0 || (lifetime >= max && lifetime <= LONGEST_LIFETIME);
  check('routerLifetimeSeconds', lifetime, Number.isInteger(lifetime) && fits, `0 or ${max} to ${LONGEST_LIFETIME}`);
  // "MUST be no greater than 3,600,000 milliseconds (1 hour)."
  checkInteger('reachableTimeMilliseconds', config.reachableTimeMilliseconds, 0, HOUR_MILLISECONDS);
  checkInteger('retransTimerMilliseconds', config.retransTimerMilliseconds, 0, 0xffff_ffff);
  checkInteger('curHopLimit', config.curHopLimit, 0, 255);
  const mtu = config.linkMtu;
  const goodMtu = mtu === 0 || (Number.isInteger(mtu) && mtu >= SMALLEST_MTU && mtu <= 0xffff_ffff);
  check('linkMtu', mtu, goodMtu, `0 or ${SMALLEST_MTU} and more`);
  const size = config.maximumMessageSize;
  check('maximumMessageSize', size, size >= SMALLEST_MESSAGE, `${SMALLEST_MESSAGE} or more`);
  const source = config.linkLocalAddress;
  check('linkLocalAddress', source, source.isLinkLocal, 'a link-local address');
  checkLists(config);
}

function checkLists(config: RouterConfig): void {
  each(config, 'prefixes', checkPrefix, ({ prefix }) => networkText(prefix));
  each(
    config,
    'routes',
    ({ prefix, lifetime }, name) => {
      checkDestination(`${name}.prefix`, prefix);
      checkLifetime(`${name}.lifetime`, lifetime);
    },
    ({ prefix }) => networkText(prefix),
  );
  each(
    config,
    'dnsServers',
    ({ address, lifetime }, name) => {
      checkHost(`${name}.address`, address);
      checkLifetime(`${name}.lifetime`, lifetime);
    },
    ({ address }) => address.toString(),
  );
  each(
    config,
    'searchDomains',
    ({ name: domain, lifetime }, name) => {
      check(`${name}.name`, JSON.stringify(domain), domain !== '', 'a domain name');
      checkLifetime(`${name}.lifetime`, lifetime);
    },
    ({ name }) => name.toLowerCase(),
  );
  each(
    config,
    'pref64',
    ({ prefix, lifetime }, name) => {
      check(`${name}.prefix`, prefix, PREF64_LENGTHS.has(prefix.length), 'a length of 32, 40, 48, 56, 64 or 96');
      checkLifetime(`${name}.lifetime`, lifetime);
    },
    ({ prefix }) => networkText(prefix),
  );
  each(
    config,
    'encryptedDns',
    ({ lifetime, service }, name) => {
      checkLifetime(`${name}.lifetime`, lifetime);
      for (const [index, address] of (service?.addresses ?? []).entries()) {
        checkHost(`${name}.service.addresses[${index}]`, address);
      }
    },
    ({ authenticationDomainName, servicePriority }) => `${servicePriority} ${authenticationDomainName.toLowerCase()}`,
  );
  const { captivePortal } = config;
  if (captivePortal !== undefined) {
    const good = /^[\x21-\x7e]+$/.test(captivePortal) && captivePortal.length <= LONGEST_URI;
    check('captivePortal', JSON.stringify(captivePortal), good, `a URI of up to ${LONGEST_URI} octets`);
  }
}

function checkPrefix({ prefix, valid, preferred }: AdvertisedPrefix, name: string): void {
  checkDestination(`${name}.prefix`, prefix);
  // "The link-local prefix SHOULD NOT be included in the list of advertised prefixes."
  check(`${name}.prefix`, prefix, !prefix.address.isLinkLocal, 'another prefix than the link-local one');
  checkLifetime(`${name}.valid`, valid);
  checkLifetime(`${name}.preferred`, preferred);
  // "This value MUST NOT be larger than AdvValidLifetime."
  const most = preferred.mostSeconds;
  check(`${name}.preferred`, most, most <= valid.mostSeconds, `at most ${valid.mostSeconds}`);
  const ends = (preferred.until ?? Number.POSITIVE_INFINITY) <= (valid.until ?? Number.POSITIVE_INFINITY);
  // A preferred lifetime that has no end of its own never outlives the valid one: it is cut at each advertisement.
  check(`${name}.preferred`, preferred.until, ends || preferred.until === undefined, 'not to end after the valid one');
}

function checkDestination(name: string, prefix: Ipv6Prefix): void {
  check(name, prefix, !prefix.address.isMulticast, 'a prefix of unicast addresses');
}

function checkHost(name: string, address: Ipv6Address): void {
  const unusable = address.isMulticast || address.isUnspecified || address.isLoopback;
  check(name, address, !unusable, "a host's address");
}

function checkLifetime(name: string, { mostSeconds, until }: AdvertisedLifetime): void {
  checkInteger(name, mostSeconds, 0, INFINITE_LIFETIME);
  check(name, until, until === undefined || !Number.isNaN(until), 'a time');
}

/** Checks each entry of a list, and that none is there twice. */
function each<N extends 'prefixes' | 'routes' | 'dnsServers' | 'searchDomains' | 'pref64' | 'encryptedDns'>(
  config: RouterConfig,
  list: N,
  checkEntry: (entry: RouterConfig[N][number], name: string) => void,
  keyOf: (entry: RouterConfig[N][number]) => string,
): void {
  const keys = new Set<string>();
  for (const [index, entry] of config[list].entries()) {
    const name = `${list}[${index}]`;
    checkEntry(entry, name);
    const key = keyOf(entry);
    check(name, key, !keys.has(key), 'each one once');
    keys.add(key);
  }
}

function checkInteger(name: string, value: number, min: number, max: number): void {
  check(name, value, Number.isInteger(value) && value >= min && value <= max, `${min} to ${max}`);
}

function check(name: string, found: unknown, holds: boolean, expected: string): void {
  if (!holds) throw new RouterVariableError(name, found, expected);
}

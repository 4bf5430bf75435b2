import { toHex } from '@router7/wire';
import type { RouterAdvertisement } from '../message.ts';
import { encodeMessage } from '../message-codec.ts';
import type { Option } from '../option.ts';

/**
 * An advertisement that takes back what another one said, to be sent in the name of the router that should not have said it:
 * its lifetimes are 0, so that hosts neither use the router nor prefer its prefixes. A valid lifetime that hosts hold on to
 * ends after two hours at the latest (RFC 4862 section 5.5.3 e).
 */
export function counterAdvertisement(advertisement: RouterAdvertisement): RouterAdvertisement {
  return {
    ...advertisement,
    routerLifetimeSeconds: 0,
    // RFC 4191 section 2.2: "If the Router Lifetime is zero, the preference value MUST be set to (00) by the sender".
    preference: 0,
    managedAddressConfiguration: false,
    otherConfiguration: false,
    options: advertisement.options.flatMap((option) => shortened(option, 0) ?? []),
  };
}

/** Whether any lifetime is not 0, so that there is something to take back. */
export function isLasting(advertisement: RouterAdvertisement): boolean {
  if (advertisement.routerLifetimeSeconds > 0) return true;
  const [now, none] = [1, 0].map((most) => encodedOptions(advertisement, most));
  return now !== none;
}

/** What an advertisement says, whatever its lifetimes are as long as they are not 0: equal for two that say the same. */
export function gistOf(advertisement: RouterAdvertisement): string {
  const routerLifetimeSeconds = Math.min(advertisement.routerLifetimeSeconds, 1);
  return encodedOptions({ ...advertisement, routerLifetimeSeconds }, 1);
}

function encodedOptions(advertisement: RouterAdvertisement, most: number): string {
  const options = advertisement.options.map((option) => shortened(option, most) ?? option);
  return toHex(encodeMessage({ ...advertisement, options }));
}

/** An option with shorter lifetimes, in their own units; undefined where it has none. */
function shortened(option: Option, most: number): Option | undefined {
  const short = (seconds: number): number => Math.min(seconds, most);
  switch (option.kind) {
    case 'prefixInformation': {
      const { validLifetimeSeconds: valid, preferredLifetimeSeconds: preferred } = option.value;
      const lifetimes = { validLifetimeSeconds: short(valid), preferredLifetimeSeconds: short(preferred) };
      return { ...option, value: { ...option.value, ...lifetimes } };
    }
    case 'routeInformation':
      return { ...option, value: { ...option.value, routeLifetimeSeconds: short(option.value.routeLifetimeSeconds) } };
    case 'rdnss':
      return { ...option, value: { ...option.value, lifetimeSeconds: short(option.value.lifetimeSeconds) } };
    case 'dnssl':
      return { ...option, value: { ...option.value, lifetimeSeconds: short(option.value.lifetimeSeconds) } };
    case 'pref64':
      return { ...option, value: { ...option.value, lifetimeSeconds: 8 * short(option.value.lifetimeSeconds / 8) } };
    case 'encryptedDns':
      return { ...option, value: { ...option.value, lifetimeSeconds: short(option.value.lifetimeSeconds) } };
    default:
      return undefined;
  }
}

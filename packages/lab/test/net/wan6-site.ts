import type { Dhcp6Lease } from '@router7/appliance/state/dhcp6-lease';
import { type ClientServerMessage, decodeMessage, isRelayMessage } from '@router7/dhcp6';
import { DecodeError } from '@router7/wire';
import type { Test } from 'tap';
import type { Host } from '../../src/host.ts';
import type { Program } from '../../src/program.ts';
import { until } from '../../src/wait.ts';
import { Capture, type Seen } from './capture.ts';
import { SERVER6 } from './dhcp6-servers.ts';
import { WanSite } from './wan-site.ts';

/** A packet with a DHCPv6 message. */
export interface SeenMessage6 extends Seen {
  readonly message6: ClientServerMessage;
}

/** A provider's network segment with IPv6, and one router on it that runs dhcp6 (see {@link WanSite}). */
export class Wan6Site extends WanSite {
  /** @param config the key `dhcp6` of ipv6.json */
  constructor(t: Test, name: string, config: Readonly<Record<string, unknown>> = { addresses: 'none' }) {
    super(t, name, { address: '' });
    serveOn(this.isp, SERVER6, 'fe80::1/64');
    this.writePerm('ipv6.json', { dhcp6: config });
  }

  /** Starts dhcp6. */
  dhcp6(...args: string[]): Program {
    return this.daemon('dhcp6', ...args);
  }

  /** Captures DHCPv6 on the router's interface. */
  async capture6(): Promise<Capture6> {
    return new Capture6(await Capture.start(this.router, 'uplink0', 'arp or udp port 546 or udp port 547'));
  }

  /** lease.json, or undefined when there is none. */
  lease6(): Dhcp6Lease | undefined {
    const text = this.readPerm('dhcp6/wire/lease.json');
    return text === undefined ? undefined : (JSON.parse(text) as Dhcp6Lease);
  }

  /** The prefixes in lease.json. */
  prefixes(): readonly string[] {
    return this.lease6()?.delegations?.map(({ prefix }) => prefix) ?? [];
  }

  /** Waits for a lease.json that satisfies a condition; with a prefix, when none is given. */
  leased6(timeoutMs: number, condition?: (lease: Dhcp6Lease) => boolean): Promise<Dhcp6Lease> {
    const good = condition ?? (({ delegations = [] }) => delegations.length > 0);
    return until(`${this.name}: lease`, timeoutMs, () => {
      const lease = this.lease6();
      return lease !== undefined && good(lease) && lease;
    });
  }
}

/** Gives a host's interface `wan` addresses that can be used at once: a server that has started shall be one that listens. */
export function serveOn(host: Host, address: string, linkLocal: string): void {
  host.ip('link set wan addrgenmode none');
  host.ip('-6 address flush dev wan scope link');
  host.ip(`address add ${linkLocal} dev wan nodad`);
  host.ip(`address add ${address} dev wan nodad`);
}

/** The DHCPv6 messages of a {@link Capture}. */
export class Capture6 {
  readonly #capture: Capture;

  constructor(capture: Capture) {
    this.#capture = capture;
  }

  /** Resolves when everything that has passed until now can be seen. */
  settle(): Promise<void> {
    return this.#capture.settle();
  }

  /** Messages so far; of one type, when asked for. */
  messages(type?: number): readonly SeenMessage6[] {
    return this.#capture.packets
      .flatMap((seen) => {
        const message6 = decode(seen);
        return message6 === undefined ? [] : [{ ...seen, message6 }];
      })
      .filter(({ message6 }) => type === undefined || message6.messageType === type);
  }

  /** Waits for a message. */
  message(
    what: string,
    type: number,
    timeoutMs: number,
    condition: (seen: SeenMessage6) => boolean = () => true,
  ): Promise<SeenMessage6> {
    return until(what, timeoutMs, () => this.messages(type).find(condition));
  }
}

function decode({ frame }: Seen): ClientServerMessage | undefined {
  if (frame.udp === undefined || frame.ipv6 === undefined) return undefined;
  try {
    const message = decodeMessage(frame.udp.payload);
    return isRelayMessage(message) ? undefined : message;
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

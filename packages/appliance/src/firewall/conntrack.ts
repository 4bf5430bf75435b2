import { totalmem } from 'node:os';
import type { FirewallConfig } from '../state/firewall.ts';
import { writeSysctl } from '../system/sysctl.ts';

/** Octets that a connection takes in the kernel, with its extensions, rounded up. */
const CONNECTION = 512;
/** At most this part of the memory is for connections. */
const SHARE = 32;
const FEWEST = 16_384;
const MOST = 1_048_576;

/** What the RFCs say, in seconds. */
const DEFAULT_TIMERS = {
  // RFC 4787 REQ-5: "A NAT UDP mapping timer MUST NOT expire in less than two minutes", five are recommended.
  udp: 300,
  // RFC 5382 REQ-5: "the value of the 'established connection idle-timeout' MUST NOT be less than 2 hours 4 minutes".
  tcp_established: 7440,
  // "The value of the 'transitory connection idle-timeout' MUST NOT be less than 4 minutes."
  tcp_transitory: 240,
  // RFC 5508 REQ-2: "An ICMP Query session timer MUST NOT expire in less than 60 seconds."
  icmp: 60,
  // RFC 6092 REC-12: two minutes at least, five by default, for other protocols.
  other: 300,
} as const;

/** A parameter of this network namespace. */
export interface ConntrackSetting {
  readonly name: string;
  readonly value: number;
  /** Set only in the first network namespace of the machine; elsewhere the kernel says no, and it does not matter. */
  readonly machineWide: boolean;
  /** Not in every kernel. */
  readonly optional: boolean;
}

/** States of a TCP connection other than established; `close` is the one after a reset (RFC 7857 section 2.3). */
const TRANSITORY = ['syn_sent', 'syn_recv', 'fin_wait', 'close_wait', 'last_ack', 'time_wait', 'close'] as const;

/**
 * How connections are tracked.
 *
 * @param memory octets of the machine
 */
export function conntrackSettings(config: FirewallConfig, memory: number = totalmem()): readonly ConntrackSetting[] {
  const most = Math.min(MOST, Math.max(FEWEST, Math.floor(memory / SHARE / CONNECTION)));
  const timers = Object.fromEntries(
    Object.entries(DEFAULT_TIMERS).map(([name, seconds]) => [
      name,
      config.timers[name as keyof typeof DEFAULT_TIMERS] ?? seconds,
    ]),
  ) as Record<keyof typeof DEFAULT_TIMERS, number>;
  const values: Record<string, number> = {
    max: config.conntrack_max ?? most,
    udp_timeout: timers.udp,
    udp_timeout_stream: timers.udp,
    tcp_timeout_established: timers.tcp_established,
    icmp_timeout: timers.icmp,
    icmpv6_timeout: timers.icmp,
    generic_timeout: timers.other,
    gre_timeout: timers.other,
    gre_timeout_stream: timers.other,
    // RFC 4787 REQ-10: no application level gateways. Kernels from 6.0 on assign none by themselves.
    helper: 0,
  };
  for (const state of TRANSITORY) values[`tcp_timeout_${state}`] = timers.tcp_transitory;
  return Object.entries(values).map(([name, value]) => ({
    name: `net.netfilter.nf_conntrack_${name}`,
    value,
    machineWide: name === 'max',
    optional: name === 'helper' || name.startsWith('gre_'),
  }));
}

/**
 * Sets what is not so yet.
 *
 * @returns one error for each parameter that could not be set; the others are set all the same
 */
export function applyConntrackSettings(settings: readonly ConntrackSetting[]): readonly Error[] {
  const errors: Error[] = [];
  for (const { name, value, machineWide, optional } of settings) {
    try {
      writeSysctl(name, value);
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if ((optional && code === 'ENOENT') || (machineWide && code !== 'ENOENT')) continue;
      errors.push(new Error(`cannot set ${name} to ${value}: ${(cause as Error).message}`, { cause }));
    }
  }
  return errors;
}

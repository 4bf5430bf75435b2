import {
  addElement,
  counter,
  DynsetOperation,
  drop,
  type Expression,
  expressions,
  LimitType,
  type Match,
  PayloadBase,
  Register,
  type RuleDefinition,
  reject,
  rule,
  type SetDefinition,
  updateElement,
} from '@router7/nft';
import { dropCounter } from './counters.ts';
import { byDefault, decidedBy } from './provenance.ts';
import type { Situation } from './situation.ts';

/* TCP connections that somebody outside opens: how many, and who is told that it is in vain. */

/** A SYN and nothing else of what opens, answers or ends a connection. */
const SYN = { 'tcp.flags': { bits: ['syn'], of: ['fin', 'syn', 'rst', 'ack'] } } as const;

/** Sources that are remembered, of each IP version. When there are more, those that come later are not limited. */
const SOURCES = 16_384;
const SOURCES4 = 'syn-sources-ipv4';
const SOURCES6 = 'syn-sources-ipv6';

/** Connections that wait for their six seconds. When there are more, nobody is told anything. */
const WAITING = 4096;
const RECENT = 'syn-recent';
const KNOWN = 'syn-known';
/** RFC 6092 REC-34: "after waiting at least 6 seconds". */
const PATIENCE_SECONDS = 6;
/** Who is still trying after this long has been told. */
const MEMORY_SECONDS = 60;

/** Source, port, destination, port: what a connection is known by. */
const CONNECTION = 'ip6.saddr . tcp.sport . ip6.daddr . tcp.dport';

/** The sets that the rules here fill. */
export function synSets({ config }: Situation): Readonly<Record<string, SetDefinition>> {
  const sources = { dynamic: true, size: SOURCES, timeout: '1m' } as const;
  const type = 'ipv6_addr . inet_service . ipv6_addr . inet_service';
  const waiting = { type, dynamic: true, size: WAITING } as const;
  return {
    ...(config.syn_limit.rate > 0 && {
      [SOURCES4]: { type: 'ipv4_addr', ...sources },
      [SOURCES6]: { type: 'ipv6_addr', ...sources },
    }),
    ...(config.answer_syn && {
      [RECENT]: { ...waiting, timeout: PATIENCE_SECONDS },
      [KNOWN]: { ...waiting, timeout: MEMORY_SECONDS },
    }),
  };
}

/** Keeps a single source, which for IPv6 is a /64, from opening connections without end. */
export function limitSyn({ config }: Situation): readonly RuleDefinition[] {
  const { rate, burst } = config.syn_limit;
  if (rate === 0) return [];
  const flood = [counter(dropCounter('syn-flood')), drop(), byDefault('too many connections from one source')];
  const states = [{ limit: { rate, per: 'second', burst, over: true } }] as const;
  return [
    rule({ ...SYN, 'meta.nfproto': 'ipv4' }, updateElement(SOURCES4, 'ip.saddr', { states }), ...flood),
    rule({ ...SYN, 'meta.nfproto': 'ipv6' }, expressions(...countNetwork(rate, burst)), ...flood),
  ];
}

/** `update @set { ip6 saddr & ffff:ffff:ffff:ffff:: limit rate over ... }`, for which there are no words. */
function countNetwork(rate: number, burst: number): readonly Expression[] {
  const register = Register.r1;
  const mask = Uint8Array.from({ length: 16 }, (_, octet) => (octet < 8 ? 0xff : 0));
  const limit: Expression = {
    ...{ kind: 'limit', rate: BigInt(rate), unitSeconds: 1n, burst, type: LimitType.packets },
    inverted: true,
  };
  return [
    { kind: 'payload', operation: 'load', base: PayloadBase.network, offset: 8, length: 16, register },
    { kind: 'bitwise', source: register, destination: register, mask, xor: new Uint8Array(16) },
    {
      ...{ kind: 'dynset', operation: DynsetOperation.update, set: SOURCES6, keyRegister: register },
      ...{ expressions: [limit], inverted: false },
    },
  ];
}

/**
 * RFC 6092 REC-34: "By DEFAULT, a gateway MUST respond with an ICMPv6 'Destination Unreachable' error code 1
 * (Communication with destination administratively prohibited), to any unsolicited inbound SYN packet after waiting at
 * least 6 seconds without first forwarding the associated outbound SYN or SYN/ACK from the interior peer."
 *
 * Who means it sends the SYN again after 1, 3 and 7 s (RFC 6298): it is the first one behind the 6 s that is answered.
 * One that comes only once is not. A simultaneous open has made the connection known by then.
 */
export function answerSyn({ config }: Situation): readonly RuleDefinition[] {
  if (!config.answer_syn) return [];
  const isIn = (set: string): Match => ({ ...SYN, [CONNECTION]: { set } });
  const dropped = [counter(dropCounter('unsolicited')), drop()];
  return [
    rule(isIn(RECENT), ...dropped, byDefault('SYN: not yet 6 s')),
    rule(
      isIn(KNOWN),
      counter(dropCounter('unsolicited')),
      reject('icmpv6 admin-prohibited'),
      decidedBy('answer_syn', 'SYN: still there after 6 s'),
    ),
    rule(
      { ...SYN, 'meta.nfproto': 'ipv6' },
      ...[addElement(RECENT, CONNECTION), addElement(KNOWN, CONNECTION)],
      ...dropped,
      byDefault('SYN: the first'),
    ),
  ];
}

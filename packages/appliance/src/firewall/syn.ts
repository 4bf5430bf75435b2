import {
  counter,
  DynsetOperation,
  drop,
  type Expression,
  expressions,
  LimitType,
  type NftSet,
  PayloadBase,
  Register,
  type RuleDefinition,
  reject,
  rule,
} from '@router7/nft';
import { dropCounter } from './counters.ts';
import { dynamicSet } from './dynamic-set.ts';
import { byDefault, decidedBy } from './provenance.ts';
import type { Situation } from './situation.ts';

/* TCP connections that somebody outside opens: how many, and who is told that it is in vain. */

/** A SYN and nothing else of what opens, answers or ends a connection. */
const SYN = { 'tcp.flags': { bits: ['syn'], of: ['fin', 'syn', 'rst', 'ack'] } } as const;
const { r1: register, r2 } = Register;

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

/** The sets that the rules here fill. */
export function synSets({ config }: Situation): readonly NftSet[] {
  const sets: NftSet[] = [];
  if (config.syn_limit.rate > 0) {
    sets.push(
      dynamicSet({ name: SOURCES4, key: ['ipv4_addr'], size: SOURCES, timeoutSeconds: 60 }),
      dynamicSet({ name: SOURCES6, key: ['ipv6_addr'], size: SOURCES, timeoutSeconds: 60 }),
    );
  }
  if (config.answer_syn) {
    const key = ['ipv6_addr', 'inet_service', 'ipv6_addr', 'inet_service'] as const;
    sets.push(
      dynamicSet({ name: RECENT, key, size: WAITING, timeoutSeconds: PATIENCE_SECONDS }),
      dynamicSet({ name: KNOWN, key, size: WAITING, timeoutSeconds: MEMORY_SECONDS }),
    );
  }
  return sets;
}

/** Keeps a single source, which for IPv6 is a /64, from opening connections without end. */
export function limitSyn({ config }: Situation): readonly RuleDefinition[] {
  const { rate, burst } = config.syn_limit;
  if (rate === 0) return [];
  const limit: Expression = {
    ...{ kind: 'limit', rate: BigInt(rate), unitSeconds: 1n, burst, type: LimitType.packets },
    inverted: true,
  };
  const count = (set: string): Expression => ({
    ...{ kind: 'dynset', operation: DynsetOperation.update, set, keyRegister: register },
    ...{ expressions: [limit], inverted: false },
  });
  const why = byDefault('too many connections from one source');
  const flood = [counter(dropCounter('syn-flood')), drop(), why];
  const mask = Uint8Array.from({ length: 16 }, (_, octet) => (octet < 8 ? 0xff : 0));
  return [
    rule({ ...SYN, 'meta.nfproto': 'ipv4' }, expressions(network(12, 4, register), count(SOURCES4)), ...flood),
    rule(
      { ...SYN, 'meta.nfproto': 'ipv6' },
      expressions(
        network(8, 16, register),
        { kind: 'bitwise', source: register, destination: register, mask, xor: new Uint8Array(16) },
        count(SOURCES6),
      ),
      ...flood,
    ),
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
  const match = { ...SYN, 'meta.nfproto': 'ipv6' } as const;
  const key: readonly Expression[] = [
    network(8, 16, register),
    transport(0, r2),
    // Registers of 4 octets: the third field begins behind the 16 of the first and the 4 of the second.
    network(24, 16, 13),
    transport(2, 17),
  ];
  const isIn = (set: string): Expression => ({ kind: 'lookup', set, source: register, inverted: false });
  const add = (set: string): Expression => ({
    ...{ kind: 'dynset', operation: DynsetOperation.add, set, keyRegister: register },
    ...{ expressions: [], inverted: false },
  });
  const dropped = [counter(dropCounter('unsolicited')), drop()];
  return [
    rule(match, expressions(...key, isIn(RECENT)), ...dropped, byDefault('SYN: not yet 6 s')),
    rule(
      match,
      expressions(...key, isIn(KNOWN)),
      counter(dropCounter('unsolicited')),
      reject('icmpv6 admin-prohibited'),
      decidedBy('answer_syn', 'SYN: still there after 6 s'),
    ),
    rule(match, expressions(...key, add(RECENT), add(KNOWN)), ...dropped, byDefault('SYN: the first')),
  ];
}

function network(offset: number, length: number, into: number): Expression {
  return { kind: 'payload', operation: 'load', base: PayloadBase.network, offset, length, register: into };
}

function transport(offset: number, into: number): Expression {
  return { kind: 'payload', operation: 'load', base: PayloadBase.transport, offset, length: 2, register: into };
}

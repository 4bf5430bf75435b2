import { EncodeError, fromHex } from '@router7/wire';
import { type Limit, LimitType } from '../expressions/limit.ts';
import type { Quota } from '../expressions/quota.ts';
import { type Synproxy, SynproxyFlag } from '../expressions/synproxy.ts';
import { located } from '../located.ts';
import { tcpTimeoutStates, udpTimeoutStates } from '../objects/ct-timeout.ts';
import { type ObjectData, ObjectType, type StatefulObject } from '../stateful-object.ts';
import { type Duration, durationMilliseconds } from './duration.ts';
import { amount, number, object, record, type Shape, text, truth, word } from './shape.ts';
import { protocols } from './symbols.ts';
import type { Where } from './where.ts';

/** A whole number; as text where it is too large for a number of JSON. */
export type Count = number | bigint | string;

/** What every object may have. */
export interface Commented {
  readonly comment?: string;
}

/** `counter x { packets 5 bytes 7; }`: what it starts with when it is not there yet. */
export interface CounterDefinition extends Commented {
  readonly packets?: Count;
  readonly bytes?: Count;
}

/** `quota x { over 25 mbytes used 1 mbytes; }`: `used` is what it starts with when it is not there yet. */
export interface QuotaDefinition extends Commented {
  /** `26214400` or `25 mbytes`. */
  readonly bytes: Count;
  readonly over?: boolean;
  readonly used?: Count;
}

/** A token bucket: `limit rate over 10/second burst 5 packets`. */
export interface RateLimit {
  /** Packets, or octets with `unit`. */
  readonly rate: number;
  readonly per: 'second' | 'minute' | 'hour' | 'day' | 'week';
  /** Packets (5 when absent) or octets (0 when absent) that may come at once. */
  readonly burst?: number;
  readonly unit?: 'packets' | 'bytes';
  /** Goes on for what exceeds the rate, not for what keeps to it. */
  readonly over?: boolean;
}

/** The IP version that an object is for; both in a table of the family inet when absent. */
export type L3Protocol = 'ip' | 'ip6' | 'inet';

/** `ct helper x { type "ftp" protocol tcp; }`. */
export interface CtHelperDefinition extends Commented {
  readonly type: string;
  readonly protocol: 'tcp' | 'udp';
  readonly l3proto?: L3Protocol;
}

/** `ct timeout x { protocol tcp; policy = { established : 2h }; }`; states that are not named have the kernel's times. */
export interface CtTimeoutDefinition extends Commented {
  readonly protocol: 'tcp' | 'udp';
  readonly l3proto?: L3Protocol;
  readonly policy: { readonly [state: string]: Duration };
}

/** `ct expectation x { protocol udp; dport 9876; timeout 2m; size 12; }`. */
export interface CtExpectationDefinition extends Commented {
  readonly protocol: 'tcp' | 'udp';
  readonly l3proto?: L3Protocol;
  readonly dport: number;
  readonly timeout: Duration;
  readonly size: number;
}

/** `synproxy x { mss 1460; wscale 7; timestamp sack-perm; }`. */
export interface SynproxyDefinition extends Commented {
  readonly mss?: number;
  readonly wscale?: number;
  readonly timestamp?: boolean;
  readonly sackPerm?: boolean;
}

/** `secmark x { "system_u:object_r:ssh_server_packet_t:s0"; }`. */
export interface SecmarkDefinition extends Commented {
  readonly context: string;
}

/** An object of a type without words here, byte for byte. */
export interface RawObjectDefinition extends Commented {
  /** One of {@link ObjectType}. */
  readonly type: number;
  /** Attributes, in hexadecimal digits. */
  readonly data: string;
}

/** The named objects of a table, by their types; each name may stand once for each type. */
export interface ObjectDefinitions {
  readonly counters?: { readonly [name: string]: CounterDefinition };
  readonly quotas?: { readonly [name: string]: QuotaDefinition };
  readonly limits?: { readonly [name: string]: RateLimit & Commented };
  readonly ctHelpers?: { readonly [name: string]: CtHelperDefinition };
  readonly ctTimeouts?: { readonly [name: string]: CtTimeoutDefinition };
  readonly ctExpectations?: { readonly [name: string]: CtExpectationDefinition };
  readonly synproxies?: { readonly [name: string]: SynproxyDefinition };
  readonly secmarks?: { readonly [name: string]: SecmarkDefinition };
  readonly objects?: { readonly [name: string]: RawObjectDefinition };
}

const comment = text;
const counterKeys = { packets: amount, bytes: amount };
const quotaKeys = { bytes: amount, over: truth, used: amount };
const units = word('packets', 'bytes');
const limitKeys = { rate: number, per: text, burst: number, unit: units, over: truth };
const synproxyKeys = { mss: number, wscale: number, timestamp: truth, sackPerm: truth };
const protocol = word('tcp', 'udp');
const l3proto = word('ip', 'ip6', 'inet');

/** The form of the counts that a counter starts with. */
export const counterShape: Shape = object<Omit<CounterDefinition, 'comment'>>('a counter', counterKeys);
/** The form of a {@link QuotaDefinition} in a rule. */
export const quotaShape: Shape = object<Omit<QuotaDefinition, 'comment'>>('a quota', quotaKeys, 'bytes');
/** The form of a {@link RateLimit}. */
export const limitShape: Shape = object<RateLimit>('a limit', limitKeys, 'rate', 'per');
/** The form of a {@link SynproxyDefinition} in a rule. */
export const synproxyShape: Shape = object<Omit<SynproxyDefinition, 'comment'>>('a synproxy', synproxyKeys);

/** The form of the named objects of a table. */
export const objectShapes: { readonly [K in keyof Required<ObjectDefinitions>]: Shape } = {
  counters: record(object<CounterDefinition>('a counter', { ...counterKeys, comment })),
  quotas: record(object<QuotaDefinition>('a quota', { ...quotaKeys, comment }, 'bytes')),
  limits: record(object<RateLimit & Commented>('a limit', { ...limitKeys, comment }, 'rate', 'per')),
  ctHelpers: record(
    object<CtHelperDefinition>('a helper', { type: text, protocol, l3proto, comment }, 'type', 'protocol'),
  ),
  ctTimeouts: record(
    object<CtTimeoutDefinition>(
      'time-outs',
      { protocol, l3proto, policy: record(amount), comment },
      ...(['protocol', 'policy'] as const),
    ),
  ),
  ctExpectations: record(
    object<CtExpectationDefinition>(
      'an expectation',
      { protocol, l3proto, dport: number, timeout: amount, size: number, comment },
      ...(['protocol', 'dport', 'timeout', 'size'] as const),
    ),
  ),
  synproxies: record(object<SynproxyDefinition>('a synproxy', { ...synproxyKeys, comment })),
  secmarks: record(object<SecmarkDefinition>('a security mark', { context: text, comment }, 'context')),
  objects: record(object<RawObjectDefinition>('an object', { type: number, data: text, comment }, 'type', 'data')),
};

/** Compiles all objects of a table. @throws EncodeError `bad-value` or `out-of-range` */
export function compileObjects(where: Where, definitions: ObjectDefinitions): StatefulObject[] {
  const list: StatefulObject[] = [];
  const add = <D extends Commented>(
    kind: keyof ObjectDefinitions,
    objects: { readonly [name: string]: D } = {},
    type: number | ((definition: D) => number),
    compile: (definition: D) => ObjectData,
  ): void => {
    for (const [name, definition] of Object.entries(objects)) {
      list.push(
        located(`${kind}.${name}`, () => {
          const { comment } = definition;
          const number = typeof type === 'number' ? type : type(definition);
          const object = { kind: 'object', ...where, name, type: number, data: compile(definition) } as const;
          return comment === undefined ? object : { ...object, comment };
        }),
      );
    }
  };
  add('counters', definitions.counters, ObjectType.counter, ({ packets = 0n, bytes = 0n }) => {
    return { kind: 'counter', packets: count(packets), bytes: count(bytes) };
  });
  add('quotas', definitions.quotas, ObjectType.quota, compileQuota);
  add('limits', definitions.limits, ObjectType.limit, compileLimit);
  add('ctHelpers', definitions.ctHelpers, ObjectType.ctHelper, ({ type, protocol, l3proto }) => {
    return { kind: 'ct-helper', helper: type, family: ipFamily(where, l3proto), protocol: protocols[protocol] };
  });
  add('ctTimeouts', definitions.ctTimeouts, ObjectType.ctTimeout, (definition) => {
    return { kind: 'ct-timeout', family: ipFamily(where, definition.l3proto), ...compileTimeouts(definition) };
  });
  add(
    'ctExpectations',
    definitions.ctExpectations,
    ObjectType.ctExpectation,
    ({ protocol, l3proto, dport, timeout, size }) => {
      const family = ipFamily(where, l3proto);
      const timeoutMilliseconds = Number(durationMilliseconds(timeout));
      const number = protocols[protocol];
      return { kind: 'ct-expectation', family, protocol: number, destinationPort: dport, timeoutMilliseconds, size };
    },
  );
  add('synproxies', definitions.synproxies, ObjectType.synproxy, compileSynproxy);
  add('secmarks', definitions.secmarks, ObjectType.secmark, ({ context }) => ({ kind: 'secmark', context }));
  add(
    'objects',
    definitions.objects,
    ({ type }) => type,
    ({ data }) => ({ kind: 'raw', data: fromHex(data) }),
  );
  return list;
}

function ipFamily({ family }: Where, l3proto: L3Protocol | undefined): L3Protocol {
  if (l3proto !== undefined) return l3proto;
  return family === 'ip' || family === 'ip6' ? family : 'inet';
}

/** A whole number of octets or packets. @throws EncodeError `bad-value` or `out-of-range` */
export function count(value: Count): bigint {
  const [, digits, unit] = /^(\d+)(?: ?(bytes|kbytes|mbytes|gbytes))?$/.exec(String(value)) ?? [];
  if (digits === undefined) throw new EncodeError('bad-value', `${JSON.stringify(String(value))} is no count`);
  const shift = { bytes: 0n, kbytes: 10n, mbytes: 20n, gbytes: 30n }[unit ?? 'bytes'] ?? 0n;
  const number = BigInt(digits) << shift;
  if (number >= 1n << 64n) throw new EncodeError('out-of-range', `${number} is more than 64 bits`);
  return number;
}

/** `quota over 25 mbytes`. @throws EncodeError */
export function compileQuota({ bytes, used = 0n, over }: Omit<QuotaDefinition, 'comment'>): Quota {
  return { kind: 'quota', bytes: count(bytes), consumed: count(used), inverted: over === true };
}

const DEFAULT_BURST_PACKETS = 5;
const unitSeconds = { second: 1n, minute: 60n, hour: 3600n, day: 86_400n, week: 604_800n } as const;

/** `limit rate 10/second`. @throws EncodeError */
export function compileLimit({ rate, per, burst, unit, over }: RateLimit): Limit {
  if (!Number.isSafeInteger(rate) || rate <= 0) throw new EncodeError('out-of-range', `a rate of ${rate}`);
  if (!Object.hasOwn(unitSeconds, per)) throw new EncodeError('bad-value', `a rate per ${per}`);
  const bytes = unit === 'bytes';
  return {
    kind: 'limit',
    rate: BigInt(rate),
    unitSeconds: unitSeconds[per],
    burst: burst ?? (bytes ? 0 : DEFAULT_BURST_PACKETS),
    type: bytes ? LimitType.bytes : LimitType.packets,
    inverted: over === true,
  };
}

/** What a SYN cookie may promise. @throws EncodeError */
export function compileSynproxy({ mss, wscale, timestamp, sackPerm }: Omit<SynproxyDefinition, 'comment'>): Synproxy {
  if (wscale !== undefined && !(wscale >= 0 && wscale <= 14)) {
    throw new EncodeError('out-of-range', `a window scale of ${wscale}`);
  }
  let flags = 0;
  if (mss !== undefined) flags |= SynproxyFlag.mss;
  if (wscale !== undefined) flags |= SynproxyFlag.windowScale;
  if (timestamp === true) flags |= SynproxyFlag.timestamp;
  if (sackPerm === true) flags |= SynproxyFlag.sackPermitted;
  return { kind: 'synproxy', mss: mss ?? 0, windowScale: wscale ?? 0, flags };
}

/** The kernel's times for states that a policy does not name, in seconds, in the order of the states. */
export const defaultTimeouts: {
  readonly [P in 'tcp' | 'udp']: { readonly states: readonly string[]; readonly seconds: readonly number[] };
} = {
  tcp: { states: tcpTimeoutStates, seconds: [120, 60, 432_000, 120, 60, 30, 120, 10, 120, 300, 300] },
  udp: { states: udpTimeoutStates, seconds: [30, 180] },
};

function compileTimeouts({ protocol, policy }: CtTimeoutDefinition): { protocol: number; seconds: number[] } {
  const { states, seconds } = defaultTimeouts[protocol];
  const result: number[] = [...seconds];
  for (const [state, time] of Object.entries(policy)) {
    const index = states.indexOf(state);
    if (index === -1) throw new EncodeError('bad-value', `${protocol} has no state ${state}`);
    result[index] = Number(durationMilliseconds(time) / 1000n);
  }
  return { protocol: protocols[protocol], seconds: result };
}

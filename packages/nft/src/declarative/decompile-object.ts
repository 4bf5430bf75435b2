import { ByteWriter, toHex } from '@router7/wire';
import { AttributeWriter } from '../attribute.ts';
import { SynproxyFlag } from '../expressions/synproxy.ts';
import { ObjectType, type StatefulObject, writeObject } from '../stateful-object.ts';
import { rateOf, stateOf } from './decompile-set.ts';
import { formatDuration } from './duration.ts';
import {
  type CtTimeoutDefinition,
  defaultTimeouts,
  type ObjectDefinitions,
  type RawObjectDefinition,
} from './object-definition.ts';
import { protocols } from './symbols.ts';

type Lists = { -readonly [L in keyof ObjectDefinitions]: { [name: string]: object } };

/** The named objects of a table in words. */
export function decompileObjects(objects: readonly StatefulObject[]): ObjectDefinitions {
  const lists: Lists = {};
  for (const object of objects) {
    const { list, definition } = words(object) ?? { list: 'objects' as const, definition: rawDefinition(object) };
    const { comment } = object;
    const own = (lists[list] ??= {});
    own[object.name] = { ...definition, ...(comment !== undefined && { comment }) };
  }
  return lists as ObjectDefinitions;
}

function rawDefinition(object: StatefulObject): RawObjectDefinition {
  if (object.data.kind === 'raw') return { type: object.type, data: toHex(object.data.data) };
  // Of the message only the attribute with the data is kept, without its header.
  const writer = new ByteWriter(64);
  writeObject(new AttributeWriter(writer), { ...object, table: '', name: '' });
  const bytes = writer.finish();
  return { type: object.type, data: toHex(bytes.subarray(8 + 8 + 8 + 4)) };
}

function words(object: StatefulObject): { list: keyof ObjectDefinitions; definition: object } | undefined {
  const { data } = object;
  switch (data.kind) {
    case 'counter': {
      const { packets, bytes } = data;
      const counts = packets === 0n && bytes === 0n ? {} : { packets: String(packets), bytes: String(bytes) };
      return { list: 'counters', definition: counts };
    }
    case 'quota': {
      const [state] = stateOf(data);
      return state !== undefined && 'quota' in state ? { list: 'quotas', definition: state.quota } : undefined;
    }
    case 'limit': {
      const rate = rateOf(data);
      return rate === undefined ? undefined : { list: 'limits', definition: rate };
    }
    case 'ct-helper': {
      const protocol = protocolName(data.protocol);
      if (protocol === undefined) return undefined;
      return { list: 'ctHelpers', definition: { type: data.helper, protocol, ...l3proto(object, data.family) } };
    }
    case 'ct-timeout': {
      const protocol = protocolName(data.protocol);
      if (protocol === undefined || data.seconds.length !== defaultTimeouts[protocol].seconds.length) return undefined;
      const { states, seconds } = defaultTimeouts[protocol];
      const policy: { [state: string]: string } = {};
      states.forEach((state, index) => {
        const time = data.seconds[index] ?? 0;
        if (time !== seconds[index]) policy[state] = formatDuration(1000 * time);
      });
      const definition: CtTimeoutDefinition = { protocol, ...l3proto(object, data.family), policy };
      return { list: 'ctTimeouts', definition };
    }
    case 'ct-expectation': {
      const protocol = protocolName(data.protocol);
      if (protocol === undefined) return undefined;
      const { destinationPort: dport, timeoutMilliseconds, size } = data;
      const timeout = formatDuration(timeoutMilliseconds);
      return {
        list: 'ctExpectations',
        definition: { protocol, ...l3proto(object, data.family), dport, timeout, size },
      };
    }
    case 'synproxy': {
      const { mss, windowScale, flags } = data;
      const definition = {
        ...((flags & SynproxyFlag.mss) !== 0 && { mss }),
        ...((flags & SynproxyFlag.windowScale) !== 0 && { wscale: windowScale }),
        ...((flags & SynproxyFlag.timestamp) !== 0 && { timestamp: true }),
        ...((flags & SynproxyFlag.sackPermitted) !== 0 && { sackPerm: true }),
      };
      return { list: 'synproxies', definition };
    }
    case 'secmark':
      return object.type === ObjectType.secmark
        ? { list: 'secmarks', definition: { context: data.context } }
        : undefined;
    default:
      return undefined;
  }
}

function protocolName(number: number): 'tcp' | 'udp' | undefined {
  return (['tcp', 'udp'] as const).find((name) => protocols[name] === number);
}

function l3proto(object: StatefulObject, family: string | undefined): { l3proto?: 'ip' | 'ip6' | 'inet' } {
  const usual = object.family === 'ip' || object.family === 'ip6' ? object.family : 'inet';
  return family === undefined || family === usual ? {} : { l3proto: family as 'ip' };
}

import { limitShape, quotaShape, synproxyShape } from './object-definition.ts';
import { mapShape, setShape, stateShape } from './set-definition.ts';
import {
  amount,
  isPlainObject,
  isScalar,
  list,
  mismatch,
  number,
  object,
  record,
  type Shape,
  scalar,
  text,
  truth,
} from './shape.ts';
import type { FieldOperand, LogOptions, MapOperand, NatOptions, QueueOptions, Statement } from './statement.ts';

/** A map's name, or its entries. */
const entries: Shape = (value, path) => {
  if (typeof value !== 'string') record(scalar)(value, path);
};
const values: Shape = (value, path) => (Array.isArray(value) ? list(scalar) : scalar)(value, path);
const mapOperand = object<MapOperand>('a map', { key: text, of: values, map: entries, data: text }, 'key', 'map');
const fieldOperand = object<FieldOperand>(
  'a field',
  { field: text, and: scalar, or: scalar, xor: scalar, shl: number, shr: number },
  'field',
);

const operand: Shape = (value, path) => {
  if (isPlainObject(value) && Object.hasOwn(value, 'map')) mapOperand(value, path);
  else if (isPlainObject(value) && Object.hasOwn(value, 'field')) fieldOperand(value, path);
  else if (!isScalar(value)) mismatch(path, value, 'a value, a map or a field');
};
const options = object<NatOptions>('options of NAT', {
  ...{ port: operand, random: truth, fullyRandom: truth, persistent: truth },
});
const log = object<LogOptions>('options of a log', {
  ...{ prefix: text, level: text, group: number, snaplen: number, queueThreshold: number, flags: list(text) },
});
const queue = object<QueueOptions>('options of a queue', { number: operand, bypass: truth, fanout: truth });
const expression: Shape = (value, path) => {
  if (typeof value !== 'string' && !isPlainObject(value)) mismatch(path, value, 'an expression');
};
const sets: Shape = record((value, path) => {
  (isPlainObject(value) && Object.hasOwn(value, 'data') ? mapShape : setShape)(value, path);
});

/** A statement with these keys, of which those before `optional` may not be left out. */
function shape(
  needed: { readonly [key: string]: Shape } = {},
  optional: { readonly [key: string]: Shape } = {},
): Shape {
  return object('a statement', { statement: text, ...needed, ...optional }, ...(Object.keys(needed) as never[]));
}

const word = shape();
const nat = shape({ options }, { address: operand });

/** The form of each {@link Statement}. */
export const statementShapes: { readonly [S in Statement['statement']]: Shape } = {
  ...{ accept: word, drop: word, continue: word, return: word, notrack: word, last: word },
  ...{ jump: shape({ chain: text }), goto: shape({ chain: text }) },
  vmap: shape({ key: text, map: entries }, { of: values }),
  counter: shape({}, { counter: text, packets: amount, bytes: amount }),
  ...{ limit: shape({ limit: limitShape }), quota: shape({ quota: quotaShape }) },
  'ct-count': shape({ count: number }, { over: truth }),
  object: shape({ type: text }, { name: text, key: text, map: entries }),
  log: shape({ log }),
  ...{ masquerade: shape({ options }), redirect: shape({ options }), dnat: nat, snat: nat },
  tproxy: shape({}, { address: scalar, port: number }),
  ...{ dup: shape({}, { to: operand, device: operand }), fwd: shape({}, { to: operand, device: operand }) },
  queue: shape({ queue }),
  reject: shape({}, { reason: text }),
  set: shape({ field: text, value: operand }),
  reset: shape({ option: amount }),
  'clamp-mss': shape({ size: amount }),
  synproxy: shape({ synproxy: synproxyShape }),
  flow: shape({ flowtable: text }),
  element: shape(
    { operation: text, set: text, key: text },
    { data: operand, timeout: amount, states: list(stateShape) },
  ),
  expressions: shape({ expressions: list(expression) }, { sets }),
  comment: shape({ text }),
};

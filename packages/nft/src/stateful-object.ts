import { ByteReader, EncodeError } from '@router7/wire';
import { Attributes, type AttributeWriter } from './attribute.ts';
import type { ExpressionCodec } from './expressions/codec.ts';
import { type Counter, counter } from './expressions/counter.ts';
import { type Limit, limit } from './expressions/limit.ts';
import { type Quota, quota } from './expressions/quota.ts';
import { type Synproxy, synproxy } from './expressions/synproxy.ts';
import { type FamilyName, familyName } from './family.ts';
import { type CtExpectation, ctExpectation } from './objects/ct-expectation.ts';
import { type CtHelper, ctHelper } from './objects/ct-helper.ts';
import { type CtTimeout, ctTimeout } from './objects/ct-timeout.ts';
import { type Secmark, secmark } from './objects/secmark.ts';
import { decodeComment, encodeComment } from './userdata.ts';

const NFTA_OBJ_TABLE = 1;
const NFTA_OBJ_NAME = 2;
const NFTA_OBJ_TYPE = 3;
const NFTA_OBJ_DATA = 4;
const NFTA_OBJ_USE = 5;
const NFTA_OBJ_HANDLE = 6;
const NFTA_OBJ_USERDATA = 8;

/** Types of stateful objects (NFT_OBJECT_*). */
export const ObjectType = {
  counter: 1,
  quota: 2,
  ctHelper: 3,
  limit: 4,
  connlimit: 5,
  tunnel: 6,
  ctTimeout: 7,
  secmark: 8,
  ctExpectation: 9,
  synproxy: 10,
} as const;

/** What an object of a type that is known here holds. */
export type KnownObjectData = Counter | Quota | Limit | CtHelper | CtTimeout | CtExpectation | Synproxy | Secmark;

/**
 * What an object of each type holds; one without a type here, or with attributes that its type does not know, is kept
 * byte for byte.
 */
export type ObjectData = KnownObjectData | { readonly kind: 'raw'; readonly data: Uint8Array };

const codecs: ReadonlyMap<number, ExpressionCodec<KnownObjectData>> = new Map<number, ExpressionCodec<KnownObjectData>>(
  [
    [ObjectType.counter, counter],
    [ObjectType.quota, quota],
    [ObjectType.ctHelper, ctHelper],
    [ObjectType.limit, limit],
    [ObjectType.ctTimeout, ctTimeout],
    [ObjectType.secmark, secmark],
    [ObjectType.ctExpectation, ctExpectation],
    [ObjectType.synproxy, synproxy],
  ],
);

/**
 * An object with a name and a state of its own, such as a counter that several rules count with.
 *
 * | nft | {@link StatefulObject.type} | {@link StatefulObject.data} |
 * |---|---|---|
 * | `counter x { packets 5 bytes 7; }` | `counter` | {@link Counter} |
 * | `quota x { over 25 mbytes; }` | `quota` | {@link Quota} |
 * | `limit x { rate 10/second; }` | `limit` | {@link Limit} |
 * | `ct helper x { type "ftp" protocol tcp; }` | `ctHelper` | {@link CtHelper} |
 * | `ct timeout x { protocol tcp; policy = { close: 4 }; }` | `ctTimeout` | {@link CtTimeout} |
 * | `ct expectation x { protocol udp; dport 9876; timeout 2m; size 12; }` | `ctExpectation` | {@link CtExpectation} |
 * | `synproxy x { mss 1460; wscale 7; timestamp sack-perm; }` | `synproxy` | {@link Synproxy} |
 * | `secmark x { "system_u:object_r:ssh_server_packet_t:s0"; }` | `secmark` | {@link Secmark} |
 * | `tunnel x { ... }` | `tunnel` | raw |
 */
export interface StatefulObject {
  readonly kind: 'object';
  readonly family: FamilyName;
  readonly table: string;
  readonly name: string;
  /** One of {@link ObjectType}. */
  readonly type: number;
  readonly data: ObjectData;
  /** Left out on encode when there is `userdata`. */
  readonly comment?: string;
  readonly userdata?: Uint8Array;
  /** How many rules use it; only read. */
  readonly use?: number;
  /** The kernel's number for it; only read. */
  readonly handle?: bigint;
}

/** What names an object; without `name` all of the type, without `table` those of all tables. */
export interface ObjectKey {
  readonly table?: string;
  readonly name?: string;
  readonly type?: number;
  /** In place of a name: the kernel's number for it. */
  readonly handle?: bigint;
}

/** Writes the attributes of NFT_MSG_NEWOBJ. @throws EncodeError */
export function writeObject(writer: AttributeWriter, object: StatefulObject): void {
  const { table, name, type } = object;
  writeObjectKey(writer, { table, name, type });
  const userdata = object.userdata ?? (object.comment === undefined ? undefined : encodeComment(object.comment));
  if (userdata !== undefined) writer.bytes(NFTA_OBJ_USERDATA, userdata);
  writer.nest(NFTA_OBJ_DATA, () => writeData(writer, object));
}

function writeData(writer: AttributeWriter, { type, data }: StatefulObject): void {
  if (data.kind === 'raw') {
    writer.bytesOut.bytes(data.data);
    return;
  }
  const codec = codecs.get(type);
  if (codec?.kind !== data.kind) throw new EncodeError('bad-value', `an object of type ${type} is no ${data.kind}`);
  codec.encode(writer, data);
}

/** Writes what names objects in a request or a deletion. */
export function writeObjectKey(writer: AttributeWriter, { table, name, type, handle }: ObjectKey): void {
  if (table !== undefined) writer.string(NFTA_OBJ_TABLE, table);
  if (name !== undefined) writer.string(NFTA_OBJ_NAME, name);
  else if (handle !== undefined) writer.u64(NFTA_OBJ_HANDLE, handle);
  if (type !== undefined) writer.u32(NFTA_OBJ_TYPE, type);
}

/** Reads what names a stateful object. @throws DecodeError */
export function readObjectKey(
  family: number,
  attributes: Attributes,
): ObjectKey & Pick<StatefulObject, 'kind' | 'family' | 'table' | 'type'> {
  const handle = attributes.u64(NFTA_OBJ_HANDLE);
  return {
    kind: 'object',
    family: familyName(family),
    table: attributes.need(attributes.string(NFTA_OBJ_TABLE), 'NFTA_OBJ_TABLE'),
    name: attributes.need(attributes.string(NFTA_OBJ_NAME), 'NFTA_OBJ_NAME'),
    type: attributes.need(attributes.u32(NFTA_OBJ_TYPE), 'NFTA_OBJ_TYPE'),
    ...(handle !== undefined && { handle }),
  };
}

/** Reads the attributes of NFT_MSG_NEWOBJ. @throws DecodeError */
export function readObject(family: number, attributes: Attributes): StatefulObject {
  const type = attributes.need(attributes.u32(NFTA_OBJ_TYPE), 'NFTA_OBJ_TYPE');
  const use = attributes.u32(NFTA_OBJ_USE);
  const handle = attributes.u64(NFTA_OBJ_HANDLE);
  const userdata = attributes.bytes(NFTA_OBJ_USERDATA);
  const comment = userdata && decodeComment(userdata);
  return {
    kind: 'object',
    family: familyName(family),
    table: attributes.need(attributes.string(NFTA_OBJ_TABLE), 'NFTA_OBJ_TABLE'),
    name: attributes.need(attributes.string(NFTA_OBJ_NAME), 'NFTA_OBJ_NAME'),
    type,
    data: readObjectData(type, attributes.bytes(NFTA_OBJ_DATA) ?? new Uint8Array()),
    ...(comment !== undefined && { comment }),
    ...(userdata !== undefined && { userdata }),
    ...(use !== undefined && { use }),
    ...(handle !== undefined && { handle }),
  };
}

function readObjectData(type: number, data: Uint8Array): ObjectData {
  const attributes = new Attributes(new ByteReader(data));
  const decoded = codecs.get(type)?.decode(attributes);
  // What a newer kernel says beside what is known must not get lost on the way back.
  if (decoded !== undefined && attributes.allRead) return decoded;
  return { kind: 'raw', data: data.slice() };
}

import type { Attributes, AttributeWriter } from './attribute.ts';
import { readDevices, writeDevices } from './device-list.ts';
import { type FamilyName, familyName } from './family.ts';

const NFTA_FLOWTABLE_TABLE = 1;
const NFTA_FLOWTABLE_NAME = 2;
const NFTA_FLOWTABLE_HOOK = 3;
const NFTA_FLOWTABLE_USE = 4;
const NFTA_FLOWTABLE_HANDLE = 5;
const NFTA_FLOWTABLE_FLAGS = 7;
const NFTA_FLOWTABLE_HOOK_NUM = 1;
const NFTA_FLOWTABLE_HOOK_PRIORITY = 2;
const NFTA_FLOWTABLE_HOOK_DEVS = 3;
/** NF_NETDEV_INGRESS, the only hook there is for a flow table. */
const INGRESS = 0;

/** A flow table's flags: `flags offload` for the network card, `counter` so that what takes it is still counted. */
export const FlowtableFlag = { offload: 0x1, counter: 0x2 } as const;

/**
 * `flowtable f { hook ingress priority 5; devices = { lan0, uplink0 }; }`: known flows go from one of its interfaces to
 * another and meet no rule. A rule with the expression for `flow add @f` puts a flow into it.
 *
 * To add devices, `add` a flow table of the same name with the new ones; to take some off, `delete` it with
 * `removeDevices`.
 */
export interface Flowtable {
  readonly kind: 'flowtable';
  readonly family: FamilyName;
  readonly table: string;
  readonly name: string;
  /** Lower numbers come first at the hook `ingress`. */
  readonly priority: number;
  readonly devices: readonly string[];
  /** Bits of {@link FlowtableFlag}. */
  readonly flags?: number;
  /** How many rules use it; only read. */
  readonly use?: number;
  /** The kernel's number for it; only read. */
  readonly handle?: bigint;
}

/** What names a flow table, by its name or its handle. */
export interface FlowtableKey {
  readonly table: string;
  readonly name?: string;
  readonly handle?: bigint;
  /** For a deletion: takes only these devices off it. */
  readonly removeDevices?: readonly string[];
  /** With `removeDevices`: the kernel refuses another than the flow table has. */
  readonly priority?: number;
}

/** Writes the attributes of NFT_MSG_NEWFLOWTABLE. @throws EncodeError */
export function writeFlowtable(writer: AttributeWriter, flowtable: Flowtable): void {
  writer.string(NFTA_FLOWTABLE_TABLE, flowtable.table);
  writer.string(NFTA_FLOWTABLE_NAME, flowtable.name);
  writeHook(writer, flowtable.priority, flowtable.devices);
  writer.u32(NFTA_FLOWTABLE_FLAGS, flowtable.flags ?? 0);
}

function writeHook(writer: AttributeWriter, priority: number, devices: readonly string[]): void {
  writer.nest(NFTA_FLOWTABLE_HOOK, () => {
    writer.u32(NFTA_FLOWTABLE_HOOK_NUM, INGRESS);
    writer.i32(NFTA_FLOWTABLE_HOOK_PRIORITY, priority);
    if (devices.length > 0) writeDevices(writer, NFTA_FLOWTABLE_HOOK_DEVS, devices);
  });
}

/** Writes what names a flow table in a request. */
export function writeFlowtableKey(writer: AttributeWriter, { table, name, handle }: FlowtableKey): void {
  writer.string(NFTA_FLOWTABLE_TABLE, table);
  if (name !== undefined) writer.string(NFTA_FLOWTABLE_NAME, name);
  else if (handle !== undefined) writer.u64(NFTA_FLOWTABLE_HANDLE, handle);
}

/** Writes what is to be deleted: a flow table, or some of its devices. */
export function writeFlowtableDeletion(writer: AttributeWriter, key: FlowtableKey): void {
  writeFlowtableKey(writer, key);
  const { removeDevices, priority = 0 } = key;
  if (removeDevices !== undefined) writeHook(writer, priority, removeDevices);
}

/** Reads what names a flow table, and the devices that are told with it. @throws DecodeError */
export function readFlowtableKey(
  family: number,
  attributes: Attributes,
): { key: FlowtableKey & Pick<Flowtable, 'kind' | 'family'>; devices?: readonly string[] } {
  const handle = attributes.u64(NFTA_FLOWTABLE_HANDLE);
  const hook = attributes.nested(NFTA_FLOWTABLE_HOOK);
  const devices = hook && readDevices(hook, NFTA_FLOWTABLE_HOOK_DEVS);
  const key = {
    kind: 'flowtable' as const,
    family: familyName(family),
    table: attributes.need(attributes.string(NFTA_FLOWTABLE_TABLE), 'NFTA_FLOWTABLE_TABLE'),
    name: attributes.need(attributes.string(NFTA_FLOWTABLE_NAME), 'NFTA_FLOWTABLE_NAME'),
    ...(handle !== undefined && { handle }),
  };
  return { key, ...(devices !== undefined && { devices }) };
}

/** Reads the attributes of NFT_MSG_NEWFLOWTABLE. @throws DecodeError */
export function readFlowtable(family: number, attributes: Attributes): Flowtable {
  const hook = attributes.nested(NFTA_FLOWTABLE_HOOK);
  const use = attributes.u32(NFTA_FLOWTABLE_USE);
  const handle = attributes.u64(NFTA_FLOWTABLE_HANDLE);
  return {
    kind: 'flowtable',
    family: familyName(family),
    table: attributes.need(attributes.string(NFTA_FLOWTABLE_TABLE), 'NFTA_FLOWTABLE_TABLE'),
    name: attributes.need(attributes.string(NFTA_FLOWTABLE_NAME), 'NFTA_FLOWTABLE_NAME'),
    priority: hook?.i32(NFTA_FLOWTABLE_HOOK_PRIORITY) ?? 0,
    devices: (hook && readDevices(hook, NFTA_FLOWTABLE_HOOK_DEVS)) ?? [],
    flags: attributes.u32(NFTA_FLOWTABLE_FLAGS) ?? 0,
    ...(use !== undefined && { use }),
    ...(handle !== undefined && { handle }),
  };
}

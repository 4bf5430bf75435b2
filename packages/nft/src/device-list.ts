import type { Attributes, AttributeWriter } from './attribute.ts';
import { attributeText } from './attribute-slice.ts';

const NFTA_DEVICE_NAME = 1;
const NFTA_DEVICE_PREFIX = 2;

/**
 * Writes names of interfaces inside `type`. A name that ends with `*` stands for all that begin with what is before it,
 * those that come later among them (Linux 6.17).
 */
export function writeDevices(writer: AttributeWriter, type: number, devices: readonly string[]): void {
  writer.nest(type, () => {
    for (const device of devices) {
      if (device.endsWith('*')) writer.string(NFTA_DEVICE_PREFIX, device.slice(0, -1));
      else writer.string(NFTA_DEVICE_NAME, device);
    }
  });
}

/** Reads names of interfaces inside `type`; undefined when there is no list. @throws DecodeError */
export function readDevices(attributes: Attributes, type: number): string[] | undefined {
  const devices: string[] = [];
  const list = attributes.nested(type);
  for (const attribute of list?.list() ?? []) {
    if (attribute.type === NFTA_DEVICE_NAME) devices.push(attributeText(attribute));
    if (attribute.type === NFTA_DEVICE_PREFIX) devices.push(`${attributeText(attribute)}*`);
  }
  return list && devices;
}

import type { Link } from '../system/rtnetlink.ts';

/** A link as the kernel has it when nobody has done anything with it yet: a card that is switched off. */
export function freshLink(index: number, name: string, changes: Partial<Link> = {}): Link {
  return {
    index,
    name,
    hardwareAddress: undefined,
    permanentAddress: undefined,
    mtu: 1500,
    up: false,
    carrier: false,
    operState: 'down',
    loopback: false,
    master: undefined,
    kind: undefined,
    group: 0,
    ...changes,
  };
}

import t from 'tap';
import { type Message, type MessageFault, messageFault, type Option, type PacketFacts } from '../src/index.ts';
import { hex, ip } from './golden.ts';

const sllao: Option = { kind: 'sourceLinkLayerAddress', value: hex('02 00 5e 10 00 0a') };
const rs: Message = { kind: 'routerSolicitation', options: [] };
const ra: Message = {
  kind: 'routerAdvertisement',
  curHopLimit: 64,
  managedAddressConfiguration: false,
  otherConfiguration: false,
  homeAgent: false,
  preference: 0,
  proxy: false,
  routerLifetimeSeconds: 1800,
  reachableTimeMilliseconds: 0,
  retransTimerMilliseconds: 0,
  options: [sllao],
};
const ns: Message = { kind: 'neighborSolicitation', targetAddress: ip('fe80::1'), options: [] };
const na: Message = {
  kind: 'neighborAdvertisement',
  router: true,
  solicited: true,
  override: true,
  targetAddress: ip('fe80::1'),
  options: [],
};
const redirect: Message = {
  kind: 'redirect',
  targetAddress: ip('fe80::2'),
  destinationAddress: ip('2001:db8::7'),
  options: [],
};

/** A row: what is wrong, with which message, in a packet from where to where. */
const rows: [fault: MessageFault | undefined, name: string, message: Message, source: string, destination: string][] = [
  [undefined, 'RS', { ...rs, options: [sllao] }, 'fe80::a', 'ff02::2'],
  [undefined, 'RS without an address', rs, '::', 'ff02::2'],
  ['source-link-layer-address', '6.1.1: RS from :: with one', { ...rs, options: [sllao] }, '::', 'ff02::2'],
  [undefined, 'RA', ra, 'fe80::1', 'ff02::1'],
  [undefined, 'RA by unicast', ra, 'febf::1', 'fe80::a'],
  ['source', '6.1.2: RA from a global address', ra, '2001:db8::1', 'ff02::1'],
  ['source', '6.1.2: RA from ::', { ...ra, options: [] }, '::', 'ff02::1'],
  [undefined, 'NS', { ...ns, options: [sllao] }, 'fe80::a', 'ff02::1:ff00:1'],
  [undefined, 'NS by unicast', ns, 'fe80::a', 'fe80::1'],
  [undefined, 'NS of duplicate address detection', ns, '::', 'ff02::1:ff00:1'],
  ['target', '7.1.1: NS for a multicast address', { ...ns, targetAddress: ip('ff02::1') }, 'fe80::a', 'ff02::1'],
  ['destination', '7.1.1: NS from :: to all nodes', ns, '::', 'ff02::1'],
  ['destination', '7.1.1: NS from :: by unicast', ns, '::', 'fe80::1'],
  ['destination', '7.1.1: NS from :: to a neighbor of those', ns, '::', 'ff02::1:fe00:1'],
  ['source-link-layer-address', '7.1.1: NS from ::', { ...ns, options: [sllao] }, '::', 'ff02::1:ff00:1'],
  [undefined, 'NA', na, 'fe80::1', 'fe80::a'],
  [undefined, 'NA unasked', { ...na, solicited: false }, 'fe80::1', 'ff02::1'],
  ['target', '7.1.2: NA for a multicast address', { ...na, targetAddress: ip('ff02::1') }, 'fe80::1', 'fe80::a'],
  ['solicited', '7.1.2: NA to all nodes that says solicited', na, 'fe80::1', 'ff02::1'],
  [undefined, 'Redirect to a router', redirect, 'fe80::1', '2001:db8::a'],
  [undefined, 'Redirect to the link', { ...redirect, targetAddress: ip('2001:db8::7') }, 'fe80::1', '2001:db8::a'],
  ['source', '8.1: Redirect from a global address', redirect, '2001:db8::1', '2001:db8::a'],
  ['destination', '8.1: of a group', { ...redirect, destinationAddress: ip('ff0e::7') }, 'fe80::1', '2001:db8::a'],
  ['target', '8.1: Redirect far away', { ...redirect, targetAddress: ip('2001:db8::8') }, 'fe80::1', '2001:db8::a'],
];

for (const [fault, name, message, source, destination] of rows) {
  const packet: PacketFacts = { hopLimit: 255, source: ip(source), destination: ip(destination) };
  t.test(`${name}: ${fault ?? 'valid'} (RA-10)`, async (t) => {
    t.equal(messageFault(message, packet), fault);
    t.equal(messageFault(message, { ...packet, hopLimit: 254 }), 'hop-limit', 'through a router');
    t.equal(messageFault(message, { ...packet, hopLimit: 0 }), 'hop-limit');
    t.equal(messageFault(message, { ...packet, checksumValid: false }), 'checksum');
    t.equal(messageFault(message, { ...packet, checksumValid: true }), fault);
  });
}

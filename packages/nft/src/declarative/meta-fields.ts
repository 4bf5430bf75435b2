import { Register } from '../expressions/codec.ts';
import { FibFlag, FibResult } from '../expressions/fib.ts';
import { OsfFlag } from '../expressions/osf.ts';
import { RtKey } from '../expressions/rt.ts';
import { SocketKey } from '../expressions/socket.ts';
import { XfrmDirection, XfrmKey } from '../expressions/xfrm.ts';
import { ctField, type Field, metaField, named } from './field.ts';
import type { MetaFieldName } from './field-name.ts';
import { valueTypes as t, type ValueType } from './value-type.ts';

const register = Register.r1;

function rtField(key: keyof typeof RtKey, type: ValueType): Field {
  return { type, needs: [], load: { kind: 'rt', register, key: RtKey[key] } };
}

function socketField(key: keyof typeof SocketKey, type: ValueType): Field {
  return { type, needs: [], load: { kind: 'socket', register, key: SocketKey[key], level: 0 } };
}

function osfField(flags: number): Field {
  return { type: t.string, needs: [], load: { kind: 'osf', register, ttl: 0, flags } };
}

function xfrmField(direction: keyof typeof XfrmDirection, key: keyof typeof XfrmKey, type: ValueType): Field {
  const load = { kind: 'xfrm', register, key: XfrmKey[key], direction: XfrmDirection[direction], index: 0 } as const;
  return { type, needs: [], load };
}

type FibName = MetaFieldName & `fib.${string}`;

/** Every question to the routing table: what is looked up, with what, and what is asked. */
function fibFields(): { readonly [F in FibName]: Field } {
  const ways = { '': 0, '.iif': FibFlag.iif, '.oif': FibFlag.oif, '.mark': FibFlag.mark };
  const more = { '.mark.iif': FibFlag.mark | FibFlag.iif, '.mark.oif': FibFlag.mark | FibFlag.oif };
  const found: { [name: string]: Field } = {};
  for (const [way, flags] of Object.entries({ ...ways, ...more })) {
    for (const address of ['saddr', 'daddr'] as const) {
      const name = `fib.${address}${way}`;
      const load = { kind: 'fib', register, flags: flags | FibFlag[address] } as const;
      found[`${name}.type`] = { type: t.fib_addrtype, needs: [], load: { ...load, result: FibResult.addrtype } };
      found[`${name}.oifname`] = { type: t.ifname, needs: [], load: { ...load, result: FibResult.oifname } };
      // Asked is only whether there is a route: `fib saddr . iif oif missing`.
      const present = { ...load, result: FibResult.oif, flags: load.flags | FibFlag.present };
      found[`${name}.oif`] = { type: t.presence, needs: [], load: present };
    }
  }
  return found as { [F in FibName]: Field };
}

/** What connection tracking knows of one direction, 0 original and 1 reply. */
function directionFields<D extends 'original' | 'reply'>(name: D, direction: number) {
  return named(`ct.${name}` as const, {
    l3proto: ctField('l3proto', t.nf_proto, direction),
    protocol: ctField('protocol', t.inet_proto, direction),
    'proto-src': ctField('protoSrc', t.inet_service, direction),
    'proto-dst': ctField('protoDst', t.inet_service, direction),
    'ip.saddr': ctField('srcIp', t.ipv4_addr, direction),
    'ip.daddr': ctField('dstIp', t.ipv4_addr, direction),
    'ip6.saddr': ctField('srcIp6', t.ipv6_addr, direction),
    'ip6.daddr': ctField('dstIp6', t.ipv6_addr, direction),
    packets: ctField('packets', t.hostLong, direction),
    bytes: ctField('bytes', t.hostLong, direction),
    avgpkt: ctField('avgpkt', t.hostLong, direction),
    zone: ctField('zone', t.hostShort, direction),
  });
}

function ipsecFields<D extends 'in' | 'out'>(direction: D) {
  return named(`ipsec.${direction}` as const, {
    reqid: xfrmField(direction, 'reqid', t.hostWord),
    spi: xfrmField(direction, 'spi', t.word),
    'ip.saddr': xfrmField(direction, 'saddrIp', t.ipv4_addr),
    'ip.daddr': xfrmField(direction, 'daddrIp', t.ipv4_addr),
    'ip6.saddr': xfrmField(direction, 'saddrIp6', t.ipv6_addr),
    'ip6.daddr': xfrmField(direction, 'daddrIp6', t.ipv6_addr),
  });
}

/** What is known of a packet beside its octets: `meta`, `ct`, `rt`, `socket`, `osf`, `fib`, `ipsec`. */
export const metaFields: { readonly [F in MetaFieldName]: Field } = {
  iif: metaField('iif', t.iface_index),
  oif: metaField('oif', t.iface_index),
  iifname: metaField('iifname', t.ifname),
  oifname: metaField('oifname', t.ifname),
  iifgroup: metaField('iifgroup', t.devgroup),
  oifgroup: metaField('oifgroup', t.devgroup),
  ...named('meta', {
    length: metaField('len', t.hostWord),
    protocol: metaField('protocol', t.ether_type, 'nfproto'),
    priority: metaField('priority', t.classid),
    mark: metaField('mark', t.mark),
    iiftype: metaField('iiftype', t.iface_type, 'iiftype'),
    oiftype: metaField('oiftype', t.iface_type),
    skuid: metaField('skuid', t.uid),
    skgid: metaField('skgid', t.gid),
    nftrace: metaField('nftrace', t.octet),
    rtclassid: metaField('rtclassid', t.realm),
    nfproto: metaField('nfproto', t.nf_proto, 'nfproto'),
    l4proto: metaField('l4proto', t.inet_proto, 'l4proto'),
    ibrname: metaField('ibrname', t.ifname),
    obrname: metaField('obrname', t.ifname),
    pkttype: metaField('pkttype', t.pkt_type),
    cpu: metaField('cpu', t.hostWord),
    cgroup: metaField('cgroup', t.hostWord),
    random: metaField('random', t.word),
    ipsec: metaField('secpath', t.boolean),
    iifkind: metaField('iifkind', t.ifname),
    oifkind: metaField('oifkind', t.ifname),
    ibrpvid: metaField('ibrpvid', t.hostShort),
    ibrvproto: metaField('ibrvproto', t.ether_type),
    time: metaField('time', t.date),
    day: metaField('day', t.day),
    hour: metaField('hour', t.hour),
    sdif: metaField('sdif', t.iface_index),
    sdifname: metaField('sdifname', t.ifname),
  }),
  ...named('ct', {
    state: ctField('state', t.ct_state),
    direction: ctField('direction', t.ct_dir),
    status: ctField('status', t.ct_status),
    mark: ctField('mark', t.mark),
    secmark: ctField('secmark', t.hostWord),
    expiration: ctField('expiration', t.time),
    helper: ctField('helper', t.string),
    l3proto: ctField('l3proto', t.nf_proto),
    protocol: ctField('protocol', t.inet_proto),
    label: ctField('labels', t.ct_label),
    id: ctField('id', t.word),
    event: ctField('eventmask', t.ct_event),
    packets: ctField('packets', t.hostLong),
    bytes: ctField('bytes', t.hostLong),
    avgpkt: ctField('avgpkt', t.hostLong),
    zone: ctField('zone', t.hostShort),
  }),
  ...directionFields('original', 0),
  ...directionFields('reply', 1),
  ...named('rt', {
    classid: rtField('classid', t.realm),
    mtu: rtField('tcpmss', t.hostShort),
    ipsec: rtField('ipsec', t.boolean),
    'ip.nexthop': rtField('nexthop4', t.ipv4_addr),
    'ip6.nexthop': rtField('nexthop6', t.ipv6_addr),
  }),
  ...named('socket', {
    transparent: socketField('transparent', t.octet),
    mark: socketField('mark', t.mark),
    wildcard: socketField('wildcard', t.octet),
  }),
  ...named('osf', { name: osfField(0), version: osfField(OsfFlag.version) }),
  ...fibFields(),
  ...ipsecFields('in'),
  ...ipsecFields('out'),
};

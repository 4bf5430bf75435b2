import './own-namespace.ts';
import { readFileSync, writeFileSync } from 'node:fs';
import { Ipv6Address, MacAddress } from '@router7/wire';
import t, { type Test } from 'tap';
import { Icmpv6Socket, type Icmpv6SocketOptions } from '../../src/system/icmpv6-socket.ts';
import { errorCode, interfaceIndex } from '../../src/system/libc.ts';
import { ip, until } from './own-namespace.ts';

const ROUTER = Ipv6Address.parse('fe80::a');
const HOST = Ipv6Address.parse('fe80::b');
const ALL_NODES = Ipv6Address.parse('ff02::1');
const ALL_ROUTERS = Ipv6Address.parse('ff02::2');
const SOLICITATION = 133;
const ADVERTISEMENT = 134;

/**
 * Gives an interface an address, and waits until what comes for it is taken in: the kernel makes its local route in the
 * background, after `ip` has ended, and drops all that comes before.
 */
async function address(device: string, own: Ipv6Address): Promise<void> {
  ip(`addr add ${own}/64 dev ${device} nodad`);
  const local = `${Buffer.from(own.toBytes()).toString('hex')} 80 `;
  await until(`${own} on ${device}`, () => {
    const routes = readFileSync('/proc/net/ipv6_route', 'utf8').split('\n');
    return routes.some((route) => route.startsWith(local) && route.endsWith(` ${device}`));
  });
}

/** Two ends of a cable in one namespace: `va` is a router's, `vb` a host's. */
async function plug(): Promise<void> {
  ip(`link add name va address ${MacAddress.parse('02:00:00:00:00:0a')} type veth peer name vb`);
  for (const device of ['va', 'vb']) {
    // The kernel has no addresses and no solicitations of its own here.
    writeFileSync(`/proc/sys/net/ipv6/conf/${device}/addr_gen_mode`, '1');
    writeFileSync(`/proc/sys/net/ipv6/conf/${device}/router_solicitations`, '0');
    ip(`link set ${device} up`);
  }
  await address('va', ROUTER);
  await address('vb', HOST);
}

interface Opened {
  readonly socket: Icmpv6Socket;
  readonly seen: string[];
}

function open(t: Test, device: string, settings: Partial<Icmpv6SocketOptions> = {}): Opened {
  const index = interfaceIndex(device) as number;
  const socket = Icmpv6Socket.open({
    interface: { name: device, index },
    types: [SOLICITATION],
    groups: [],
    ...settings,
  });
  t.teardown(() => socket.close());
  const seen: string[] = [];
  socket.start(
    (messages) => {
      for (let i = 0; i < messages.count; i++) {
        const [type] = messages.payload(i);
        const ends = `${messages.source(i)} > ${messages.destination(i)}`;
        seen.push(`${type} ${ends} hop limit ${messages.hopLimit(i)} on ${messages.interfaceIndex(i)}`);
      }
    },
    (error) => seen.push(`${errorCode(error)}`),
  );
  return { socket, seen };
}

const router = (t: Test, settings: Partial<Icmpv6SocketOptions> = {}): Opened =>
  open(t, 'va', { groups: [ALL_ROUTERS], ...settings });
const host = (t: Test, settings: Partial<Icmpv6SocketOptions> = {}): Opened =>
  open(t, 'vb', { types: [ADVERTISEMENT], ...settings });
const message = (type: number): Uint8Array => Uint8Array.of(type, 0, 0, 0, 0, 0, 0, 0);

function send(socket: Icmpv6Socket, type: number, destination: Ipv6Address, source?: Ipv6Address): void {
  socket.queue(message(type), destination, source);
  socket.flush();
}

t.beforeEach(plug);
t.afterEach(() => {
  try {
    ip('link del va');
  } catch {
    // The test did it.
  }
});

t.test('what comes in is told with its hop limit, both addresses and the interface (RA-10)', async (t) => {
  const a = router(t);
  const b = host(t);
  const far = host(t, { hopLimit: 254 });
  send(b.socket, SOLICITATION, ALL_ROUTERS);
  send(far.socket, SOLICITATION, ALL_ROUTERS);
  // Of another type: the kernel drops it.
  send(b.socket, ADVERTISEMENT, ALL_ROUTERS);
  send(b.socket, SOLICITATION, ROUTER);
  await until('three messages', () => a.seen.length >= 3);
  const va = interfaceIndex('va');
  t.strictSame(a.seen, [
    `133 ${HOST} > ${ALL_ROUTERS} hop limit 255 on ${va}`,
    `133 ${HOST} > ${ALL_ROUTERS} hop limit 254 on ${va}`,
    `133 ${HOST} > ${ROUTER} hop limit 255 on ${va}`,
  ]);
  t.equal(a.socket.counters.received, 3);
});

t.test('it sends to all nodes and to one, from the address that was asked for, with hop limit 255', async (t) => {
  await address('va', Ipv6Address.parse('2001:db8::a'));
  await address('vb', Ipv6Address.parse('2001:db8::b'));
  const a = router(t, { types: [ADVERTISEMENT] });
  const b = host(t);
  send(a.socket, ADVERTISEMENT, ALL_NODES);
  send(a.socket, ADVERTISEMENT, HOST, ROUTER);
  // Left to itself the kernel would answer a global address from a global one.
  send(a.socket, ADVERTISEMENT, Ipv6Address.parse('2001:db8::b'), ROUTER);
  send(a.socket, ADVERTISEMENT, ALL_NODES, Ipv6Address.parse('fe80::dead'));
  await until('three messages', () => b.seen.length >= 3);
  const vb = interfaceIndex('vb');
  t.strictSame(b.seen, [
    `134 ${ROUTER} > ${ALL_NODES} hop limit 255 on ${vb}`,
    `134 ${ROUTER} > ${HOST} hop limit 255 on ${vb}`,
    `134 ${ROUTER} > 2001:db8::b hop limit 255 on ${vb}`,
  ]);
  t.match(a.socket.counters, { sent: 3, dropped: 1 }, 'an address that is not there is not sent from');
  t.strictSame(a.seen, [], 'its own do not come back');
});

t.test('an interface that was down is there again', async (t) => {
  const a = router(t);
  const b = host(t);
  ip('link set va down');
  send(a.socket, ADVERTISEMENT, ALL_NODES, ROUTER);
  t.equal(a.socket.counters.dropped, 1);
  ip('link set va up');
  await address('va', ROUTER);
  // The carrier takes its time.
  await until('a message each', () => {
    send(b.socket, SOLICITATION, ALL_ROUTERS);
    send(a.socket, ADVERTISEMENT, ALL_NODES, ROUTER);
    return a.seen.some((text) => text.startsWith('133')) && b.seen.length > 0;
  });
  t.match(b.seen[0], /^134 /);
});

t.test('an interface that came back anew, or lost IPv6 for a while, is followed', async (t) => {
  const a = router(t);
  ip('link del va');
  t.throws(() => a.socket.rebind({ name: 'va', index: 99 }), { code: 'ENODEV' });
  await plug();
  a.socket.rebind({ name: 'va', index: interfaceIndex('va') as number });
  const b = host(t);
  const heard = (): boolean => {
    send(b.socket, SOLICITATION, ALL_ROUTERS);
    return a.seen.some((text) => text.startsWith('133'));
  };
  await until('a message', heard);

  ip('link set va mtu 1200');
  ip('link set va mtu 1500');
  await address('va', ROUTER);
  a.seen.length = 0;
  a.socket.rebind(a.socket.interface);
  await until('a message', heard);
  t.pass();
});

t.test('hundreds that come at once are moved in batches', async (t) => {
  const a = router(t);
  const b = host(t);
  for (let i = 0; i < 500; i++) {
    if (b.socket.room === 0) b.socket.flush();
    b.socket.queue(message(SOLICITATION), ALL_ROUTERS);
  }
  b.socket.flush();
  await until('500 messages', () => a.seen.length >= 500);
  t.equal(a.seen.length, 500);
});

t.test('what is no interface is refused', async (t) => {
  const settings = { types: [SOLICITATION], groups: [] };
  t.throws(() => Icmpv6Socket.open({ ...settings, interface: { name: 'nosuch', index: 7 } }), { code: 'ENODEV' });
});

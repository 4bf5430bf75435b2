import { Icmpv6Socket } from '@router7/appliance/system/icmpv6-socket';
import { interfaceIndex } from '@router7/appliance/system/libc';
import { encodeMessage } from '@router7/ndp';
import { Ipv6Address, MacAddress } from '@router7/wire';

/*
 * Solicits a router from many addresses in turn, so many times a second, and tells how long each host has waited for its
 * answer: one of its own, or one for all nodes.
 *
 * usage: solicitations.ts DEVICE MAC HOSTS PER_SECOND SECONDS; the hosts' addresses are fe80::99:1, :2, ... of DEVICE
 */
const [device = '', mac = '', ...numbers] = process.argv.slice(2);
const [hosts = 0, perSecond = 0, seconds = 0] = numbers.map(Number);

const ALL_ROUTERS = Ipv6Address.parse('ff02::2');
/** The longest that an answer can take: a multicast one 3 s after the one before and half a second of delay (RFC 4861). */
const PATIENCE = 3600;

const message = encodeMessage({
  kind: 'routerSolicitation',
  options: [{ kind: 'sourceLinkLayerAddress', value: MacAddress.parse(mac).toBytes() }],
});
const addresses = Array.from({ length: hosts }, (_, number) =>
  Ipv6Address.parse(`fe80::99:${(number + 1).toString(16)}`),
);
const socket = Icmpv6Socket.open({
  interface: { name: device, index: interfaceIndex(device) as number },
  types: [134],
  groups: [],
});

/** When each host asked that has no answer yet. */
const waiting = new Map<bigint, number>();
const delays: number[] = [];
let unicast = 0;
let multicast = 0;
let unanswered = 0;

socket.start(
  (messages) => {
    const now = performance.now();
    for (let index = 0; index < messages.count; index++) {
      const to = messages.destination(index);
      if (to.isMulticast) {
        multicast++;
        for (const askedAt of waiting.values()) delays.push(now - askedAt);
        waiting.clear();
        continue;
      }
      unicast++;
      const askedAt = waiting.get(to.value);
      if (askedAt === undefined) continue;
      delays.push(now - askedAt);
      waiting.delete(to.value);
    }
  },
  (error) => {
    throw error;
  },
);

const total = perSecond * seconds;
const started = performance.now();
let sent = 0;
const timer = setInterval(() => {
  const now = performance.now();
  const due = Math.min(Math.floor(((now - started) / 1000) * perSecond), total);
  for (; sent < due; sent++) {
    const address = addresses[sent % hosts] as Ipv6Address;
    const before = waiting.get(address.value);
    if (before !== undefined && now - before > PATIENCE) unanswered++;
    if (before === undefined || now - before > PATIENCE) waiting.set(address.value, now);
    socket.queue(message, ALL_ROUTERS, address);
  }
  socket.flush();
  if (sent < total) return;
  clearInterval(timer);
  setTimeout(finish, PATIENCE);
}, 1);

function finish(): void {
  const sorted = delays.toSorted((a, b) => a - b);
  const at = (share: number): number => Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN);
  console.log(
    JSON.stringify({
      sent: socket.counters.sent,
      answered: delays.length,
      unanswered: unanswered + waiting.size,
      unicast,
      multicast,
      medianMs: at(0.5),
      p99Ms: at(0.99),
      longestMs: at(1),
    }),
  );
  socket.close();
}

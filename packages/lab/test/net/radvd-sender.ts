import { Icmpv6Socket } from '@router7/appliance/system/icmpv6-socket';
import { interfaceIndex } from '@router7/appliance/system/libc';
import { fromHex, Ipv6Address } from '@router7/wire';

/*
 * Sends ICMPv6 messages to all routers, as many a second as is wanted, each from another address if there is a `*` in
 * the source.
 *
 * usage: radvd-sender.ts '{"payloads": [HEX], "source": ADDRESS, "hopLimit": 255, "count": 1, "perSecond": 1000}'
 */

interface Settings {
  readonly payloads: readonly string[];
  readonly source?: string;
  readonly hopLimit?: number;
  readonly count?: number;
  readonly perSecond?: number;
  /** How many the `*` stands for. The kernel keeps 1024 neighbors, of all namespaces together. */
  readonly addresses?: number;
}

const {
  payloads,
  source,
  hopLimit,
  count = payloads.length,
  perSecond = 1000,
  addresses = 500,
} = JSON.parse(process.argv[2] as string) as Settings;
const ALL_ROUTERS = Ipv6Address.parse('ff02::2');
const socket = Icmpv6Socket.open({
  interface: { name: 'eth0', index: interfaceIndex('eth0') as number },
  types: [],
  groups: [],
  ...(hopLimit === undefined ? {} : { hopLimit }),
});
const messages = payloads.map(fromHex);
let sent = 0;
const started = performance.now();
const timer = setInterval(() => {
  const due = Math.min(Math.floor(((performance.now() - started) / 1000) * perSecond), count);
  for (; sent < due; sent++) {
    if (socket.room === 0) socket.flush();
    const from = source?.replace('*', (sent % addresses).toString(16));
    socket.queue(
      messages[sent % messages.length] as Uint8Array,
      ALL_ROUTERS,
      from === undefined ? undefined : Ipv6Address.parse(from),
    );
  }
  socket.flush();
  if (sent < count) return;
  clearInterval(timer);
  console.log(`sent ${socket.counters.sent} dropped ${socket.counters.dropped}`);
  socket.close();
}, 5);

import { PacketSocket } from '@router7/appliance/system/packet-socket';
import { RtNetlink } from '@router7/appliance/system/rtnetlink';
import { MacAddress } from '@router7/wire';

/*
 * Sends IP packets as they are, whatever the kernel would think of them.
 *
 * usage: frame-sender.ts DEVICE HARDWARE-ADDRESS PACKET ...      (hexadecimal)
 */
const [device = '', to = '', ...packets] = process.argv.slice(2);
const netlink = new RtNetlink();
const link = await netlink.linkByName(device);
netlink.close();
if (link === undefined) throw new Error(`no interface ${device}`);
for (const etherType of [0x0800, 0x86dd]) {
  const own = packets.filter((packet) => packet.startsWith('4') === (etherType === 0x0800));
  if (own.length === 0) continue;
  const socket = PacketSocket.open({ interfaceIndex: link.index, etherType, layer: 'network' });
  for (const packet of own) socket.queue(Buffer.from(packet, 'hex'), MacAddress.parse(to));
  socket.flush();
  socket.close();
}

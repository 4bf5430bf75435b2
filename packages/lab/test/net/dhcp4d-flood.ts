import { createSocket } from 'node:dgram';
import { encodeMessage, MessageType, Op } from '@router7/dhcp4';
import { Ipv4Address } from '@router7/wire';

/*
 * Sends DHCPDISCOVERs of hosts that there are not to the server that the argument names, some hundred per second, until
 * it is killed. Says `flooding` when a pool of 230 addresses has been asked for several times.
 */
const [server = ''] = process.argv.slice(2);
const nobody = Ipv4Address.unspecified;
const socket = createSocket('udp4');
let made = 0;

function discover(): Uint8Array {
  made++;
  return encodeMessage({
    op: Op.bootRequest,
    htype: 1,
    hops: 0,
    xid: made,
    secs: 0,
    flags: 0,
    ciaddr: nobody,
    yiaddr: nobody,
    siaddr: nobody,
    giaddr: nobody,
    chaddr: Uint8Array.of(0x02, 0xf1, made >>> 24, made >>> 16, made >>> 8, made),
    sname: new Uint8Array(),
    file: new Uint8Array(),
    options: [{ kind: 'dhcpMessageType', value: MessageType.discover }],
  });
}

setInterval(() => {
  for (let i = 0; i < 5; i++) socket.send(discover(), 67, server);
  if (made === 1000) console.log('flooding');
}, 10);

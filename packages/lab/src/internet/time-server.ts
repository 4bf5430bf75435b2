import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { decodePacket, encodePacket, Leap, Mode, NTP_PORT } from '@router7/appliance/ntp/packet';
import { timestampOf } from '@router7/appliance/ntp/timestamp';
import { wallTime } from '@router7/appliance/system/clock-setting';

/*
 * A server of NTP. usage: time-server.ts AHEAD ADDRESS ..., where AHEAD is what its clock is ahead of this machine's, in seconds.
 * Prints `ready` when it answers, then a line for each question.
 */

const [ahead = '0', ...addresses] = process.argv.slice(2);
const aheadMs = Number(ahead) * 1000;

await Promise.all(addresses.map(serve));
console.log('ready');

async function serve(own: string): Promise<void> {
  const socket = createSocket(own.includes(':') ? 'udp6' : 'udp4');
  socket.on('message', (payload, { address, port }) => {
    const answer = answerTo(payload);
    if (answer === undefined) return;
    socket.send(answer, port, address);
    console.log(`${own} answered ${address}`);
  });
  socket.bind(NTP_PORT, own);
  await once(socket, 'listening');
}

function answerTo(payload: Uint8Array): Uint8Array | undefined {
  const now = wallTime() + aheadMs;
  try {
    const question = decodePacket(payload);
    if (question.mode !== Mode.client) return undefined;
    return encodePacket({
      ...question,
      leap: Leap.noWarning,
      mode: Mode.server,
      stratum: 1,
      precision: -20,
      referenceId: Buffer.from('LAB\0').readUInt32BE(),
      referenceTimestamp: timestampOf(now - 1000),
      originTimestamp: question.transmitTimestamp,
      receiveTimestamp: timestampOf(now),
      transmitTimestamp: timestampOf(wallTime() + aheadMs),
      extension: new Uint8Array(0),
    });
  } catch {
    return undefined;
  }
}

import { createSocket } from 'node:dgram';
import { decodeMessage, encodeMessage, isRelayMessage, MessageType, type Option, optionValue } from '@router7/dhcp6';

/*
 * Clients that ask for an address and a prefix by Solicit with Rapid Commit, in turns and again and again, so many at a time.
 *
 * usage: dhcp6d-load.ts CLIENTS WINDOW
 *
 * Prints a line for each Reply: `ack CLIENT ADDRESS PREFIX`, or `refused CLIENT` for one without both.
 */
const clients = Number(process.argv[2]);
const window = Number(process.argv[3]);
/** Without an answer for so long, milliseconds, it is asked again. */
const PATIENCE = 200;

const socket = createSocket('udp6');
const waiting = new Map<number, { readonly client: number; readonly timer: NodeJS.Timeout }>();
let next = 0;
let serial = 0;

socket.on('message', (payload) => {
  const message = decodeMessage(payload);
  if (isRelayMessage(message) || message.messageType !== MessageType.reply) return;
  const asked = waiting.get(message.transactionId);
  if (asked === undefined) return;
  clearTimeout(asked.timer);
  waiting.delete(message.transactionId);
  const ia = optionValue(message, 'iaNa');
  const delegation = optionValue(message, 'iaPd');
  const address = ia && optionValue(ia, 'iaAddress')?.address;
  const prefix = delegation && optionValue(delegation, 'iaPrefix')?.prefix;
  const isWhole = address !== undefined && prefix !== undefined;
  console.log(isWhole ? `ack ${asked.client} ${address} ${prefix}` : `refused ${asked.client}`);
  ask(next++ % clients);
});
// Whoever is asked may just have been killed.
socket.on('error', () => {});
socket.bind(546, () => {
  for (let i = 0; i < window; i++) ask(next++ % clients);
});

function ask(client: number): void {
  const transactionId = ++serial & 0xff_ffff;
  const empty = { iaid: 1, t1Seconds: 0, t2Seconds: 0, options: [] };
  const options: Option[] = [
    { kind: 'clientIdentifier', value: Uint8Array.of(0, 3, 0, 1, 2, 7, 0, 0, client >> 8, client & 0xff) },
    { kind: 'elapsedTime', value: 0 },
    { kind: 'rapidCommit', value: true },
    { kind: 'iaNa', value: empty },
    { kind: 'iaPd', value: empty },
  ];
  const payload = encodeMessage({ messageType: MessageType.solicit, transactionId, options });
  const timer = setTimeout(() => {
    waiting.delete(transactionId);
    ask(client);
  }, PATIENCE);
  waiting.set(transactionId, { client, timer });
  socket.send(payload, 547, 'ff02::1:2%eth0', () => {});
}

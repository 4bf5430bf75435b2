import './own-namespace.ts';
import type { ServerSend } from '@router7/dhcp4';
import { Ipv4Address, MacAddress } from '@router7/wire';
import t from 'tap';
import { ServerTransport } from '../../src/dhcp4/server-transport.ts';
import { DurableReplies } from '../../src/runtime/durable-replies.ts';
import type { DurableTable } from '../../src/runtime/durable-table.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { interfaceIndex } from '../../src/system/libc.ts';
import { UdpSocket } from '../../src/system/udp-socket.ts';
import { ip, until } from './own-namespace.ts';

const LOOPBACK = Ipv4Address.parse('127.0.0.1');
const CLIENT_PORT = 68;

ip('link set lo up');

/** A disk that is done when the test says so. */
class SlowDisk implements DurableTable {
  readonly writes: PromiseWithResolvers<void>[] = [];

  sync(): Promise<void> {
    const write = Promise.withResolvers<void>();
    this.writes.push(write);
    return write.promise;
  }
}

function acknowledgement(name: string): ServerSend {
  return {
    kind: 'send',
    payload: new TextEncoder().encode(name),
    destination: LOOPBACK,
    port: CLIENT_PORT,
    hardwareAddress: undefined,
    durable: true,
  };
}

t.test('a reply that is made while the disk is written to waits for the next write', async (t) => {
  const heard: string[] = [];
  const client = UdpSocket.open({ interfaceName: 'lo', port: CLIENT_PORT });
  client.start((datagrams) => {
    for (let i = 0; i < datagrams.count; i++) heard.push(new TextDecoder().decode(datagrams.payload(i)));
  }, t.error);
  const disk = new SlowDisk();
  const link = { index: interfaceIndex('lo') ?? 0, name: 'lo', hardwareAddress: MacAddress.zero, address: LOOPBACK };
  const transport = new ServerTransport(link, silentLog, () => {}, disk);
  t.teardown(() => {
    transport.close();
    client.close();
  });
  transport.start(() => {});

  // So many that the write is put off for those that may follow.
  const early = ['a', 'b', 'c', 'd'];
  for (const name of early) transport.perform(acknowledgement(name));
  transport.flush();
  await until('a write', () => disk.writes.length === 1);
  transport.perform(acknowledgement('late'));
  t.equal(transport.flush(), undefined, 'more can be handled meanwhile');
  disk.writes[0]?.resolve();
  await until('the replies that are safe', () => heard.length >= early.length);
  await until('another write, or a reply that is early', () => disk.writes.length === 2 || heard.length > early.length);
  t.same(heard, early);
  disk.writes[1]?.resolve();
  await until('the reply that is safe now', () => heard.length > early.length);
  t.same(heard, [...early, 'late']);
});

t.test('a disk that hangs does not have replies gathered without end', async (t) => {
  const disk = new SlowDisk();
  const replies = new DurableReplies<ServerSend>(disk, queue, () => {});
  const sent: string[] = [];
  function queue(_reply: ServerSend, payload: Uint8Array): void {
    sent.push(new TextDecoder().decode(payload));
  }
  const add = (count: number): void | Promise<void> => {
    for (let index = 0; index < count; index++) replies.add(acknowledgement('x'), true);
    return replies.flush();
  };
  add(4);
  await until('a write', () => disk.writes.length === 1);
  let waits = add(16);
  for (let rounds = 1; waits === undefined && rounds < 1000; rounds++) waits = add(16);
  disk.writes[0]?.resolve();
  await waits;
  t.equal(sent.length, 4);
  t.equal(disk.writes.length, 2, 'the next write has begun');
  t.equal(add(16), undefined, 'and there is room again');
  disk.writes[1]?.reject(new Error('on purpose'));
  await until('the write behind one that has failed', () => disk.writes.length === 3);
  t.equal(replies.withheld, 256);
  disk.writes[2]?.resolve();
  await until('what was written', () => sent.length === 20);
});

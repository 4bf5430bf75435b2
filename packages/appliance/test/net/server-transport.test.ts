import './own-namespace.ts';
import type { ServerSend } from '@router7/dhcp4';
import { Ipv4Address, MacAddress } from '@router7/wire';
import t from 'tap';
import { ServerTransport } from '../../src/dhcp4/server-transport.ts';
import type { DurableTable } from '../../src/runtime/journal-table.ts';
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
  const flushed = transport.flush();
  disk.writes[0]?.resolve();
  await until('the replies that are safe', () => heard.length >= early.length);
  await until('another write, or a reply that is early', () => disk.writes.length === 2 || heard.length > early.length);
  t.same(heard, early);
  disk.writes[1]?.resolve();
  await flushed;
  await until('the reply that is safe now', () => heard.length > early.length);
  t.same(heard, [...early, 'late']);
});

import './own-namespace.ts';
import { encodeIpv4Udp } from '@router7/pcap';
import { Ipv4Address, MacAddress, toHex } from '@router7/wire';
import t from 'tap';
import { errorCode, interfaceIndex } from '../../src/system/libc.ts';
import { arpFilter, udpPortFilter } from '../../src/system/packet-filter.ts';
import { PacketSocket } from '../../src/system/packet-socket.ts';
import { UdpSocket } from '../../src/system/udp-socket.ts';
import { ip, until } from './own-namespace.ts';

const MAC_A = MacAddress.parse('02:00:00:00:00:0a');
const MAC_B = MacAddress.parse('02:00:00:00:00:0b');
const A = Ipv4Address.parse('192.0.2.1');
const B = Ipv4Address.parse('192.0.2.2');

ip('link set lo up');
ip(`link add name va address ${MAC_A} type veth peer name vb address ${MAC_B}`);
ip('link set va up');
ip('link set vb up');
ip(`addr add ${A}/24 dev va`);

const ignore = (): void => {};

function datagram(port: number, text: string): Uint8Array {
  return encodeIpv4Udp({
    source: B,
    destination: Ipv4Address.broadcast,
    sourcePort: 67,
    destinationPort: port,
    payload: new TextEncoder().encode(text),
  });
}

t.test('a UDP socket moves thousands of datagrams in batches, in order', async (t) => {
  const server = UdpSocket.open({ port: 0, address: Ipv4Address.parse('127.0.0.1'), tellsDestination: true });
  const client = UdpSocket.open({ port: 0, interfaceName: 'lo' });
  const seen: string[] = [];
  let calls = 0;
  let largest = 0;
  server.start((batch) => {
    calls++;
    largest = Math.max(largest, batch.count);
    for (let i = 0; i < batch.count; i++) {
      seen.push(new TextDecoder().decode(batch.payload(i)));
      if (seen.length === 1) {
        t.equal(batch.source(i).toString(), '127.0.0.1');
        t.equal(batch.sourcePort(i), client.port);
        t.equal(batch.destination(i).toString(), '127.0.0.1');
      }
    }
  }, ignore);
  const wanted: string[] = [];
  for (let i = 0; i < 2000; i++) {
    wanted.push(`datagram ${i}`);
    if (client.room === 0) client.flush();
    t.ok(client.queue(new TextEncoder().encode(wanted[i]), Ipv4Address.parse('127.0.0.1'), server.port) || i);
  }
  client.flush();
  await until('2000 datagrams', () => seen.length >= 2000);
  t.same(seen, wanted);
  t.equal(largest, 64);
  t.ok(calls < 2000 / 16, `${calls} system calls`);
  t.equal(client.counters.sent, 2000);
  server.close();
  client.close();
});

t.test('nothing is received while the handler is at work', async (t) => {
  const server = UdpSocket.open({ port: 0, address: Ipv4Address.parse('127.0.0.1') });
  const client = UdpSocket.open({ port: 0 });
  const send = (text: string): void => {
    client.queue(new TextEncoder().encode(text), Ipv4Address.parse('127.0.0.1'), server.port);
    client.flush();
  };
  const seen: string[] = [];
  let release = ignore;
  let active = 0;
  server.start(async (batch) => {
    t.equal(++active, 1);
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    for (let i = 0; i < batch.count; i++) seen.push(new TextDecoder().decode(batch.payload(i)));
    active--;
  }, ignore);
  send('one');
  await until('the first', () => active === 1);
  send('two');
  send('three');
  await new Promise((resolve) => setTimeout(resolve, 20));
  release();
  await until('the others', () => active === 1 && seen.length === 1);
  release();
  await until('all', () => seen.length === 3);
  t.same(seen, ['one', 'two', 'three']);
  server.close();
  client.close();
});

t.test('a throwing and a rejecting handler are told and do not stop the socket', async (t) => {
  const server = UdpSocket.open({ port: 0, address: Ipv4Address.parse('127.0.0.1') });
  const errors: string[] = [];
  let round = 0;
  server.start(
    () => {
      round++;
      if (round === 1) throw new Error('thrown');
      if (round === 2) return Promise.reject(new Error('rejected'));
    },
    (error) => errors.push(error.message),
  );
  const client = UdpSocket.open({ port: 0 });
  for (let i = 1; i <= 3; i++) {
    client.queue(Uint8Array.of(i), Ipv4Address.parse('127.0.0.1'), server.port);
    client.flush();
    await until(`round ${i}`, () => round === i);
  }
  t.same(errors, ['thrown', 'rejected']);
  server.close();
  client.close();
});

t.test('truncation, a full queue and an unreachable destination are counted', async (t) => {
  const server = UdpSocket.open({ port: 0, address: Ipv4Address.parse('127.0.0.1'), payloadSize: 64 });
  const client = UdpSocket.open({ port: 0 });
  let truncated = false;
  server.start((batch) => {
    truncated = batch.isTruncated(0) && batch.payload(0).length === 64;
  }, ignore);
  client.queue(new Uint8Array(65), Ipv4Address.parse('127.0.0.1'), server.port);
  client.flush();
  await until('the datagram', () => server.counters.received === 1);
  t.ok(truncated);
  t.equal(server.counters.truncated, 1);
  t.notOk(client.queue(new Uint8Array(2049), Ipv4Address.parse('127.0.0.1'), server.port));
  t.equal(client.counters.dropped, 1);
  // No route: refused, and the one behind it still leaves.
  client.queue(new Uint8Array(1), Ipv4Address.parse('198.51.100.1'), 9);
  client.queue(new Uint8Array(1), Ipv4Address.parse('127.0.0.1'), server.port);
  client.flush();
  await until('the second', () => server.counters.received === 2);
  t.equal(client.counters.dropped, 2);
  t.equal(client.counters.lastSendError, 101);
  for (let i = 0; i < 128; i++) t.ok(client.queue(new Uint8Array(1), Ipv4Address.parse('127.0.0.1'), 9) || i);
  t.notOk(client.queue(new Uint8Array(1), Ipv4Address.parse('127.0.0.1'), 9));
  server.close();
  client.close();
});

t.test('errors of opening have codes', async (t) => {
  try {
    UdpSocket.open({ port: 0, interfaceName: 'nowhere' });
    t.fail('opened');
  } catch (error) {
    t.equal(errorCode(error), 'ENODEV');
  }
  try {
    PacketSocket.open({ interfaceIndex: 4242, etherType: 0x0800, layer: 'network' });
    t.fail('opened');
  } catch (error) {
    t.equal(errorCode(error), 'ENODEV');
  }
});

t.test('a packet socket hears and speaks on an interface without an address, filtered by port', async (t) => {
  const a = PacketSocket.open({
    interfaceIndex: interfaceIndex('va') as number,
    etherType: 0x0800,
    filter: udpPortFilter(68, 0),
    layer: 'network',
  });
  const b = PacketSocket.open({ interfaceIndex: interfaceIndex('vb') as number, etherType: 0x0800, layer: 'network' });
  const seen: string[] = [];
  a.start((packets) => {
    for (let i = 0; i < packets.count; i++) {
      seen.push(`${packets.source(i)} ${new TextDecoder().decode(packets.payload(i).subarray(28))}`);
    }
  }, ignore);
  b.queue(datagram(67, 'other port'), MacAddress.broadcast);
  const fragment = datagram(68, 'fragment');
  fragment[7] = 1;
  b.queue(fragment, MacAddress.broadcast);
  b.queue(datagram(68, 'broadcast'), MacAddress.broadcast);
  b.queue(datagram(68, 'unicast'), MAC_A.toBytes());
  b.flush();
  await until('two packets', () => seen.length === 2);
  t.same(seen, [`${MAC_B} broadcast`, `${MAC_B} unicast`]);
  a.close();
  b.close();
});

t.test('with the frame layer the source is free, and the filter counts from the Ethernet header', async (t) => {
  const a = PacketSocket.open({
    interfaceIndex: interfaceIndex('va') as number,
    etherType: 0x0800,
    filter: udpPortFilter(68, 14),
    layer: 'frame',
  });
  const b = PacketSocket.open({ interfaceIndex: interfaceIndex('vb') as number, etherType: 0x0800, layer: 'frame' });
  const seen: string[] = [];
  a.start((packets) => {
    for (let i = 0; i < packets.count; i++) seen.push(toHex(packets.payload(i).subarray(0, 14)));
  }, ignore);
  const spoofed = MacAddress.parse('02:73:53:00:b0:aa');
  const frame = (packet: Uint8Array): Uint8Array =>
    Uint8Array.of(...MAC_A.toBytes(), ...spoofed.toBytes(), 0x08, 0x00, ...packet);
  b.queue(frame(datagram(67, 'no')), MAC_A);
  b.queue(frame(datagram(68, 'yes')), MAC_A);
  b.flush();
  await until('the frame', () => seen.length === 1);
  t.same(seen, ['02000000000a027353' + '00b0aa0800']);
  a.close();
  b.close();
});

t.test('the kernel tells which checksums are partial', async (t) => {
  const b = PacketSocket.open({
    interfaceIndex: interfaceIndex('vb') as number,
    etherType: 0x0800,
    filter: udpPortFilter(68, 0),
    layer: 'network',
  });
  const partial: boolean[] = [];
  b.start((packets) => {
    for (let i = 0; i < packets.count; i++) partial.push(packets.hasPartialChecksum(i));
  }, ignore);
  const a = PacketSocket.open({ interfaceIndex: interfaceIndex('va') as number, etherType: 0x0800, layer: 'network' });
  a.queue(datagram(68, 'whole checksum'), MAC_B);
  a.flush();
  await until('the packet', () => partial.length === 1);
  const udp = UdpSocket.open({ port: 0, interfaceName: 'va' });
  udp.queue(new Uint8Array(300), Ipv4Address.broadcast, 68);
  udp.flush();
  await until('the datagram', () => partial.length === 2);
  t.same(partial, [false, true]);
  for (const socket of [a, b, udp]) socket.close();
});

t.test('ARP', async (t) => {
  const filter = arpFilter(0);
  const b = PacketSocket.open({
    interfaceIndex: interfaceIndex('vb') as number,
    etherType: 0x0806,
    filter,
    layer: 'network',
  });
  const seen: string[] = [];
  b.start((packets) => {
    for (let i = 0; i < packets.count; i++) seen.push(toHex(packets.payload(i).subarray(0, 28)));
  }, ignore);
  const udp = UdpSocket.open({ port: 0, interfaceName: 'va' });
  udp.queue(new Uint8Array(1), B, 9);
  udp.flush();
  await until('the request', () => seen.length > 0);
  t.equal(seen[0], '0001080006040001' + '02000000000a' + 'c0000201' + '000000000000' + 'c0000202');
  b.close();
  udp.close();
});

t.test('an interface that goes down and comes back: told, and the socket works on', async (t) => {
  const a = PacketSocket.open({ interfaceIndex: interfaceIndex('va') as number, etherType: 0x0800, layer: 'network' });
  const b = PacketSocket.open({ interfaceIndex: interfaceIndex('vb') as number, etherType: 0x0800, layer: 'network' });
  const errors: (string | undefined)[] = [];
  let received = 0;
  a.start(
    (packets) => {
      received += packets.count;
    },
    (error) => errors.push(errorCode(error)),
  );
  ip('link set va down');
  await until('an error', () => errors.length > 0);
  t.same(errors, ['ENETDOWN']);
  a.queue(datagram(67, 'lost'), MAC_B);
  a.flush();
  t.equal(a.counters.dropped, 1);
  t.equal(a.counters.lastSendError, 100);
  ip('link set va up');
  await until('a packet', () => {
    b.queue(datagram(68, 'hello again'), MAC_A);
    b.flush();
    return received > 0;
  });
  t.same(errors, ['ENETDOWN']);
  a.close();
  b.close();
});

t.test('an interface that was removed and made again: rebind', async (t) => {
  const make = (): void => {
    ip(`link add name vc address ${MAC_A} type veth peer name vd address ${MAC_B}`);
    ip('link set vc up');
    ip('link set vd up');
  };
  make();
  const c = PacketSocket.open({ interfaceIndex: interfaceIndex('vc') as number, etherType: 0x0800, layer: 'network' });
  const errors: (string | undefined)[] = [];
  let received = 0;
  c.start(
    (packets) => {
      received += packets.count;
    },
    (error) => errors.push(errorCode(error)),
  );
  const before = c.interfaceIndex;
  ip('link del vc');
  await until('an error', () => errors.length > 0);
  t.ok(errors.every((code) => code === 'ENETDOWN'));
  make();
  c.rebind(interfaceIndex('vc') as number);
  t.not(c.interfaceIndex, before);
  const d = PacketSocket.open({ interfaceIndex: interfaceIndex('vd') as number, etherType: 0x0800, layer: 'network' });
  await until('a packet', () => {
    d.queue(datagram(68, 'hello again'), MAC_A);
    d.flush();
    return received > 0;
  });
  c.close();
  d.close();
});

t.test('a socket without work does not keep the processor busy after an error', async (t) => {
  const a = PacketSocket.open({ interfaceIndex: interfaceIndex('va') as number, etherType: 0x0800, layer: 'network' });
  let errors = 0;
  a.start(ignore, () => errors++);
  ip('link set va down');
  await until('an error', () => errors > 0);
  const before = process.cpuUsage();
  await new Promise((resolve) => setTimeout(resolve, 300));
  const { user, system } = process.cpuUsage(before);
  t.ok(user + system < 150_000, `${user + system} us in 300 ms`);
  ip('link set va up');
  a.close();
});

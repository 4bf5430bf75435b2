import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import t from 'tap';
import { askOwnServer, DnsWatch } from '../../src/radvd/dns-watch.ts';
import { silentLog } from '../../src/runtime/log.ts';

t.test('RA-15: a name server is dead when it has answered, and does not for six seconds', async (t) => {
  let answers = false;
  let asked = 0;
  let wake = (): void => undefined;
  const changes: string[] = [];
  const watch = new DnsWatch(silentLog, () => changes.push(`${watch.isDead} after ${asked}`), {
    haste: 1000,
    ask: async () => {
      asked++;
      wake();
      return answers;
    },
  });
  const rounds = async (count: number): Promise<void> => {
    for (const end = asked + count; asked < end; ) await new Promise<void>((resolve) => (wake = resolve));
    // What follows from the last answer.
    await new Promise((resolve) => setImmediate(resolve));
    asked = 0;
  };
  await rounds(40);
  t.strictSame(changes, [], 'one that never was there is not dead');
  answers = true;
  await rounds(2);
  answers = false;
  await rounds(11);
  t.notOk(watch.isDead, 'it may just start anew');
  await rounds(5);
  t.ok(watch.isDead);
  answers = true;
  await rounds(1);
  t.notOk(watch.isDead, 'at once when it is back');
  watch.close();
  t.equal(changes.length, 2);
});

t.test('RA-15: whatever a name server says is an answer, a closed port is none', async (t) => {
  const server = createSocket('udp4', (message, { port }) => {
    if (message.length === 27 && message.includes('localhost')) server.send(Uint8Array.of(0), port, '127.0.0.1');
  });
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  t.equal(await askOwnServer(port), true);
  server.close();
  await once(server, 'close');
  t.equal(await askOwnServer(port), false);
});

import { setTimeout as pause } from 'node:timers/promises';
import { Ipv4Address } from '@router7/wire';
import t from 'tap';
import { Linger } from '../../src/system/linger.ts';
import { UdpSocket } from '../../src/system/udp-socket.ts';

t.test('the first message after a pause is not lingered for, one soon after it is', (t) => {
  const linger = new Linger();
  t.equal(linger.until(1000, 1000.01), undefined);
  t.ok(Math.abs((linger.until(1000.06, 1000.07) as number) - 1000.17) < 1e-6, 'a tenth of a millisecond');
  linger.learn(false);
  t.not(linger.until(1000.1, 1000.12), undefined);
  linger.learn(false);
  t.equal(linger.until(1001, 1001.01), undefined, 'a pause again');
  t.end();
});

t.test('look-outs in vain become rarer, and one that is not makes up for them', (t) => {
  const linger = new Linger();
  let now = 0;
  const lookOuts = (messages: number, isInVain: boolean): number => {
    let count = 0;
    for (let i = 0; i < messages; i++) {
      now += 0.2;
      if (linger.until(now, now) === undefined) continue;
      count++;
      linger.learn(isInVain);
    }
    return count;
  };
  t.equal(lookOuts(1, true), 0);
  t.equal(lookOuts(8, true), 3, 'with 1 and 3 left out between them');
  t.ok(lookOuts(2560, true) <= 16);
  t.ok(lookOuts(256, false) >= 1);
  t.equal(lookOuts(100, false), 100);
  t.end();
});

t.test("a conversation is looked out for a millisecond, then it is the timers' turn", (t) => {
  const linger = new Linger();
  linger.wake(1000);
  linger.until(1000, 1000.1);
  t.not(linger.until(1000.2, 1000.3), undefined);
  t.ok((linger.until(1000.4, 1000.99) as number) <= 1001, 'not beyond it');
  t.equal(linger.until(1001.01, 1001.02), undefined);
  linger.wake(1001.1);
  t.not(linger.until(1001.1, 1001.2), undefined, 'and then it goes on');
  t.end();
});

t.test('timers run on time however long the messages of a conversation take', async (t) => {
  const lo = Ipv4Address.parse('127.0.0.1');
  const socket = UdpSocket.open({ address: lo, port: 0, lingers: true });
  t.teardown(() => socket.close());
  let handled = 0;
  let atTimer: number | undefined;
  const answer = (): void => {
    socket.queue(Uint8Array.of(1), lo, socket.port);
    socket.flush();
  };
  socket.start(() => {
    handled++;
    // A disk that takes its time, as the one that leases are written to.
    const until = performance.now() + 2;
    while (performance.now() < until);
    if (handled === 20) setTimeout(() => (atTimer = handled), 1);
    answer();
  }, t.fail);
  answer();
  while (atTimer === undefined) await pause(5);
  t.ok(atTimer <= 23, `after ${atTimer - 20} more messages`);
});

t.test('timers run on time however long it takes to let replies go that lead to more messages', async (t) => {
  const lo = Ipv4Address.parse('127.0.0.1');
  const socket = UdpSocket.open({ address: lo, port: 0 });
  t.teardown(() => socket.close());
  const answer = (): void => {
    socket.queue(Uint8Array.of(1), lo, socket.port);
    socket.flush();
  };
  let handled = 0;
  let inTurn = 0;
  let most = 0;
  const handle = (): void => {
    handled++;
    if (inTurn === 0) setImmediate(() => (inTurn = 0));
    most = Math.max(most, ++inTurn);
    answer();
  };
  const letGo = (): boolean => {
    const until = performance.now() + 2;
    while (performance.now() < until);
    return true;
  };
  socket.start(handle, t.fail, letGo);
  answer();
  while (handled < 40) await pause(5);
  t.ok(most >= 2, 'they are looked for');
  t.ok(most <= 4, `${most} in one turn`);
});

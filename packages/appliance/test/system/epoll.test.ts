import t from 'tap';
import { Bell, Epoll } from '../../src/system/epoll.ts';
import { close } from '../../src/system/libc.ts';

t.test('a bell that is rung wakes who waits, until it is silenced', async (t) => {
  const epoll = new Epoll();
  const bell = new Bell();
  t.teardown(() => epoll.close());
  epoll.add(bell.fd, 7, 0xffff_fff1);
  t.equal(epoll.wait(0), 0);
  bell.ring();
  bell.ring();
  for (let turn = 0; turn < 2; turn++) {
    t.equal(epoll.wait(-1), 1);
    t.equal(epoll.kind(0), 7);
    t.equal(epoll.value(0), 0xffff_fff1);
  }
  bell.silence();
  t.equal(epoll.wait(1), 0);
  const other = new Bell(bell.fd);
  other.ring();
  t.equal(epoll.wait(-1), 1, 'the same bell by its number');
  epoll.remove(bell.fd);
  t.equal(epoll.wait(0), 0, 'nobody waits for it any more');
  bell.close();
});

t.test('each of several is told with its own numbers', async (t) => {
  const epoll = new Epoll();
  t.teardown(() => epoll.close());
  const bells = Array.from({ length: 70 }, () => new Bell());
  for (const [index, bell] of bells.entries()) epoll.add(bell.fd, 1, index);
  for (const bell of bells) bell.ring();
  const seen = new Set<number>();
  // At most 64 at a time; the others come first the next time.
  for (let turn = 0; turn < 2; turn++) {
    const count = epoll.wait(-1);
    for (let i = 0; i < count; i++) seen.add(epoll.value(i));
  }
  t.equal(seen.size, 70);
  for (const bell of bells) bell.close();
  t.equal(epoll.wait(0), 0, 'what is closed is waited for no more');
});

t.test('what cannot be waited for is told', async (t) => {
  const epoll = new Epoll();
  t.throws(() => epoll.add(-1, 0, 0), { code: 'EBADF' });
  epoll.close();
  t.throws(() => epoll.wait(0), { code: 'EBADF' });
  t.equal(close(-1), -1);
});

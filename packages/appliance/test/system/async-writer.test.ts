import { closeSync, constants, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { AsyncWriter } from '../../src/system/async-writer.ts';
import { Bell } from '../../src/system/epoll.ts';
import { Arena, Errno } from '../../src/system/libc.ts';

const BLOCK = 4096;
const ROUNDS = 300;

/** A file of some blocks that is written past the page cache, and memory for that. */
function setUp(t: Test): { path: string; fd: number; octets: Uint8Array; address: number; writer: AsyncWriter } {
  const folder = mkdtempSync(join(tmpdir(), 'r7-async-'));
  const path = join(folder, 'file');
  writeFileSync(path, Buffer.alloc(4 * BLOCK));
  const fd = openSync(path, constants.O_RDWR | constants.O_DIRECT | constants.O_DSYNC);
  const arena = new Arena(3 * BLOCK);
  const skipped = (BLOCK - (arena.address % BLOCK)) % BLOCK;
  const writer = AsyncWriter.open() as AsyncWriter;
  t.ok(writer !== undefined, 'the system has such writes');
  t.teardown(() => {
    closeSync(fd);
    rmSync(folder, { recursive: true });
  });
  const octets = new Uint8Array(arena.u8.buffer, skipped, BLOCK);
  return { path, fd, octets, address: arena.address + skipped, writer };
}

t.test('each way of waiting tells the end of each write once, more often than the ring has places', async (t) => {
  const { path, fd, octets, address, writer } = setUp(t);
  const ways: { [name: string]: () => unknown } = {
    look: () => {
      while (!writer.look());
    },
    wait: () => {
      while (!writer.wait(100));
    },
    finish: () => writer.finish(),
    sleep: async () => {
      writer.sleep();
      while (writer.isBusy) await new Promise(setImmediate);
    },
  };
  // Looking alone keeps a processor from the one who has to tell; a few do.
  for (const [name, wait] of Object.entries(ways)) {
    const ends: number[] = [];
    const rounds = name === 'look' ? 5 : ROUNDS;
    for (let round = 0; round < rounds; round++) {
      octets.fill(round);
      const place = (round % 4) * BLOCK;
      t.ok(
        writer.write(fd, octets, address, BLOCK, place, (result) => ends.push(result)),
        name,
      );
      t.equal(ends.length, round, `${name}: not told by the call itself`);
      t.ok(writer.isBusy);
      await wait();
      t.notOk(writer.isBusy);
      if (round % 50 === 0) t.equal(readFileSync(path)[place + BLOCK - 1], round & 255, `${name}: it is there`);
    }
    t.strictSame(ends, new Array(rounds).fill(BLOCK), name);
    t.notOk(writer.look(), `${name}: nothing is left over`);
  }
  writer.close();
});

t.test('a write that fails tells why, and what cannot be begun is refused', async (t) => {
  const { fd, octets, address, writer } = setUp(t);
  const ends: number[] = [];
  t.ok(
    writer.write(fd, octets, address + 1, BLOCK, 0, (result) => ends.push(result)),
    'not aligned',
  );
  writer.finish();
  t.ok(writer.write(fd, octets, address + 1, BLOCK, 0, (result) => ends.push(result)));
  while (!writer.wait(100));
  t.strictSame(ends, [-Errno.EINVAL, -Errno.EINVAL]);
  t.notOk(
    writer.write(99_999, octets, address, BLOCK, 0, () => ends.push(0)),
    'no such descriptor',
  );
  t.notOk(writer.isBusy);
  writer.finish();
  t.equal(ends.length, 2);
  writer.close();
});

t.test('a wait ends when a watched descriptor can be read, and in time; closing waits for a write', async (t) => {
  const { path, fd, octets, address, writer } = setUp(t);
  const bell = new Bell();
  writer.watch(bell.fd);
  t.notOk(writer.wait(1), 'nothing to wait for');
  bell.ring();
  let ended = 0;
  for (let round = 0; round < 20; round++) {
    // The ring of the write before is still told; it must not pass for this one.
    writer.write(fd, octets, address, BLOCK, 0, () => ended++);
    t.equal(writer.wait(10_000), ended > round, 'told if, and only if, it has ended');
    writer.finish();
  }
  bell.silence();
  t.equal(ended, 20);
  for (let round = 0; round < 20; round++) {
    octets.fill(100 + round);
    writer.write(fd, octets, address, BLOCK, 0, () => ended++);
    if (round % 2 === 0) writer.sleep();
    t.ok(writer.wait(10_000));
  }
  t.equal(ended, 40);
  octets.fill(77);
  writer.write(fd, octets, address, BLOCK, 0, () => ended++);
  writer.sleep();
  writer.close();
  t.equal(ended, 41);
  t.equal(readFileSync(path)[BLOCK - 1], 77);
  await sleep(5);
  t.equal(ended, 41);
  bell.close();
});

t.test('no more of them than the system has places for, and none elsewhere', async (t) => {
  const limit = Number(readFileSync('/proc/sys/fs/aio-max-nr', 'latin1'));
  const writers: AsyncWriter[] = [];
  for (let count = 0; count < 10; count++) writers.push(AsyncWriter.open() as AsyncWriter);
  t.ok(writers.every((writer) => writer !== undefined) || limit < 10);
  for (const writer of writers) writer?.close();
  const { arch } = process;
  t.teardown(() => Object.defineProperty(process, 'arch', { value: arch }));
  Object.defineProperty(process, 'arch', { value: 'riscv64' });
  t.equal(AsyncWriter.open(), undefined);
});

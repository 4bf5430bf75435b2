import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { isSameProcess, type ServiceRecord, ServiceRecords } from '../../src/init/service-records.ts';
import { startTicksOf } from '../../src/system/processes.ts';

const folder = mkdtempSync(join(tmpdir(), 'router7-'));
t.teardown(() => rmSync(folder, { recursive: true }));

const startTicks = startTicksOf(process.pid) as number;
const own: ServiceRecord = {
  pid: process.pid,
  startTicks,
  startTime: '2026-01-01T00:00:00.000Z',
  path: '/user/a',
  restarts: 2,
  ready: true,
  stopped: false,
};

t.test('IN-11: a process is known by its number, its start and its title', async (t) => {
  t.ok(isSameProcess(own), 'one that has no title yet');
  process.title = '/user/a';
  t.ok(isSameProcess(own));
  t.notOk(isSameProcess({ ...own, startTicks: startTicks + 1 }), 'its number is in use again');
  const { startTicks: _, ...without } = own;
  t.notOk(isSameProcess(without));
  t.notOk(isSameProcess({ ...own, pid: 2 ** 22 + 1 }), 'nobody');
  process.title = '/user/ab';
  t.notOk(isSameProcess(own), 'another service');
});

t.test('IN-11: records are for the next supervisor of this boot only', async (t) => {
  const records = new ServiceRecords(folder);
  t.equal(records.read('a'), undefined);
  records.write('a', own);
  t.same(new ServiceRecords(folder).read('a'), own);
  t.equal(readFileSync(join(folder, 'a.pid'), 'utf8'), `${process.pid}\n`);
  const path = join(folder, 'services/a.json');
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replace(/"boot":"./, '"boot":"x'));
  t.equal(records.read('a'), undefined, 'of another boot');
  for (const damaged of ['', text.slice(0, 20), '[]', 'null', '{"boot":""}']) {
    writeFileSync(path, damaged);
    t.equal(records.read('a'), undefined, JSON.stringify(damaged));
  }
  records.write('a', { ...own, restarts: 3 });
  const { pid: _, startTicks: __, startTime: ___, ...stopped } = { ...own, stopped: true };
  records.write('a', stopped);
  t.same(records.read('a'), stopped);
  t.notOk(existsSync(join(folder, 'a.pid')));
  records.forget('a');
  t.same(readdirSync(join(folder, 'services')), [], 'nothing half written either');
});

import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { NamesStore } from '../../src/dns/names-store.ts';
import { createLog, silentLog } from '../../src/runtime/log.ts';

const MAC = '02:73:53:00:ca:fe';

t.test('DNS-09 names that hosts ask for outlive a restart', (t) => {
  const file = join(t.testdir({}), 'dnsd/names.json');
  const store = new NamesStore(file, silentLog);
  t.equal(store.set(MAC, 'WWW', '192.168.42.99'), 'ok');
  t.equal(store.set(MAC, 'www', '2001:db8::99'), 'ok');
  t.equal(store.set(MAC, 'www', '192.168.42.98'), 'ok', 'in place of the other one');
  t.equal(store.set('02:00:00:00:00:01', 'www', '10.0.0.1'), 'ok');
  const expected = [
    { hardware_addr: MAC, name: 'www', addrs: ['2001:db8::99', '192.168.42.98'] },
    { hardware_addr: '02:00:00:00:00:01', name: 'www', addrs: ['10.0.0.1'] },
  ];
  t.same(store.names, expected);
  t.same(new NamesStore(file, silentLog).names, expected);
  const text = readFileSync(file, 'utf8');
  t.equal(store.set(MAC, 'www', '192.168.42.98'), 'ok', 'nothing new');
  t.equal(readFileSync(file, 'utf8'), text);
  t.end();
});

t.test('DNS-09 SE-04 what is no name or no address is refused, and there is an end', (t) => {
  const store = new NamesStore(join(t.testdir({}), 'names.json'), silentLog);
  for (const name of ['', 'a.b', 'a b', '*', '-a', 'x'.repeat(64), '🦊', 'a\0', '127', '.']) {
    t.equal(store.set(MAC, name, '10.0.0.1'), 'bad-name', JSON.stringify(name));
  }
  for (const address of ['', 'x', '10.0.0', '10.0.0.256', '::g', 'fe80::1%lan0', '10.0.0.0/8', ' 10.0.0.1']) {
    t.equal(store.set(MAC, 'www', address), 'bad-address', address);
  }
  t.same(store.names, []);
  for (let i = 0; i < 64; i++) t.equal(store.set(MAC, `n${i}x`, '10.0.0.1'), 'ok');
  t.equal(store.set(MAC, 'more', '10.0.0.1'), 'full');
  t.equal(store.set(MAC, 'n7x', '10.0.0.2'), 'ok', 'one that is known may change');
  t.end();
});

t.test('DNS-09 a file that is broken is set aside, and a disk that is full is told of', (t) => {
  const folder = t.testdir({ 'names.json': '[{"hardware_addr":' });
  const lines: string[] = [];
  const log = createLog((line) => lines.push(line));
  const store = new NamesStore(join(folder, 'names.json'), log);
  t.same(store.names, []);
  t.ok(readdirSync(folder).some((name) => name.startsWith('names.json.corrupt-')));
  t.equal(store.set(MAC, 'www', '10.0.0.1'), 'ok');
  writeFileSync(join(folder, 'file'), '');
  chmodSync(join(folder, 'file'), 0o600);
  const nowhere = new NamesStore(join(folder, 'file/names.json'), log);
  t.equal(nowhere.set(MAC, 'www', '10.0.0.1'), 'full');
  t.same(nowhere.names, [], 'not told as if it were so');
  t.match(lines.at(-1), /name cannot be kept/);
  t.end();
});

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { raiseLinks, raisingScript, runInShell } from '../../src/init/early-links.ts';
import type { Card } from '../../src/init/first-start.ts';
import { createLog } from '../../src/runtime/log.ts';

const MAC = '02:00:00:00:00:0';

function card(name: string, number: number, isUp: boolean = false): Card {
  return { name, path: '', hardwareAddress: `${MAC}${number}`, isUp };
}

/** What the program does, a word for each command; files of parameters by their names alone. */
function deeds(config: unknown, ...cards: Card[]): readonly string[] {
  const commands = raisingScript(config, cards).split(/ && |\n/);
  return commands.filter(Boolean).map((line) => line.replace(/^echo (\d) >\/proc\/sys\/net\/ipv6\/conf\//, '$1>'));
}

const silent = (name: string): readonly string[] => [`1>${name}/addr_gen_mode`, `0>${name}/accept_ra`];
const uplink = { name: 'uplink0', hardware_addr: `${MAC}1` };

t.test('a card gets its name and is switched on, without an address before the firewall is there', (t) => {
  const named = [...silent('eth0'), 'ip link set eth0 name uplink0', 'ip link set uplink0 up'];
  t.same(deeds({ interfaces: [uplink], bridges: [] }, card('eth0', 1)), named);
  t.same(deeds({ interfaces: [{ ...uplink, hardware_addr: `${MAC}1`.toUpperCase() }] }, card('eth0', 1)), named);
  const before = [...silent('uplink0'), 'ip link set uplink0 up'];
  t.same(deeds({ interfaces: [uplink] }, card('uplink0', 1)), before, 'it has its name');
  t.end();
});

t.test('ports of a bridge keep their names', (t) => {
  const config = {
    interfaces: [uplink],
    bridges: [{ name: 'lan0', interface_hardware_addrs: [`${MAC}2`, `${MAC}3`] }],
  };
  const cards = [card('eth1', 2), card('eth2', 3), card('eth3', 4)];
  t.same(deeds(config, ...cards), [
    ...[...silent('eth1'), 'ip link set eth1 up'],
    ...[...silent('eth2'), 'ip link set eth2 up'],
  ]);
  const named = { ...config, interfaces: [uplink, { hardware_addr: `${MAC}2`, name: 'lan0' }] };
  const before = [...silent('eth1'), 'ip link set eth1 up'];
  t.same(deeds(named, card('eth1', 2)), before, 'the name of the bridge is that of the bridge');
  t.end();
});

t.test('what netconfigd has to do itself, is left to it', (t) => {
  const of = (config: unknown, ...cards: Card[]): void =>
    void t.same(deeds(config, ...cards), [], JSON.stringify(config));
  of({ interfaces: [uplink] }, card('eth0', 1, true));
  of({ interfaces: [{ ...uplink, spoof_hardware_addr: `${MAC}9` }] }, card('eth0', 1));
  of({ interfaces: [uplink] }, card('eth0', 1), card('uplink0', 2));
  of({ interfaces: [{ ...uplink, name: 'wan2' }] }, card('eth0', 1));
  of({ interfaces: [{ ...uplink, name: '$(reboot)' }] }, card('eth0', 1));
  for (const nonsense of [undefined, null, 7, [], { interfaces: 7 }, { interfaces: [null], bridges: [{}] }]) {
    of(nonsense, card('eth0', 1));
  }
  t.end();
});

/** A machine with one card that is switched off. */
const MACHINE = {
  perm: { 'interfaces.json': JSON.stringify({ interfaces: [uplink] }) },
  sys: { class: { net: { eth0: { type: '1\n', address: `${MAC}1\n`, flags: '0x1002\n' } } } },
};

t.test('a kernel that never answers does not hold the start', async (t) => {
  const lines: string[] = [];
  const log = createLog((line) => lines.push(line));
  const root = t.testdir(MACHINE);
  let given: AbortSignal | undefined;
  const run = (_: string, signal: AbortSignal): Promise<void> => {
    given = signal;
    return new Promise(() => undefined);
  };
  await raiseLinks(log, { root, run }, 20);
  t.match(lines, [/switched on later.*not within 0.02 s/]);
  t.equal(given?.aborted, true, 'what is left of it is not done any more');
});

t.test('a shell is ended in the middle of its program', async (t) => {
  const file = `${t.testdir({})}/pid`;
  const end = new AbortController();
  const ended = runInShell(`echo $$ >${file}; sleep 2; echo done >>${file}`, end.signal);
  const lines = (): readonly string[] => (existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []);
  while (lines().length < 2) await sleep(5);
  const begin = performance.now();
  end.abort();
  await t.rejects(ended, { name: 'AbortError' });
  t.ok(performance.now() - begin < 1000, 'nobody waits for the command');
  while (existsSync(`/proc/${lines()[0]}/exe`)) await sleep(5);
  t.equal(lines()[1], '');
});

t.test('a router without a configuration, or a broken one, starts all the same', async (t) => {
  const lines: string[] = [];
  const scripts: string[] = [];
  const log = createLog((line) => lines.push(line));
  const root = t.testdir({ ...MACHINE, perm: {} });
  let answer: Promise<void> = Promise.resolve();
  // Nothing is done to the machine that the test runs on, whose card may have that name.
  const run = (script: string): Promise<void> => {
    scripts.push(script);
    return answer;
  };
  const write = (text: string): void => writeFileSync(join(root, 'perm/interfaces.json'), text);
  await raiseLinks(log, { root, run });
  write('{');
  await raiseLinks(log, { root, run });
  t.match(lines, [/switched on later/, /switched on later/]);
  t.same(scripts, []);

  write(JSON.stringify({ interfaces: [uplink], bridges: [] }));
  await raiseLinks(log, { root, run });
  t.match(scripts, [/^echo 1 .* ip link set uplink0 up$/]);
  t.equal(lines.length, 2);
  answer = Promise.reject(new Error('no such card'));
  await raiseLinks(log, { root, run });
  t.match(lines.slice(2), [/switched on later.*no such card/]);
});

import './own-namespace.ts';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jump, rule } from '@router7/nft';
import { NftConnection } from '@router7/nft/node';
import { Ipv4Address } from '@router7/wire';
import t from 'tap';
import { Firewall, type Surroundings } from '../../src/firewall/firewall.ts';
import { type FirewallKernel, nftKernel } from '../../src/firewall/firewall-kernel.ts';
import { createLog } from '../../src/runtime/log.ts';

const nft = new NftConnection();
const kernel = nftKernel(nft);
const folder = mkdtempSync(join(tmpdir(), 'firewall-'));
t.teardown(() => {
  nft.close();
  rmSync(folder, { recursive: true });
});

const files = {
  firewall: join(folder, 'firewall.json'),
  portForwardings: join(folder, 'portforwardings.json'),
  lastGood: join(folder, 'last-good'),
};

const surroundings: Surroundings = {
  interfaces: {
    interfaces: [{ name: 'uplink0' }, { name: 'lan0', addr: '192.168.42.1/24' }],
    bridges: [],
  },
  tunnels: [],
  uplink: 'uplink0',
  leased: Ipv4Address.parse('198.51.100.7'),
  delegated: [],
  stale: [],
  links: new Set(['lo']),
};

const list = (): string => execFileSync('nft', ['list', 'ruleset'], { encoding: 'utf8' });
const forward = (port: string): void =>
  writeFileSync(
    files.portForwardings,
    JSON.stringify({ forwardings: [{ port, dest_addr: '192.168.42.2', dest_port: port }] }),
  );

t.test('FW-28 a rule set that the kernel refuses leaves the one before, whole', async (t) => {
  const said: string[] = [];
  let breaking = false;
  // A jump to a chain that is not there, far behind much that is right.
  const fragile: FirewallKernel = {
    ...kernel,
    apply: (tables) =>
      kernel.apply(
        tables.map((table) =>
          breaking ? { ...table, chains: { ...table.chains, zz: { rules: [rule(jump('nowhere'))] } } } : table,
        ),
      ),
  };
  const firewall = new Firewall(
    fragile,
    files,
    createLog((line) => said.push(line)),
  );
  forward('2222');
  t.same(firewall.readFiles(), []);
  t.ok(await firewall.apply(surroundings));
  const before = list();
  t.match(before, /tcp dport 2222/);
  t.notOk(await firewall.apply(surroundings), 'nothing to do');

  breaking = true;
  forward('3333');
  t.same(firewall.readFiles(), []);
  await t.rejects(firewall.apply(surroundings), {
    message: /^rule set refused, the one before stays: add rule inet router7 zz #0.*ENOENT/,
  });
  t.equal(list(), before);

  breaking = false;
  t.ok(await firewall.apply(surroundings), 'and the next good one is applied');
  t.match(list(), /tcp dport 3333/);
  t.notMatch(list(), /tcp dport 2222/);
});

t.test('another process finds nothing to do, and says what it would do', async (t) => {
  const { id } = await nft.generation();
  const firewall = new Firewall(
    nftKernel(new NftConnection()),
    files,
    createLog(() => undefined),
  );
  firewall.readFiles();
  t.same((await firewall.difference(surroundings)).lines, []);
  t.notOk(await firewall.apply(surroundings));
  t.equal((await nft.generation()).id, id, 'nothing was written');
  forward('5555');
  firewall.readFiles();
  const { lines } = await firewall.difference(surroundings);
  t.match(lines.join('\n'), /^\+ rule inet router7 port-forwards: portforwardings\.json forwardings\[0\]$/m);
  t.match(lines.join('\n'), /^- rule inet router7 port-forwards/m);
  t.equal((await nft.generation()).id, id, 'nor by asking');
  forward('3333');
});

t.test('somebody else’s change is undone, and tables of others stay', async (t) => {
  const firewall = new Firewall(
    kernel,
    files,
    createLog(() => undefined),
  );
  firewall.readFiles();
  await firewall.apply(surroundings);
  execFileSync('nft', ['flush', 'chain', 'inet', 'router7', 'input']);
  execFileSync('nft', ['add', 'table', 'ip', 'podman']);
  t.notMatch(list(), /comment "default: the home"/);
  t.ok(await firewall.apply(surroundings));
  t.match(list(), /comment "default: the home"/);
  t.match(list(), /table ip podman/);
});

t.test('FW-25 a kernel or an interface without flowtables: told once, and the rules are applied without', async (t) => {
  const said: string[] = [];
  const firewall = new Firewall(
    kernel,
    files,
    createLog((line) => said.push(line)),
  );
  firewall.readFiles();
  // These do not exist here, so that any kernel refuses them.
  const links = new Set(['lo', 'uplink0', 'lan0']);
  await firewall.apply({ ...surroundings, links });
  forward('4444');
  firewall.readFiles();
  t.ok(await firewall.apply({ ...surroundings, links }));
  t.equal(said.filter((line) => line.includes('no flowtables')).length, 1);
  t.notMatch(list(), /flowtable|flow add/);
  t.match(list(), /tcp dport 4444/);
});

t.test('a change in the middle of another one’s is begun again', async (t) => {
  const firewall = new Firewall(
    kernel,
    files,
    createLog(() => undefined),
  );
  firewall.readFiles();
  const others = Array.from({ length: 20 }, (_, i) => i);
  forward('6666');
  firewall.readFiles();
  const applied = firewall.apply(surroundings);
  for (const i of others) execFileSync('nft', ['add', 'table', 'ip', `other${i}`]);
  t.ok(await applied);
  t.match(list(), /comment "default: the home"/);
});

t.test('what is taken away right behind a change is put back', async (t) => {
  let removing = true;
  const disturbed: FirewallKernel = {
    ...kernel,
    removeOthers(tables) {
      if (removing) execFileSync('nft', ['delete', 'table', 'inet', 'router7']);
      removing = false;
      return kernel.removeOthers(tables);
    },
  };
  const firewall = new Firewall(
    disturbed,
    files,
    createLog(() => undefined),
  );
  forward('7777');
  firewall.readFiles();
  t.ok(await firewall.apply(surroundings));
  t.notOk(await firewall.isThere());
  t.ok(await firewall.apply(surroundings), 'the next run, which the change itself asks for, finds it out');
  t.ok(await firewall.isThere());
  t.notOk(await firewall.apply(surroundings));
});

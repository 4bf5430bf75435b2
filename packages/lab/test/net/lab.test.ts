import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { isps } from '../../src/isp/profiles.ts';
import { until } from '../../src/wait.ts';
import { needs } from './installed.ts';
import { Lab, processesIn } from './lab-process.ts';

t.setTimeout(600_000);
t.jobs = 4;

interface Step {
  readonly step: string;
  readonly ok: boolean;
  readonly milliseconds: number;
  readonly detail: string;
}

/** What only the hostile provider's home goes through. */
const hostileNames = [
  'a name server lies',
  'the router believes none of it',
  'it dies, and comes back',
  'computers by the names of others get none of them',
];

/** Asserts that no step has failed, and shows those that have. */
function noneFailed(t: Test, steps: readonly Step[]): void {
  t.same(
    steps.filter(({ ok }) => !ok),
    [],
    'no step has failed',
  );
}

const clients = ['dhclient', 'dhcpcd', 'busybox', 'curl', 'unbound', 'dig'];
const servers: Readonly<Record<string, readonly string[]>> = {
  kea: ['kea-dhcp4', 'kea-dhcp6', 'radvd'],
  dnsmasq: ['dnsmasq', 'dhcpd'],
  fiber7: ['dhcpd', 'radvd'],
  embedded: ['kea-dhcp6', 'radvd'],
  hostile: ['radvd'],
};

for (const profile of Object.keys(isps)) {
  t.test(
    `lab --once --profile ${profile} --clients 3: every step, and nothing is left`,
    needs(...clients, ...(servers[profile] ?? [])),
    async (t) => {
      const lab = new Lab(t, ['--once', '--profile', profile, '--clients', '3', '--json']);
      const namespace = await lab.namespace();
      const status = await lab.ended;
      t.equal(status, 0, lab.errors.join('\n'));
      const steps = lab.lines.map((line) => JSON.parse(line) as Step);
      noneFailed(t, steps);
      t.ok(steps.every(({ milliseconds }) => Number.isInteger(milliseconds)));
      const names = steps.map(({ step }) => step);
      t.same(
        names.filter((name) => !/^client\d/.test(name)),
        [
          'cables laid',
          'Internet is there',
          'provider answers',
          'router has a WAN lease',
          'router has been delegated a prefix',
          'a router behind the router has been delegated a prefix',
          'what is behind it fetches the same page by IPv6',
          'the router and unbound say the same of every name',
          'no public name leads into the home',
          ...(profile === 'hostile' ? hostileNames : []),
          'the router knows the time, one server that lies is outvoted',
          'there is something to be found',
          'ports are forwarded to client1',
          'the attacker finds only those',
          'spoofed and martian sources do not pass',
          'the home reaches them by the address outside',
          'WAN lease renewed',
          'WAN prefix renewed',
          'the connection is still open',
        ],
      );
      const leases = steps.filter(({ step }) => /^client\d has a LAN lease/.test(step));
      t.same(
        leases.map(({ step }) => step),
        ['client1 has a LAN lease (dhclient)', 'client2 has a LAN lease (dhcpcd)', 'client3 has a LAN lease (udhcpc)'],
      );
      t.equal(new Set(leases.map(({ detail }) => detail)).size, 3, 'three addresses');
      for (const fetched of [
        'fetches a page through NAT',
        'fetches the same page by IPv6',
        'resolves names, by UDP and TCP, IPv4 and IPv6',
      ]) {
        t.equal(names.filter((name) => name.startsWith('client') && name.endsWith(fetched)).length, 3, fetched);
      }
      await lab.nothingLeft(namespace);
    },
  );
}

t.test(
  'lab --story renumber: RA-05, RA-06, NC-06, D6C-12 a new prefix, also one from behind a power cut, has every host in 5 s',
  needs(...clients, ...(servers.kea ?? [])),
  async (t) => {
    const lab = new Lab(t, ['--story', 'renumber', '--profile', 'kea', '--clients', '3', '--json']);
    const namespace = await lab.namespace();
    t.equal(await lab.ended, 0, lab.errors.join('\n'));
    const steps = lab.lines.map((line) => JSON.parse(line) as Step);
    noneFailed(t, steps);
    const moved = steps.filter(({ step }) => step.endsWith('uses the new prefix, and the old for nothing'));
    t.equal(moved.length, 6, 'three hosts, twice');
    for (const { step, detail } of moved)
      t.ok(Number(/ (\d+\.\d+) s later$/.exec(detail)?.[1]) <= 5, `${step}: ${detail}`);
    await lab.nothingLeft(namespace);
  },
);

t.test(
  'lab --story cut: DNS-04, DNS-06, DNS-12, DNS-13 names go on being known without a line, and are fresh again at once',
  needs(...clients, ...(servers.kea ?? [])),
  async (t) => {
    const lab = new Lab(t, ['--story', 'cut', '--profile', 'kea', '--clients', '1', '--json']);
    const namespace = await lab.namespace();
    t.equal(await lab.ended, 0, lab.errors.join('\n'));
    const steps = lab.lines.map((line) => JSON.parse(line) as Step);
    noneFailed(t, steps);
    t.match(steps.at(-1), { step: 'the first fresh answer comes' });
    await lab.nothingLeft(namespace);
  },
);

t.test(
  'lab --story moods: D6C-09, D6C-10, D6C-11, D6C-24 the prefix outlives every answer to a Renew that means nothing',
  needs(...clients, ...(servers.hostile ?? [])),
  async (t) => {
    const lab = new Lab(t, ['--story', 'moods', '--profile', 'hostile', '--clients', '1', '--json']);
    const namespace = await lab.namespace();
    t.equal(await lab.ended, 0, lab.errors.join('\n'));
    const steps = lab.lines.map((line) => JSON.parse(line) as Step);
    noneFailed(t, steps);
    t.equal(steps.filter(({ step }) => step.startsWith('renewed with')).length, 12);
    await lab.nothingLeft(namespace);
  },
);

t.test(
  'lab: the attacker finds what a router that accepts everything leaves open',
  needs(...clients, ...(servers.embedded ?? [])),
  async (t) => {
    const lab = new Lab(t, ['--once', '--clients', '1', '--json', '--firewall', 'router7']);
    t.equal(await lab.ended, 1);
    const last = JSON.parse(lab.lines.at(-1) ?? '') as Step;
    t.equal(last.step, 'the attacker finds only those');
    t.notOk(last.ok);
    t.match(last.detail, /open ports: tcp 192\.168\.42\.1:\d+ from attacker/);
  },
);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  t.test(`lab: ${signal} in the middle ends it cleanly`, async (t) => {
    const lab = new Lab(t, ['--profile', 'embedded', '--port', '0', '--json']);
    const namespace = await lab.namespace();
    await lab.line(/provider answers/);
    lab.child.kill(signal);
    t.equal(await lab.ended, 130);
    await lab.nothingLeft(namespace);
  });
}

t.test('lab: SIGINT before anything runs ends it cleanly', async (t) => {
  const lab = new Lab(t, ['--profile', 'embedded', '--port', '0', '--json']);
  const namespace = await lab.namespace();
  lab.child.kill('SIGINT');
  t.equal(await lab.ended, 130);
  await lab.nothingLeft(namespace);
});

t.test('lab: SIGKILL of main.ts ends the stage, and the next start removes what was left', async (t) => {
  const lab = new Lab(t, ['--profile', 'embedded', '--port', '0', '--json']);
  const namespace = await lab.namespace();
  await lab.line(/provider answers/);
  lab.child.kill('SIGKILL');
  await lab.ended;
  await until('every process of the stage has ended', 30_000, () => processesIn(namespace).length === 0);
  const left = readdirSync(lab.folder);
  t.match(left, [/^router7-lab-\d+-\d+-/], 'nobody was there to remove it');
  mkdirSync(join(lab.folder, 'router7-lab-strangers'));
  const next = new Lab(t, ['--once', '--clients', '1', '--json'], lab.folder);
  await next.line(/cables laid/);
  t.notOk(readdirSync(lab.folder).some((name) => left.includes(name)));
  next.child.kill('SIGINT');
  t.equal(await next.ended, 130);
  t.same(readdirSync(lab.folder), ['router7-lab-strangers'], 'what it does not know stays');
});

t.test('lab: bad arguments are told in one line, with status 2', async (t) => {
  const table = [
    [['--profile', 'nonsense'], /--profile.*nonsense.*embedded.*kea/],
    [['--clients', '0'], /--clients.*"0".*1 to 16/],
    [['--clients', 'x'], /--clients.*"x"/],
    [['--port', '70000'], /--port.*70000/],
    [['--story', 'nonsense'], /--story.*nonsense.*renumber/],
    [['--nonsense'], /--nonsense/],
    [['word'], /word/],
  ] as const;
  for (const [args, message] of table) {
    const lab = new Lab(t, args);
    t.equal(await lab.ended, 2, args.join(' '));
    t.equal(lab.errors.length, 1, 'one line');
    t.match(lab.errors[0], message);
    t.same(lab.lines, []);
    t.same(readdirSync(lab.folder), []);
  }
  const help = new Lab(t, ['--help']);
  t.equal(await help.ended, 0);
  for (const name of Object.keys(isps)) t.match(help.lines.join('\n'), new RegExp(`^ +${name} `, 'm'));
});

import t from 'tap';
import { parseLabOptions, stories, usage } from '../src/args.ts';
import { isps } from '../src/isp/profiles.ts';

t.test('defaults, and everything that can be given', async (t) => {
  t.same(parseLabOptions([]), {
    profile: 'embedded',
    clients: 3,
    once: false,
    json: false,
    port: 8067,
    firewall: 'default',
    story: undefined,
    image: undefined,
  });
  t.same(parseLabOptions(['--profile', 'kea', '--clients=1', '--once', '--json', '--port', '0']), {
    profile: 'kea',
    clients: 1,
    once: true,
    json: true,
    port: 0,
    firewall: 'default',
    story: undefined,
    image: undefined,
  });
  t.equal(parseLabOptions(['--firewall', 'router7']).firewall, 'router7');
  t.match(parseLabOptions(['--qemu']).image, /disk\.img$/);
  t.equal(parseLabOptions(['--qemu', '--image', 'other.img']).image, 'other.img');
  t.match(parseLabOptions(['--story', 'renumber']), { story: 'renumber', once: true });
  t.match(parseLabOptions(['--story', 'moods', '--profile', 'hostile']), { story: 'moods' });
});

t.test('what is wrong is one line that names the flag, what was found and what was expected', async (t) => {
  for (const [args, flag] of [
    [['--profile', 'toString'], '--profile'],
    [['--clients', '0'], '--clients'],
    [['--clients', '17'], '--clients'],
    [['--clients', '2.5'], '--clients'],
    [['--port', '65536'], '--port'],
    [['--port', '-1'], '--port'],
    [['--firewall', 'open'], '--firewall'],
    [['--story', 'toString'], '--story'],
    [['--story', 'moods'], '--profile'],
  ] as const) {
    t.throws(() => parseLabOptions(args), { message: new RegExp(`${flag}`) }, args.join(' '));
  }
  t.throws(() => parseLabOptions(['--nonsense']));
  t.throws(() => parseLabOptions(['stray']));
});

t.test('the help names every provider and story', async (t) => {
  for (const name of Object.keys({ ...isps, ...stories })) t.match(usage(), new RegExp(`^ {2}${name} `, 'm'));
});

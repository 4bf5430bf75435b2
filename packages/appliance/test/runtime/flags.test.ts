import t from 'tap';
import { FlagError, parseFlags } from '../../src/runtime/flags.ts';

const DEFAULTS = { interface: 'uplink0', state_dir: '/perm/dhcp4', linger: true };

t.test("flags as Go's flag package reads them", (t) => {
  const rows: [args: string[], changed: Partial<typeof DEFAULTS>][] = [
    [[], {}],
    [['-interface=lan0'], { interface: 'lan0' }],
    [['--interface=lan0'], { interface: 'lan0' }],
    [['-interface', 'lan0'], { interface: 'lan0' }],
    [['--interface', 'lan0', '-linger'], { interface: 'lan0', linger: true }],
    [['-linger=false'], { linger: false }],
    [['-linger=0', '-linger=T'], { linger: true }],
    [['-state_dir='], { state_dir: '' }],
    [['-state_dir=a=b'], { state_dir: 'a=b' }],
  ];
  for (const [args, changed] of rows) t.same(parseFlags(args, DEFAULTS), { ...DEFAULTS, ...changed }, args.join(' '));
  for (const args of [
    ['lan0'],
    ['-interfaces=lan0'],
    ['-interface'],
    ['-linger=maybe'],
    ['-linger', 'false'],
    ['-'],
    ['-=x'],
  ]) {
    t.throws(() => parseFlags(args, DEFAULTS), FlagError, args.join(' '));
  }
  for (const name of ['__proto__', 'toString', 'constructor'])
    t.throws(() => parseFlags([`-${name}=x`], DEFAULTS), FlagError);
  t.end();
});

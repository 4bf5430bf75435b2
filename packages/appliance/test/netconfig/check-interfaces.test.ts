import { Ipv4Prefix } from '@router7/wire';
import t from 'tap';
import { leaseConflict, readInterfaces } from '../../src/netconfig/check-interfaces.ts';

t.test('networks that two interfaces have in common', (t) => {
  const read = (...entries: object[]) => readInterfaces(JSON.stringify({ interfaces: entries }), 'f');
  const lan = { name: 'lan0', addr: '192.168.42.1/24' };
  const rows: [name: string, other: object, line: RegExp | undefined][] = [
    ['apart', { addr: '192.168.43.1/24' }, undefined],
    [
      'the same',
      { addr: '192.168.42.2/24' },
      /^f: interfaces\[1\]\.addr: found "192\.168\.42\.2\/24", expected a network apart from 192\.168\.42\.1\/24 of lan0; interfaces\[1\]\.addr passed over$/,
    ],
    ['narrower', { addr: '192.168.42.129/25' }, /interfaces\[1\]\.addr/],
    ['wider', { addr: '192.168.0.1/16' }, /interfaces\[1\]\.addr/],
    [
      'another one',
      { addr: '10.0.0.1/8', extra_addrs: ['10.9.9.9/8', '192.168.42.9/32'] },
      /interfaces\[1\]\.extra_addrs\[1\]/,
    ],
    ['of IPv6', { addr: 'fd00::1/64' }, undefined],
  ];
  for (const [name, other, line] of rows) {
    const { warnings, damaged, value } = read(lan, { name: 'guest0', ...other });
    t.equal(damaged, line !== undefined, name);
    t.match(warnings, line === undefined ? [] : [line], name);
    t.equal(warnings.length, line === undefined ? 0 : 1);
    t.equal(value.interfaces[0]?.addr, lan.addr, 'the first one counts');
  }
  t.notOk(read({ ...lan, extra_addrs: ['192.168.42.2/24'] }).damaged, 'one interface may have several of one network');
  t.notOk(
    read({ name: 'lan0', addr: 'fe80::1/64' }, { name: 'wg0', addr: 'fe80::1/64' }).damaged,
    'each link has its own',
  );
  t.ok(read({ name: 'lan0', addr: 'fd00::1/64' }, { name: 'wg0', addr: 'fd00::2/48' }).damaged);
  t.end();
});

t.test('a lease and the home', (t) => {
  const { value } = readInterfaces('{"interfaces":[{"name":"uplink0"},{"name":"lan0","addr":"10.0.0.1/24"}]}', 'f');
  const conflict = (prefix: string): string | undefined =>
    leaseConflict(value, { address: Ipv4Prefix.parse(prefix), routers: [], classlessRoutes: undefined }, 'lease.json');
  t.equal(
    conflict('10.0.0.7/24'),
    'lease.json: found 10.0.0.7/24, expected a network apart from 10.0.0.1/24 of lan0; not used, give lan0 another network',
  );
  t.ok(conflict('10.0.0.130/25'));
  t.ok(conflict('10.0.0.7/32'));
  t.equal(conflict('10.0.1.7/24'), undefined);
  t.equal(conflict('10.0.0.7/8'), undefined, 'the home is the more specific of the two');
  t.end();
});

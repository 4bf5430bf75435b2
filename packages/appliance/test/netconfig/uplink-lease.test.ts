import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { readUplinkLease } from '../../src/netconfig/uplink-lease.ts';

const folder = mkdtempSync(join(tmpdir(), 'uplink-lease-'));
const file = join(folder, 'lease.json');
t.teardown(() => rmSync(folder, { recursive: true }));

const GOLDEN =
  '{"valid_until":"2018-05-18T23:46:04.429895261+02:00","client_ip":"85.195.207.62","subnet_mask":"255.255.255.128","router":"85.195.207.1","dns":["77.109.128.2","213.144.129.20"]}';

t.test('router7’s own file, of a lease that is long over', async (t) => {
  writeFileSync(file, GOLDEN);
  const lease = readUplinkLease(file);
  t.equal(lease?.address.toString(), '85.195.207.62/25');
  t.same(lease?.routers.map(String), ['85.195.207.1']);
  t.equal(lease?.classlessRoutes, undefined);
});

t.test('several routers, classless routes, and null for no name servers', async (t) => {
  const others = {
    routers: ['192.0.2.1', '192.0.2.2'],
    classless_routes: [{ destination: '0.0.0.0/0', gateway: '192.0.2.9' }],
  };
  writeFileSync(file, JSON.stringify({ ...JSON.parse(GOLDEN), dns: null, ...others }));
  const lease = readUplinkLease(file);
  t.same(lease?.routers.map(String), ['192.0.2.1', '192.0.2.2']);
  t.same(
    lease?.classlessRoutes?.map(({ destination, router }) => `${destination} ${router}`),
    ['0.0.0.0/0 192.0.2.9'],
  );
});

t.test('no file is no lease; what cannot be used is an error', async (t) => {
  t.equal(readUplinkLease(join(folder, 'none.json')), undefined);
  for (const text of [
    '',
    '{',
    '[]',
    '{}',
    GOLDEN.replace('85.195.207.62', '85.195.207.620'),
    GOLDEN.replace('.128"', '.129"'),
  ]) {
    writeFileSync(file, text);
    t.throws(() => readUplinkLease(file), { name: 'StateError' }, text.slice(0, 30));
  }
  writeFileSync(file, GOLDEN.replace('255.255.255.128', ''));
  t.throws(() => readUplinkLease(file), { message: 'invalid DHCP lease: no subnet mask present' });
});

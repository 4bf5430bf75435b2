import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { cable, Host } from '../../src/host.ts';
import { onStage } from '../../src/stage.ts';

await onStage(import.meta.url);

const server = fileURLToPath(new URL('../../src/isp/embedded-server.ts', import.meta.url));
const settings = {
  interface: 'customer0',
  prefix: '198.51.100.1/24',
  first: '198.51.100.100',
  last: '198.51.100.200',
  router: '198.51.100.1',
  dns: ['203.0.113.53', '203.0.113.54'],
  leaseTimeSeconds: 40,
  renewalTimeSeconds: 10,
};

t.test('busybox udhcpc gets a lease from the embedded provider, gives it back, and gets it again', async (t) => {
  const isp = new Host('isp');
  const customer = new Host('customer');
  cable(isp, 'customer0', customer, 'uplink0');
  isp.ip('address add 198.51.100.1/24 dev customer0');
  isp.ip('link set customer0 up');
  customer.ip('link set uplink0 up');
  const program = isp.startNode('isp', server, [JSON.stringify(settings)]);
  await program.line(/^ready$/, 20_000);

  writeFileSync('/tmp/script', '#!/bin/sh\n[ "$1" = bound ] && env > /tmp/lease\nexit 0\n', { mode: 0o755 });
  const udhcpc = (): Promise<string> =>
    customer.run('busybox', ['udhcpc', '-f', '-q', '-n', '-R', '-i', 'uplink0', '-s', '/tmp/script'], 20_000);
  await udhcpc();
  const lease = readFileSync('/tmp/lease', 'utf8');
  const [, address = ''] = /^ip=(198\.51\.100\.(?:1\d\d|200))$/m.exec(lease) ?? [];
  t.not(address, '');
  t.match(lease, /^subnet=255\.255\.255\.0$/m);
  t.match(lease, /^router=198\.51\.100\.1$/m);
  t.match(lease, /^dns=203\.0\.113\.53 203\.0\.113\.54$/m);
  t.match(lease, /^lease=40$/m);
  t.ok(await program.line(new RegExp(`^bound ${address}$`), 5000));

  await udhcpc();
  t.match(readFileSync('/tmp/lease', 'utf8'), new RegExp(`^ip=${address.replaceAll('.', '\\.')}$`, 'm'));
  t.equal(await program.stop(), 0);
});

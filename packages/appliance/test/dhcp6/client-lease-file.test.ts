import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClientConfiguration } from '@router7/dhcp6';
import { Ipv6Prefix } from '@router7/wire';
import t from 'tap';
import { ClientLeaseFile } from '../../src/dhcp6/client-lease-file.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { parseDhcp6Lease } from '../../src/state/dhcp6-lease.ts';

const folder = mkdtempSync(join(tmpdir(), 'client6-lease-'));
const path = join(folder, 'wire', 'lease.json');
t.teardown(() => rmSync(folder, { recursive: true }));

const clock = {
  monotonic: 1000,
  time: 0,
  now: () => clock.monotonic,
  wall: () => clock.time,
};
let changed = 0;
const file = new ClientLeaseFile(path, clock, silentLog, () => changed++);
t.teardown(() => file.close());

const configuration: ClientConfiguration = {
  serverIdentifier: Uint8Array.of(0, 3, 0, 1, 9),
  receivedAt: 1000,
  delegations: [
    {
      kind: 'prefix',
      iaid: 1,
      prefix: Ipv6Prefix.parse('2001:db8:1::/56'),
      excluded: undefined,
      renewAt: 601_000,
      rebindAt: 901_000,
      preferredUntil: 1_201_000,
      validUntil: 3_601_000,
    },
  ],
  addresses: [],
  dnsServers: [],
  domainSearchList: [],
  options: [],
};

const validUntil = (): string | null | undefined =>
  parseDhcp6Lease(readFileSync(path, 'utf8')).value.delegations?.[0]?.valid_until;

t.test('D6C-04: a router that starts without a clock: when that is set, the times are written anew', async (t) => {
  file.write(configuration);
  t.equal(validUntil(), '1970-01-01T01:00:00Z');
  t.equal(changed, 1);
  clock.monotonic += 60_000;
  clock.time += 60_000;
  file.followClock();
  t.equal(changed, 1, 'time that passes is no change');
  clock.time = Date.UTC(2026, 0, 1);
  file.followClock();
  t.equal(validUntil(), '2026-01-01T00:59:00Z', '59 minutes are left of the hour');
  t.equal(changed, 2, 'and whoever reads them is told');
  file.followClock();
  t.equal(changed, 2);
});

t.test('D6C-12: what is there is remembered; what cannot be read is set aside', async (t) => {
  t.equal(file.remembered()?.delegations[0]?.validForMs, 3_540_000);
  writeFileSync(path, '{"valid_until":');
  t.equal(file.remembered(), undefined);
  t.throws(() => readFileSync(path), { code: 'ENOENT' });
});

t.test('D6C-21: forgotten, it is not written again when the clock is set', async (t) => {
  file.write(configuration);
  file.forget();
  clock.time += 86_400_000;
  file.followClock();
  t.throws(() => readFileSync(path), { code: 'ENOENT' });
});

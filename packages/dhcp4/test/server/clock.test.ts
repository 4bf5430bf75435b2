import { Ipv4Prefix } from '@router7/wire';
import t from 'tap';
import { defaultServerConfig } from '../../src/server/default-config.ts';
import { ServerEngine } from '../../src/server/engine.ts';
import { MemoryLeaseTable } from '../../src/server/memory-lease-table.ts';

t.test('what is no time is refused', async (t) => {
  const config = defaultServerConfig(Ipv4Prefix.parse('192.0.2.1/24'));
  const engine = new ServerEngine(config, new MemoryLeaseTable(), { random: () => 0 });
  for (const now of [Number.NaN, Number.POSITIVE_INFINITY]) {
    t.throws(() => engine.handle({ kind: 'timeout' }, now), RangeError, String(now));
  }
  engine.handle({ kind: 'timeout' }, 0);
  t.equal(engine.deadline(), undefined);
});

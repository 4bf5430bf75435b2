import { MessageType } from '@router7/dhcp6';
import { Ipv6Address } from '@router7/wire';
import { Registry } from 'prom-client';
import t from 'tap';
import { ClientStatistics } from '../../src/dhcp6/client-statistics.ts';

t.test('D6C-26: what was sent, heard and dropped, by type', async (t) => {
  const statistics = new ClientStatistics();
  const registry = new Registry();
  statistics.register(registry);
  const sent = { kind: 'send', payload: new Uint8Array(), destination: Ipv6Address.loopback } as const;
  statistics.count({ ...sent, messageType: MessageType.solicit });
  statistics.count({ ...sent, messageType: MessageType.solicit });
  statistics.count({ ...sent, messageType: MessageType.renew });
  statistics.count({ kind: 'received', messageType: MessageType.reply });
  statistics.count({ kind: 'discarded', reason: 'wrong-transaction-id' });
  statistics.count({ kind: 'state', state: 'bound' });
  const text = await registry.metrics();
  for (const line of [
    'dhcp6_sent{type="solicit"} 2',
    'dhcp6_sent{type="renew"} 1',
    'dhcp6_received{type="reply"} 1',
    'dhcp6_discarded{reason="wrong-transaction-id"} 1',
    'dhcp6_prefixes 0',
    'dhcp6_addresses 0',
  ]) {
    t.ok(text.split('\n').includes(line), line);
  }
});

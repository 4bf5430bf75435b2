/** What RFC 7084 and RFC 9096 ask of the client of a customer's edge router, besides what RFC 9915 does. */
import t from 'tap';
import { defaultClientConfig } from '../../src/index.ts';
import { asked, DUID, type Sent, SimulatedClient } from './simulated-client.ts';

const { delegations, addresses } = defaultClientConfig(DUID);

/** Which IAs a message is about. */
function iaids({ message }: Sent): string[] {
  return asked(message).map((text) => text.split(':')[0] as string);
}

t.test('WPD-10: the IAIDs are the same in every message and after every restart (RFC 9096 3.2)', async (t) => {
  for (let restart = 0; restart < 3; restart++) {
    const client = new SimulatedClient({ delegations, addresses }).acquire({ pd: [{}], na: [{}] });
    client.until('renewing').until('rebinding');
    const seen = client.sent().map((sent) => `${sent.type}: ${iaids(sent)}`);
    t.strictSame(new Set(seen), new Set(['1: pd 1,na 1', '3: pd 1,na 1', '5: pd 1,na 1', '6: pd 1,na 1']));
  }
});

t.test('WAA-6: an address is asked for when flag M is set, and without any advertisement (RFC 7084 4.2)', async (t) => {
  for (const managed of [true, undefined]) {
    const client = new SimulatedClient({ delegations, addresses });
    client.up();
    if (managed !== undefined) client.handle({ kind: 'router', managed, otherConfig: false });
    client.advance(5000);
    t.ok(client.sent().length > 0);
    t.ok(client.sent().every((sent) => iaids(sent).includes('na 1')));
  }
});

import t from 'tap';
import { runInNamespace } from './namespace.ts';

interface Printed {
  readonly open: { readonly out?: string; readonly intoHome?: string };
  readonly out?: string;
  readonly intoHome?: string;
  readonly intoRouter?: string;
  readonly homeToRouter?: string;
  readonly forwarded?: string;
  readonly hairpin?: string;
  readonly packets: { readonly dropped: number; readonly clamped: number };
}

t.test('traffic through masquerading and a stateful default drop', async (t) => {
  const printed = runInNamespace('traffic.script.ts') as Printed;
  // Without rules everything passes, under its own address: the network itself stands.
  t.same(printed.open, { out: '192.168.42.2', intoHome: '203.0.113.2' });
  t.equal(printed.out, '203.0.113.1', "from home outwards, under the router's address");
  t.equal(printed.intoHome, undefined, 'from outside into the home: nothing');
  t.equal(printed.intoRouter, undefined, 'from outside to the router: nothing');
  t.equal(printed.homeToRouter, '192.168.42.2', 'from home to the router');
  t.equal(printed.forwarded, '203.0.113.2', 'a forwarded port, with the source that it has');
  t.equal(printed.hairpin, '192.168.42.1', "a forwarded port from inside, under the router's address");
  t.ok(printed.packets.dropped >= 2, 'what was dropped was counted');
  t.ok(printed.packets.clamped >= 1, 'the SYN outwards passed the MSS clamp');
});

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import { HomeKnowledge } from '../../src/dns/home-knowledge.ts';
import type { NameServer } from '../../src/dns/name-server.ts';
import { silentLog } from '../../src/runtime/log.ts';

const WALL = Date.parse('2026-05-01T12:00:00Z');
const HOUR = 3_600_000;
const ADDRESSES = { hosts: [], clients: [], own: ['192.168.42.1'], uplinks: [2] };

/** Notes what a name server is told. */
class Pupil {
  readonly told: string[] = [];
  readonly server = {
    configure: () => this.told.push('settings'),
    know: ({ kind }: { readonly kind: string }) => this.told.push(kind),
    uplinkChanged: () => this.told.push('uplink'),
  } as unknown as NameServer;
}

t.test(
  'DNS-02, DNS-06: only what has changed is taught: who takes in many names does not answer meanwhile',
  async (t) => {
    const perm = t.testdir();
    const write = (name: string, content: unknown): void => {
      mkdirSync(dirname(join(perm, name)), { recursive: true });
      writeFileSync(join(perm, name), JSON.stringify(content));
    };
    const lease = (hostname: string, end: number): void => {
      const times = { expiry: new Date(end).toISOString(), last_ack: new Date(WALL).toISOString() };
      const hardware_addr = '02:73:53:00:ca:fe';
      write('dhcp4d/leases.json', [
        { num: 1, addr: '192.168.42.9', hardware_addr, hostname, hostname_override: '', ...times },
      ]);
    };
    let [now, stepped] = [0, 0];
    const clock = { now: () => now, wall: () => WALL + stepped + now };
    lease('xps', WALL + HOUR);
    const knowledge = new HomeKnowledge({ perm, log: silentLog, clock });
    t.teardown(() => knowledge.close());
    const pupil = new Pupil();
    const taught = async (addresses = ADDRESSES): Promise<readonly string[]> => {
      pupil.told.length = 0;
      await knowledge.teach(pupil.server, addresses);
      return pupil.told;
    };
    t.same(await taught(), ['local', 'settings', 'block']);
    now = 60_000;
    t.same(await taught(), [], 'nothing has changed');
    lease('laptop', WALL + HOUR);
    t.same(await taught(), ['local'], 'a name');
    lease('laptop', WALL + 2 * HOUR);
    t.same(await taught(), ['local'], 'the end of a lease');
    stepped = -HOUR;
    t.same(await taught(), ['local'], 'the clock was set');
    write('dhcp6/wire/routers.json', { routers: [], prefixes: [], dns: ['fe80::53'], domain_search: [], nat64: [] });
    t.same(await taught(), ['settings', 'uplink'], 'another server');
    t.same(await taught({ ...ADDRESSES, uplinks: [7] }), ['uplink'], 'the interface is another one, by the same name');
  },
);

import './own-namespace.ts';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { Firewall } from '../../src/firewall/firewall.ts';
import type { FirewallKernel } from '../../src/firewall/firewall-kernel.ts';
import { Configuration } from '../../src/netconfig/configuration.ts';
import { Configurator } from '../../src/netconfig/configurator.ts';
import { EndpointResolver } from '../../src/netconfig/endpoint-resolver.ts';
import { filesBelow } from '../../src/netconfig/files.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { GenericNetlink } from '../../src/system/genetlink.ts';
import { RtNetlink } from '../../src/system/rtnetlink.ts';
import { readSysctl } from '../../src/system/sysctl.ts';
import { ip } from './own-namespace.ts';

t.test(
  'without any rules nothing is forwarded and the provider’s address is not taken; the home is there',
  async (t) => {
    const perm = mkdtempSync(join(tmpdir(), 'router7-unguarded-'));
    t.teardown(() => rmSync(perm, { recursive: true }));
    const files = filesBelow(perm);
    mkdirSync(join(perm, 'dhcp4/wire'), { recursive: true });
    writeFileSync(
      files.lease,
      '{"valid_until":"2018-05-18T23:46:04+02:00","client_ip":"198.51.100.7","subnet_mask":"255.255.255.0","router":"198.51.100.1","dns":[]}',
    );
    writeFileSync(files.interfaces, '{"interfaces":[{"name":"uplink0"},{"name":"lan0","addr":"192.168.42.1/24"}]}');
    ip('link add uplink0 type veth peer name lan0');

    let there = false;
    const refuse = async (): Promise<never> => {
      throw new Error('not today');
    };
    const rules: FirewallKernel = {
      generation: async () => 1,
      isThere: async () => there,
      difference: async () => [],
      apply: refuse,
      removeOthers: refuse,
      counters: async () => [],
    };
    const kernel = { route: new RtNetlink(), generic: new GenericNetlink() };
    t.teardown(() => {
      kernel.route.close();
      kernel.generic.close();
    });
    const configurator = new Configurator(
      kernel,
      new Firewall(rules, files, silentLog),
      new Configuration(files),
      new EndpointResolver(() => undefined),
      join(perm, 'resolv.conf'),
      silentLog,
    );
    const addresses = async (): Promise<readonly string[]> =>
      (await kernel.route.addresses()).map(({ prefix }) => String(prefix)).filter((text) => !text.includes(':'));

    const { errors } = await configurator.apply();
    t.match(
      errors.map(({ message }) => message),
      [/not today/],
    );
    t.equal(readSysctl('net.ipv4.ip_forward'), '0');
    t.equal(readSysctl('net.ipv6.conf.all.forwarding'), '0');
    t.same(await addresses(), ['192.168.42.1/24']);

    // An earlier rule set of ours goes on protecting.
    there = true;
    t.equal((await configurator.apply()).errors.length, 1);
    t.equal(readSysctl('net.ipv4.ip_forward'), '1');
    t.same(await addresses(), ['192.168.42.1/24', '198.51.100.7/24'].sort());
  },
);

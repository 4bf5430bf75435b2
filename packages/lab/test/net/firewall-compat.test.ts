import t from 'tap';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { At, FirewallSite } from './firewall-site.ts';
import { needs } from './installed.ts';

t.setTimeout(240_000);
await onStage(import.meta.url);

/** What router7 makes of its own example of portforwardings.json, as `nft --numeric` lists it. */
const GOLDEN = `table ip nat {
	chain router7-portforwardings {
		ip daddr != 127.0.0.0/8 ip daddr != 192.168.42.0/24 fib daddr type 2 tcp dport 8080 dnat to 192.168.42.23:9999
		ip daddr != 127.0.0.0/8 ip daddr != 192.168.42.0/24 fib daddr type 2 tcp dport 8040-8060 dnat to 192.168.42.99:8040-8060
		ip daddr != 127.0.0.0/8 ip daddr != 192.168.42.0/24 fib daddr type 2 udp dport 53 dnat to 192.168.42.99:53
	}

	chain prerouting {
		type nat hook prerouting priority 0; policy accept;
		jump router7-portforwardings
	}

	chain postrouting {
		type nat hook postrouting priority 100; policy accept;
		oifname "uplink0" masquerade
		iifname "lan0" oifname "lan0" ct status 0x20 masquerade
	}
}
${filterTable('ip')}${filterTable('ip6')}`;

function filterTable(family: string): string {
  return `table ${family} filter {
	counter fwded {
		packets N bytes N
	}

	counter inputc {
		packets N bytes N
	}

	counter outputc {
		packets N bytes N
	}

	chain forward {
		type filter hook forward priority 0; policy accept;
		oifname "uplink0" tcp flags 0x2 tcp option maxseg size set rt mtu
		counter name "fwded"
	}

	chain input {
		type filter hook input priority 0; policy accept;
		counter name "inputc"
	}

	chain output {
		type filter hook output priority 0; policy accept;
		counter name "outputc"
	}
}
`;
}

const FORWARDINGS = {
  forwardings: [
    { proto: 'tcp', port: '8080', dest_addr: '192.168.42.23', dest_port: '9999' },
    { port: '8040-8060', dest_addr: '192.168.42.99', dest_port: '8040-8060' },
    { proto: 'udp', port: '53', dest_addr: '192.168.42.99', dest_port: '53' },
  ],
};

const withoutNumbers = (ruleset: string): string => ruleset.replace(/packets \d+ bytes \d+/g, 'packets N bytes N');

t.test('FW-01 "compat": "router7" gives router7’s rule set to the letter', needs('nft'), async (t) => {
  const site = new FirewallSite(t, 'compat');
  site.writePerm('portforwardings.json', FORWARDINGS);
  site.writePerm('firewall.json', { compat: 'router7' });
  await site.configure();
  t.equal(withoutNumbers(await site.ruleset('--numeric')), GOLDEN);

  await t.test('FW-03 tables of others stay, and so do chains of others in its tables when it goes', async (t) => {
    await site.router.run('nft', ['add', 'table', 'ip', 'podman']);
    await site.netconfigd();
    t.match(await site.ruleset(), /table ip podman/);
    await site.router.run('nft', ['add', 'chain', 'ip', 'filter', 'STRANGER']);
    site.writePerm('firewall.json', {});
    await site.netconfigd();
    const ruleset = await site.ruleset();
    t.match(ruleset, /table inet router7/);
    t.match(ruleset, /table ip podman/);
    t.match(ruleset, /table ip filter \{\s+chain STRANGER/);
    t.notMatch(ruleset, /table ip nat/);
    t.notMatch(ruleset, /table ip6 filter/);
    t.notMatch(ruleset, /counter fwded/);
  });

  await t.test('and back', async (t) => {
    await site.router.run('nft', ['delete', 'table', 'ip', 'filter']);
    await site.router.run('nft', ['delete', 'table', 'ip', 'podman']);
    site.writePerm('firewall.json', { compat: 'router7' });
    await site.netconfigd();
    t.equal(withoutNumbers(await site.ruleset('--numeric')), GOLDEN);
  });
});

for (const [profile, table, counter] of [
  ['default', 'inet router7', 'forward-ipv4'],
  ['router7', 'ip filter', 'fwded'],
] as const) {
  t.test(`FW-04 MT-01 counters of the profile ${profile} outlive re-applying and restarts`, async (t) => {
    const site = new FirewallSite(t, `counters-${profile}`);
    if (profile === 'router7') site.writePerm('firewall.json', { compat: 'router7' });
    await site.configure();
    const daemon = site.daemon('netconfigd');
    await daemon.line(/firewall applied/, 30_000);
    await daemon.line(/listening.*127\.0\.0\.1/, 30_000);
    await ping(site, 5);
    const before = await site.counted(counter, table);
    t.ok(before >= 10, `${before} packets counted`);
    const first = await metrics(site);
    t.equal(first.get('nftables_filter_forward_packets{family="ipv4"}'), before);
    for (const hook of ['forward', 'input', 'output']) {
      for (const unit of ['packets', 'bytes']) {
        for (const family of ['ipv4', 'ipv6']) {
          t.type(
            first.get(`nftables_filter_${hook}_${unit}{family="${family}"}`),
            'number',
            `${hook} ${unit} ${family}`,
          );
        }
      }
    }

    site.writePerm('portforwardings.json', FORWARDINGS);
    daemon.kill('SIGUSR1');
    await until('the new rules', 15_000, async () => (await site.ruleset()).includes('192.168.42.23'));
    t.equal(await site.counted(counter, table), before, 'the new rules have the old values');
    t.ok(((await metrics(site)).get('nftables_filter_forward_packets{family="ipv4"}') ?? 0) >= before);

    await daemon.stop('SIGKILL');
    const second = site.daemon('netconfigd');
    await second.line(/firewall applied/, 30_000);
    await second.line(/listening.*127\.0\.0\.1/, 30_000);
    t.equal(await site.counted(counter, table), before, 'after a kill and a restart, too');
    t.equal((await metrics(site)).get('nftables_filter_forward_packets{family="ipv4"}'), before);

    // Somebody resets the kernel's counters: those of the metrics only ever go up.
    await site.router.run('nft', ['reset', 'counters']);
    await ping(site, 1);
    const after = (await metrics(site)).get('nftables_filter_forward_packets{family="ipv4"}') ?? 0;
    t.ok(after > before, `${after} after a reset`);
    t.ok((await site.counted(counter, table)) < before);
    if (profile === 'default') {
      await site.knock(site.internet, At.wan, 22, 500);
      t.ok(((await metrics(site)).get('nftables_dropped_packets{reason="unsolicited"}') ?? 0) >= 2);
    }
  });
}

async function ping(site: FirewallSite, count: number): Promise<void> {
  await site.client.run('ping', ['-c', String(count), '-i', '0.2', '-W', '2', At.internet], 20_000);
}

/** The metrics of netconfigd, by name and labels. */
async function metrics(site: FirewallSite): Promise<ReadonlyMap<string, number>> {
  const text = await site.router.run('curl', ['--silent', '--max-time', '10', 'http://127.0.0.1:8066/metrics']);
  return new Map(
    text
      .split('\n')
      .map((line) => /^(nftables_\S+) (\S+)$/.exec(line))
      .filter((match) => match !== null)
      .map((match) => [match[1] as string, Number(match[2])]),
  );
}

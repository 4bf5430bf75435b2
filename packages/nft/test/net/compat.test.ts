import t from 'tap';
import { runInNamespace } from './namespace.ts';

const filter = (family: string): string => `table ${family} filter {
	counter fwded {
		packets 23 bytes 42
	}

	counter inputc {
		packets 0 bytes 0
	}

	counter outputc {
		packets 0 bytes 0
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

const golden = `table ip nat {
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
${filter('ip')}${filter('ip6')}`;

t.test("FW-01: router7's rule set can be said, and is listed to the letter", async (t) => {
  const printed = runInNamespace('compat.script.ts') as { fresh: string; again: string; names: readonly string[] };
  t.equal(printed.fresh, golden);
  t.equal(printed.again, golden, 'applied again');
  const concurrent = ['concurrent0', 'concurrent1', 'concurrent2', 'concurrent3', 'concurrent4'];
  t.same(printed.names, [...concurrent, 'filter', 'nat'], 'several writers at once do not undo each other');
});

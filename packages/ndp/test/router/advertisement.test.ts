import { fromHex, toHex } from '@router7/wire';
import t from 'tap';
import { optionValue, Preference } from '../../src/index.ts';
import { ip, net, prefix, routerConfig, SimulatedLink } from './simulated-link.ts';

t.test('RA-01, L-5, L-6: an advertisement octet by octet (RFC 4861 4.2)', (t) => {
  const lifetime = { mostSeconds: 1800 };
  const link = new SimulatedLink(
    routerConfig({
      routerLifetimeSeconds: 1800,
      linkMtu: 1500,
      dnsServers: [{ address: ip('fe80::1'), lifetime }],
      searchDomains: [{ name: 'lan', lifetime: { mostSeconds: 1200 } }],
      prefixes: [prefix('2a02:168:4a00::/64', { valid: { mostSeconds: 7200 }, preferred: { mostSeconds: 1800 } })],
      minRtrAdvIntervalSeconds: 45,
      maxRtrAdvIntervalSeconds: 60,
    }),
  );
  link.run(0);
  const expected = [
    '86 00 0000 40 00 0708 00000000 00000000', // hop limit 64, no flags, 1800 s
    '19 03 0000 00000708 fe800000000000000000000000000001', // RDNSS
    '03 04 40 c0 00001c20 00000708 00000000 2a020168 4a000000 00000000 00000000', // /64, L and A, 7200 and 1800 s
    '1f 02 0000 000004b0 03 6c616e 00 000000', // lan, 1200 s
    '05 01 0000 000005dc', // 1500
    '01 01 020000000001',
  ];
  t.equal(toHex(link.sent[0]?.send.payload as Uint8Array), toHex(fromHex(expected.join('').replaceAll(' ', ''))));
  t.end();
});

t.test('RA-11, RA-14: flags, preference and timers go into the header', (t) => {
  const link = new SimulatedLink(
    routerConfig({
      managedAddressConfiguration: true,
      otherConfiguration: true,
      preference: Preference.high,
      reachableTimeMilliseconds: 30_000,
      retransTimerMilliseconds: 1000,
      curHopLimit: 0,
    }),
  );
  link.run(0);
  t.match(link.last, {
    managedAddressConfiguration: true,
    otherConfiguration: true,
    preference: Preference.high,
    reachableTimeMilliseconds: 30_000,
    retransTimerMilliseconds: 1000,
    curHopLimit: 0,
    routerLifetimeSeconds: 2700,
  });
  t.end();
});

t.test('L-4, G-4: who is no default router has no preference (RFC 4191 2.2)', (t) => {
  const link = new SimulatedLink(routerConfig({ routerLifetimeSeconds: 0, preference: Preference.low }));
  link.run(0);
  t.match(link.last, { routerLifetimeSeconds: 0, preference: Preference.medium });
  t.end();
});

t.test('RA-12: a NAT64 prefix has its lifetime in units of 8 seconds (RFC 8781 4.1)', (t) => {
  const rows: [seconds: number, told: number][] = [
    [1800, 1800],
    [1801, 1808],
    [0xffff_ffff, 65528],
    [0, 0],
  ];
  for (const [mostSeconds, told] of rows) {
    const pref64 = [{ prefix: net('64:ff9b::/96'), lifetime: { mostSeconds } }];
    const link = new SimulatedLink(routerConfig({ pref64 }));
    link.run(0);
    t.equal(optionValue(link.last, 'pref64')?.lifetimeSeconds, told);
  }
  t.end();
});

t.test('RA-13: captive portal (RFC 8910), resolvers with encryption (RFC 9463), P flag (RFC 9762)', (t) => {
  const parameters = fromHex('0001000302683200');
  const link = new SimulatedLink(
    routerConfig({
      captivePortal: 'https://portal.example/api',
      encryptedDns: [
        {
          servicePriority: 1,
          authenticationDomainName: 'dns.example',
          service: { addresses: [ip('fd00::53')], parameters },
          lifetime: { mostSeconds: 1800 },
        },
      ],
      prefixes: [prefix('2001:db8:1::/64', { dhcpv6PdPreferred: true })],
    }),
  );
  link.run(0);
  t.equal(optionValue(link.last, 'captivePortal'), 'https://portal.example/api');
  t.match(optionValue(link.last, 'encryptedDns'), { authenticationDomainName: 'dns.example', lifetimeSeconds: 1800 });
  t.match(optionValue(link.last, 'prefixInformation'), { dhcpv6PdPreferred: true, autonomous: true });
  t.end();
});

t.test('host bits of a prefix are not told (RFC 4861 4.6.2)', (t) => {
  const link = new SimulatedLink(routerConfig({ prefixes: [prefix('2001:db8:1::1/64')] }));
  link.run(0);
  t.strictSame(link.prefixes, ['2001:db8:1::/64 LA 5400 2700']);
  t.end();
});

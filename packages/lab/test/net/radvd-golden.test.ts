import t from 'tap';
import { onStage } from '../../src/stage.ts';
import { needs } from './installed.ts';
import { RadvdSite } from './radvd-site.ts';

t.setTimeout(120_000);
await onStage(import.meta.url);

/** What router7's own test has rdisc6 print of its advertisement, and the search list that it has had since. */
const GOLDEN = `Soliciting ff02::2 (ff02::2) on eth0...

Hop limit                 :           64 (      0x40)
Stateful address conf.    :           No
Stateful other conf.      :           No
Mobile home agent         :           No
Router preference         :       medium
Neighbor discovery proxy  :           No
Router lifetime           :         1800 (0x00000708) seconds
Reachable time            :  unspecified (0x00000000)
Retransmit time           :  unspecified (0x00000000)
 Recursive DNS server     : fe80::73:53ff:fe00:cafe
  DNS server lifetime     :         1800 (0x00000708) seconds
 Prefix                   : 2a02:168:4a00::/64
  On-link                 :          Yes
  Autonomous address conf.:          Yes
  Valid time              :         7200 (0x00001c20) seconds
  Pref. time              :         1800 (0x00000708) seconds
 DNS search list          : lan 
  DNS search list lifetime:         1200 (0x000004b0) seconds
 MTU                      :         1500 bytes (valid)
 Source link-layer address: 02:73:53:00:CA:FE
 from fe80::73:53ff:fe00:cafe
`;

t.test('RA-01: rdisc6 prints of it what it prints of router7', needs('rdisc6'), async (t) => {
  const site = new RadvdSite();
  site.write('/perm/ipv6.json', { ula: 'off', radvd: { compat: 'router7' } });
  // As router7's dhcp6 writes it.
  const prefixes = [{ IP: '2a02:168:4a00::', Mask: '////////AAAAAAAAAAAAAA==' }];
  site.write('/perm/dhcp6/wire/lease.json', { valid_until: '2018-05-18T23:46:04+02:00', prefixes, dns: null });
  site.defaultRoute(true);
  const radvd = await site.start();
  t.equal((await site.rdisc6()).trimEnd(), GOLDEN.trimEnd());

  // RA-02: prefixes that somebody wants besides.
  const extra = [{ IP: '2001:db8:1::', Mask: '//////////8AAAAAAAAAAA==' }];
  site.write('/perm/radvd/prefixes.json', extra);
  radvd.kill('SIGUSR1');
  await site.address('2001:db8:1:', false, 5000);
  const more = await site.rdisc6();
  t.match(more, / Prefix {19}: 2a02:168:4a00::\/64\n/);
  t.match(more, / Prefix {19}: 2001:db8:1::\/64\n/, 'RA-02: /perm/radvd/prefixes.json');
  t.equal(await radvd.stop('SIGTERM', 6000), 0);
});

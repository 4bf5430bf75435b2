import { writeFileSync } from 'node:fs';
import { decodeMessage, type Message, messageFault, optionValue } from '@router7/ndp';
import { type Ipv6Address, toHex } from '@router7/wire';
import t from 'tap';
import { HardwareAddress } from '../../src/home.ts';
import type { Program } from '../../src/program.ts';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { Capture } from './capture.ts';
import { needs } from './installed.ts';
import { WanSite } from './wan-site.ts';

t.setTimeout(120_000);
await onStage(import.meta.url);

/** One prefix to form addresses from, one that is only on the link, and one that is neither (RFC 5942). */
const RADVD = `interface wan {
  AdvSendAdvert on; MinRtrAdvInterval 3; MaxRtrAdvInterval 4; AdvDefaultLifetime 1800;
  prefix 2001:db8:a::/64 { AdvOnLink off; AdvAutonomous on; };
  prefix 2001:db8:b::/64 { AdvOnLink on; AdvAutonomous off; };
  prefix 2001:db8:c::/64 { AdvOnLink off; AdvAutonomous off; };
};
`;

interface Heard {
  readonly message: Message;
  readonly source: Ipv6Address;
  readonly destination: Ipv6Address;
}

function messages(capture: Capture): Heard[] {
  return capture.packets.flatMap(({ frame: { ipv6 } }) => {
    if (ipv6 === undefined) return [];
    const { source, destination, hopLimit, payload } = ipv6;
    const message = decodeMessage(payload);
    return messageFault(message, { source, destination, hopLimit }) === undefined
      ? [{ message, source, destination }]
      : [];
  });
}

t.test(
  'W-1, W-2, W-3, WAA-1, WAA-2: the uplink is a host on the provider’s link',
  needs('radvd', 'tcpdump'),
  async (t) => {
    const site = new WanSite(t, 'host', { address: '' });
    const sysctl = (...settings: string[]): Promise<string> => site.isp.run('sysctl', ['-qw', ...settings]);
    await sysctl('net.ipv6.conf.all.forwarding=1');
    writeFileSync('/tmp/uplink-radvd.conf', RADVD);
    const radvd: Program = site.isp.start('radvd', 'radvd', [
      ...['--nodaemon', '--logmethod', 'stderr', '--config', '/tmp/uplink-radvd.conf'],
      ...['--pidfile', '/tmp/uplink-radvd.pid'],
    ]);
    // The link comes up anew under the eyes of the capture, with the settings of netconfigd.
    site.router.ip('link set uplink0 down');
    const capture = await Capture.start(site.isp, 'customer0', 'icmp6 and ip6[40] >= 133 and ip6[40] <= 136');
    const netconfigd = site.daemon('netconfigd', '-linger=true');
    const route = async (): Promise<string> => site.router.run('ip', ['-6', 'route', 'show']);
    await until('a default route', 40_000, async () =>
      /^default via fe80:\S+ dev uplink0 proto ra/m.test(await route()),
    );
    t.pass('W-3: the default route is from an advertisement');

    const linkLocal = 'fe80::';
    const heard = await until('a solicitation from the link-local address', 20_000, () => {
      const all = messages(capture);
      const asks = all.some(({ message, source }) => message.kind === 'routerSolicitation' && source.isLinkLocal);
      return asks && all;
    });
    const asked = heard.findIndex(({ message, source }) => message.kind === 'routerSolicitation' && source.isLinkLocal);
    const { source, destination, message } = heard[asked] as Heard;
    t.match(`${source}`, linkLocal, 'W-2: it asks from its link-local address');
    t.equal(`${destination}`, 'ff02::2');
    t.equal(
      toHex(optionValue(message, 'sourceLinkLayerAddress') ?? new Uint8Array()),
      HardwareAddress.uplink.replaceAll(':', ''),
    );
    const probe = heard.findIndex(
      (one) =>
        one.source.isUnspecified &&
        one.message.kind === 'neighborSolicitation' &&
        one.message.targetAddress.equals(source),
    );
    t.ok(probe >= 0 && probe < asked, 'W-1: and has looked before whether that is somebody else’s');

    const addresses = async (): Promise<string> => site.router.run('ip', ['-6', 'address', 'show', 'dev', 'uplink0']);
    await until('an address', 20_000, async () => (await addresses()).includes('inet6 2001:db8:a:'));
    const address = /inet6 (2001:db8:a:\S+)\//.exec(await addresses())?.[1];
    await until('it was probed for', 10_000, () =>
      messages(capture).some(
        (one) =>
          one.source.isUnspecified &&
          one.message.kind === 'neighborSolicitation' &&
          `${one.message.targetAddress}` === address,
      ),
    );
    t.pass('W-1: also the address of the prefix');
    t.notMatch(await addresses(), /2001:db8:[bc]:/, 'WAA-1: no address of a prefix that is not autonomous');
    const routes = await route();
    t.match(routes, /^2001:db8:b::\/64 dev uplink0 proto (kernel|ra)/m, 'WAA-2: L says what is on the link');
    t.notMatch(
      routes,
      /^2001:db8:[ac]::\/64 dev uplink0/m,
      'WAA-2: and an address says nothing of the kind (RFC 5942)',
    );
    await Promise.all([netconfigd.stop('SIGKILL'), radvd.stop('SIGKILL')]);
  },
);

import { IpProtocol } from '@router7/pcap';
import t from 'tap';
import { cable, type Host } from '../../src/host.ts';
import type { Program } from '../../src/program.ts';
import { onStage } from '../../src/stage.ts';
import { Capture } from './capture.ts';
import { needs } from './installed.ts';
import { LanSite } from './lan-site.ts';

t.setTimeout(600_000);
await onStage(import.meta.url);

const WAN = '198.51.100.100';
const INTERNET = '203.0.113.10';
const CLIENT = '192.168.42.2';
const PORTS = [22, 67, 8066, 8067];
const MTU = 1400;

/** Listens by TCP and UDP; says who came, and answers. */
const LISTEN = `
const [, ...ports] = process.argv;
let open = ports.length * 2;
const ready = () => --open || console.log('ready');
for (const port of ports.map(Number)) {
  require('net').createServer((s) => { console.log('tcp ' + port + ' ' + s.remoteAddress); s.on('error', () => {}); s.pipe(s); }).listen(port, '0.0.0.0', ready);
  const u = require('dgram').createSocket('udp4');
  u.on('message', (m, from) => { console.log('udp ' + port + ' ' + from.address); u.send(m, from.port, from.address); });
  u.bind(port, ready);
}`;

/** Connects by TCP and sends one datagram; prints what came of both. */
const KNOCK = `
const [, host, port] = process.argv;
const s = require('net').connect({ host, port: Number(port), timeout: 1500 });
const tell = (what) => { console.log('tcp ' + what); s.destroy(); };
s.on('connect', () => s.write('x')).on('data', () => tell('answered')).on('timeout', () => tell('silence')).on('error', (e) => tell(e.code));
const u = require('dgram').createSocket('udp4');
const t = setTimeout(() => { console.log('udp silence'); u.close(); }, 1500);
const done = (what) => { clearTimeout(t); console.log('udp ' + what); u.close(); };
u.on('message', () => done('answered')).on('error', (e) => done(e.code));
u.connect(Number(port), host, () => u.send('x'));`;

t.test('what the firewall lets through between provider and home', needs('tcpdump', 'arping'), async (t) => {
  const site = new LanSite(t, 'wall', {
    interfaces: [
      { hardware_addr: '02:73:53:00:07:00', name: 'uplink0', mtu: MTU },
      { hardware_addr: '02:73:53:00:07:01', name: 'lan0', addr: '192.168.42.1/24' },
    ],
  });
  const internet = site.host('internet');
  cable(site.isp, 'internet0', internet, 'eth0');
  site.isp.ip('address add 203.0.113.1/24 dev internet0');
  site.isp.ip('link set internet0 up');
  internet.ip(`address add ${INTERNET}/24 dev eth0`);
  internet.ip('link set eth0 up');
  internet.ip('route add default via 203.0.113.1');
  await site.isp.run('sysctl', ['-qw', 'net.ipv4.ip_forward=1']);
  // Somebody at the provider's tries the home's private addresses.
  site.isp.ip(`route add 192.168.42.0/24 via ${WAN} dev wan onlink`);
  site.client.ip('route add default via 192.168.42.1');
  await site.isp.run('mkdir', ['-p', `${site.perm}/dhcp4/wire`]);
  const lease = {
    valid_until: '2018-05-18T23:46:04+02:00',
    client_ip: WAN,
    subnet_mask: '255.255.255.0',
    router: '198.51.100.1',
    dns: null,
  };
  site.writePerm('dhcp4/wire/lease.json', lease);
  t.equal(await site.once(), 0);

  const onRouter = await listen(site.router, PORTS);
  const onClient = await listen(site.client, [80]);
  const onInternet = await listen(internet, [7]);

  const [fromIsp, fromInternet, toHome, spoofed, fromHome] = await Promise.all([
    Promise.all(PORTS.map((port) => knock(site.isp, WAN, port))),
    Promise.all(PORTS.map((port) => knock(internet, WAN, port))),
    knock(site.isp, CLIENT, 80),
    // The router's own address on the other side, asked for from outside.
    knock(site.isp, '192.168.42.1', 8067),
    Promise.all(PORTS.map((port) => knock(site.client, '192.168.42.1', port))),
  ]);
  const nothing = ['tcp silence', 'udp silence'];
  const all = ['tcp answered', 'udp answered'];
  for (const [index, port] of PORTS.entries()) {
    t.same(fromIsp[index], nothing, `SE-01 port ${port} from the provider’s link`);
    t.same(fromInternet[index], nothing, `SE-01 port ${port} from the Internet`);
    t.same(fromHome[index], all, `port ${port} from the home`);
  }
  t.same(toHome, nothing, 'no way to a computer of the home');
  t.same(spoofed, nothing, 'nor to the router’s address there');
  t.same(
    onRouter.output.filter((line) => !line.endsWith(` ${CLIENT}`) && line !== 'ready'),
    [],
  );

  const capture = await Capture.start(internet, 'eth0', 'tcp port 7');
  const atHome = await Capture.start(site.client, 'eth0', 'tcp port 7');
  t.same(await knock(site.client, INTERNET, 7), all, 'answers come back to who has asked');
  t.same(await knock(site.router, INTERNET, 7), all, 'and to the router itself');
  const seen = onInternet.output.filter((line) => line !== 'ready');
  t.equal(seen.length, 4);
  t.ok(
    seen.every((line) => line.endsWith(` ${WAN}`)),
    'all of it comes from the WAN address',
  );
  const { frame } = await capture.packet('a SYN', 30_000, ({ frame }) => isSyn(frame.ipv4?.payload));
  t.equal(frame.ipv4?.protocol, IpProtocol.tcp);
  t.equal(maximumSegmentSize(frame.ipv4?.payload), MTU - 40, 'the MSS fits the uplink');
  const answer = await atHome.packet('the answer', 30_000, ({ frame }) => isSyn(frame.ipv4?.payload, 0x12));
  t.equal(maximumSegmentSize(answer.frame.ipv4?.payload), MTU - 40, 'in both directions');
  t.match(await internet.run('ping', ['-c', '1', '-W', '2', WAN]), / 0% packet loss/, 'ping is answered');
  t.same(
    onClient.output.filter((line) => line !== 'ready'),
    [],
  );
});

async function listen(host: Host, ports: readonly number[]): Promise<Program> {
  const program = host.start(`${host.name} listener`, process.execPath, ['-e', LISTEN, ...ports.map(String)]);
  await program.line(/^ready$/, 30_000);
  return program;
}

async function knock(host: Host, address: string, port: number): Promise<readonly string[]> {
  const output = await host.run(process.execPath, ['-e', KNOCK, address, String(port)], 30_000);
  return output.trim().split('\n').sort();
}

/** A TCP header (RFC 9293 section 3.1) with exactly these flags. */
function isSyn(tcp: Uint8Array | undefined, flags = 0x02): boolean {
  return tcp !== undefined && ((tcp[13] ?? 0) & 0x17) === flags;
}

/** The option of kind 2 (RFC 9293 section 3.7.1). */
function maximumSegmentSize(tcp: Uint8Array | undefined): number | undefined {
  if (tcp === undefined) return undefined;
  const end = ((tcp[12] ?? 0) >>> 4) * 4;
  for (let at = 20; at < end; ) {
    const kind = tcp[at];
    if (kind === 0) return undefined;
    if (kind === 1) {
      at++;
      continue;
    }
    if (kind === 2) return ((tcp[at + 2] ?? 0) << 8) | (tcp[at + 3] ?? 0);
    at += Math.max(tcp[at + 1] ?? 0, 2);
  }
  return undefined;
}

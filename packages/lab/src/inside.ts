import { fileURLToPath } from 'node:url';
import { ApplianceRouter } from './appliance/appliance-router.ts';
import { parseLabOptions } from './args.ts';
import { Attack } from './attack/attack.ts';
import { Address, buildHome, type Home } from './home.ts';
import type { Host } from './host.ts';
import { startUnbound } from './internet/name-server.ts';
import type { Isp } from './isp/isp.ts';
import { isps } from './isp/profiles.ts';
import { NamespaceRouter } from './namespace-router.ts';
import { bringOnline, type Online, type Scene } from './online.ts';
import type { Running } from './program.ts';
import { Report } from './report.ts';
import { PASSWORD, type Router, readWanLease6 } from './router.ts';
import { endWithParent } from './stage.ts';
import { checkOpenConnection, knowsTime, wanRenewal } from './steps.ts';
import { agrees } from './steps-dns.ts';
import { believesNone, keepsOutsideOut, namesTakeNothing, outlivesDeath, startLiar } from './steps-hostile-dns.ts';
import { delegated, wanPrefixRenewal } from './steps-ipv6.ts';
import { cut } from './story/cut.ts';
import { moods } from './story/moods.ts';
import { renumber } from './story/renumber.ts';
import { bePatient } from './wait.ts';

/*
 * The lab itself, as the first process of its stage: see main.ts. Ends when its standard input's other side ends or on
 * SIGTERM; with it goes everything that it made.
 */
const options = parseLabOptions(process.argv.slice(2));
const isp = isps[options.profile] as Isp;
const report = new Report(options.json);
const programs: Running[] = [];
/** How much longer a router that is emulated may take, on a machine that does other things as well. */
const SLOWNESS = 8;
const tellers = { renumber, moods, cut } as const;

endWithParent();
if (options.image !== undefined) bePatient(SLOWNESS);
process.on('SIGHUP', () => undefined);
const interrupted = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve());
});

const status = await Promise.race([run(), interrupted.then(() => 130)]);
// Clients first: each gives its lease back or not, as it is used to; the router outlives them, its provider outlives it.
for (const program of programs.reverse()) await program.stop();
process.exit(status);

async function run(): Promise<number> {
  report.note(`provider: ${isp.name} (${isp.summary}; by IPv6 ${isp.ipv6.summary})`);
  try {
    const home = await report.step('cables laid', async () => buildHome(options.clients, connect));
    const scene: Scene = { options, report, isp, home, programs, ispIpv6: [] };
    const online = await bringOnline(scene);
    await (options.story === undefined ? tryOut : tellers[options.story])(scene, online);
    if (options.once) return 0;
  } catch {
    for (const program of programs) {
      if (program.output.length > 0) report.note(`--- ${program.name}\n${program.output.slice(-25).join('\n')}`);
    }
    return 1;
  }
  report.note(`
The home is online. What the router and its provider say comes below, as it happens.
The router's leases:  http://127.0.0.1:${options.port}/   (to name a computer: user gokrazy, password ${PASSWORD})
Ctrl-C ends the lab; nothing of it stays behind.
`);
  for (const program of programs) follow(program);
  // They run until somebody ends the lab.
  await Promise.all(programs.map((program) => program.exited));
  return 0;
}

/** A router: the one that the options name. */
function connect(ends: Pick<Home, 'isp' | 'home'>): Router {
  return options.image === undefined ? new NamespaceRouter(ends) : new ApplianceRouter(ends, { image: options.image });
}

/** What the home is put through when it is online. */
async function tryOut(scene: Scene, { lease, clients }: Online): Promise<void> {
  const { home } = scene;
  const addresses6 = async (host: Pick<Host, 'addresses6'>, ...devices: string[]): Promise<readonly string[]> =>
    (await Promise.all(devices.map((device) => host.addresses6(device)))).flat().map(({ address }) => address);
  const targets = {
    wan: lease.client_ip,
    router6: await addresses6(home.router, 'uplink0', 'lan0'),
    inner6: await addresses6(home.inner, 'eth0', 'inside0'),
    clients: await Promise.all(
      clients.map(async ({ host, address }) => ({ address, addresses6: await addresses6(host, 'eth0') })),
    ),
  };
  const [client] = home.clients;
  if (client === undefined) return;
  await askAround(home, client);
  await report.step(
    'the router knows the time, one server that lies is outvoted',
    () => knowsTime(home),
    (time) => time,
  );
  await besiege(new Attack(home, targets));
  const echo = client.startNode('echo client', path('echo-client.ts'), [Address.web]);
  programs.push(echo);
  await report.step(`${client.name} opens a connection`, () => checkOpenConnection(echo));
  const lease6 = await readWanLease6(home.router);
  await report.step(
    'WAN lease renewed',
    () => wanRenewal(home, isp, lease),
    (lease) => `${lease.client_ip} again, next renewal at ${lease.valid_until}`,
  );
  await report.step(
    'WAN prefix renewed',
    () => wanPrefixRenewal(home, isp, lease6),
    (lease) => `${delegated(lease)} again, next renewal at ${lease.valid_until}`,
  );
  await report.step('the connection is still open', () => checkOpenConnection(echo));
}

/** Holds the router's name server against another one; with a provider that means no good, against a liar, too. */
async function askAround(home: Home, client: Host): Promise<void> {
  await report.step(
    'the router and unbound say the same of every name',
    async () => {
      const settings = { name: 'other', addresses: [Address.web], port: 5300, forwardTo: [Address.dns] };
      programs.push(await startUnbound(home.internet, settings));
      return agrees(client, [Address.web, 5300]);
    },
    (text) => text,
  );
  const tell = (text: string): string => text;
  await report.step('no public name leads into the home', () => keepsOutsideOut(client), tell);
  if (isp.name !== 'hostile') return;
  const liar = await report.step('a name server lies', () => startLiar(home.internet));
  programs.push(liar);
  await report.step('the router believes none of it', () => believesNone(client), tell);
  await report.step('it dies, and comes back', async () => {
    programs.push(await outlivesDeath(home, client, liar));
  });
  await report.step('computers by the names of others get none of them', () => namesTakeNothing(client), tell);
}

async function besiege(attack: Attack): Promise<void> {
  const tell = (text: string): string => text;
  await report.step('there is something to be found', async () => {
    programs.push(...(await attack.prepare()));
  });
  await report.step('client1 reaches the Internet by IPv6', () => attack.outwards6(), tell);
  await report.step('ports are forwarded to client1', () => attack.forward(), tell);
  await report.step('the attacker finds only those', () => attack.scan(), tell);
  await report.step('spoofed and martian sources do not pass', () => attack.spoof(), tell);
  await report.step('the home reaches them by the address outside', () => attack.hairpin(), tell);
}

/** Prints what a program says from now on, so that a person sees what happens and why. */
function follow(program: Running): void {
  program.follow((line) => report.note(`${program.name}: ${line}`));
}

function path(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

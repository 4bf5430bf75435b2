import { fileURLToPath } from 'node:url';
import { parseLabOptions } from './args.ts';
import { Attack } from './attack/attack.ts';
import { lanClients } from './client/lan-clients.ts';
import { Address, Address6, buildHome, type Home } from './home.ts';
import type { Isp } from './isp/isp.ts';
import { isps } from './isp/profiles.ts';
import type { Program } from './program.ts';
import { Report } from './report.ts';
import { PASSWORD, startRouter } from './router.ts';
import { endWithParent } from './stage.ts';
import { checkOpenConnection, fetchThroughNat, lanLease, wanLease, wanRenewal } from './steps.ts';

/*
 * The lab itself, as the first process of its stage: see main.ts. Ends when its standard input's other side ends or on
 * SIGTERM; with it goes everything that it made.
 */
const options = parseLabOptions(process.argv.slice(2));
const isp = isps[options.profile] as Isp;
const report = new Report(options.json);
const programs: Program[] = [];

endWithParent();
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
    const home = await report.step('cables laid', async () => buildHome(options.clients));
    await bringOnline(home);
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

async function bringOnline(home: Home): Promise<void> {
  await report.step('Internet is there', async () => {
    const web = home.internet.startNode('internet web', path('web-server.ts'), [Address.web, Address6.web]);
    programs.push(web);
    for (const address of [Address.web, Address6.web]) await web.line(new RegExp(`echo: ready on ${address}`), 10_000);
  });
  await report.step(
    'provider answers',
    async () => {
      await home.isp.run('sysctl', ['-qw', 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1']);
      programs.push(...(await isp.start(home)), ...(await isp.ipv6.start(home, isp.ipv6.delegation)));
    },
    () => isp.name,
  );
  const router = startRouter(home.router, options.firewall === 'router7' ? { compat: 'router7' } : undefined);
  programs.push(router);
  const first = await report.step('router has a WAN lease', () => wanLease(home, isp), tellLease);
  programs.push(home.router.startNode('web proxy', path('web-proxy.ts'), ['/run/lab/web.sock', Address.lan, '8067']));

  const addresses: string[] = [];
  for (const [index, client] of home.clients.entries()) {
    const kind = lanClients[index % lanClients.length] as (typeof lanClients)[number];
    programs.push(kind.start(client));
    const address = await report.step(
      `${client.name} has a LAN lease (${kind.name})`,
      () => lanLease(client),
      (address) => address,
    );
    addresses.push(address);
    await report.step(
      `${client.name} fetches a page through NAT`,
      () => fetchThroughNat(client, first.client_ip),
      (from) => `the Internet saw ${from}`,
    );
  }
  await besiege(new Attack(home, first.client_ip, addresses));
  const [client] = home.clients;
  if (client === undefined) return;
  const echo = client.startNode('echo client', path('echo-client.ts'), [Address.web]);
  programs.push(echo);
  await report.step(`${client.name} opens a connection`, () => checkOpenConnection(echo));
  await report.step(
    'WAN lease renewed',
    () => wanRenewal(home, isp, first),
    (lease) => `${lease.client_ip} again, next renewal at ${lease.valid_until}`,
  );
  await report.step('the connection is still open', () => checkOpenConnection(echo));
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

function tellLease(lease: { client_ip: string; subnet_mask: string; router: string }): string {
  return `${lease.client_ip} mask ${lease.subnet_mask} by way of ${lease.router}`;
}

/** Prints what a program says from now on, so that a person sees what happens and why. */
function follow(program: Program): void {
  program.follow((line) => report.note(`${program.name}: ${line}`));
}

function path(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

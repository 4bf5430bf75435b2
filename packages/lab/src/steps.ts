import { Address, type Home } from './home.ts';
import type { Host } from './host.ts';
import type { Isp } from './isp/isp.ts';
import type { Program } from './program.ts';
import { readWanLease, type WanLease } from './router.ts';
import { until } from './wait.ts';

/** Waits for the router's lease, for the address and the default route to be in the kernel, and checks what it says. */
export async function wanLease(home: Home, isp: Isp): Promise<WanLease> {
  const lease = await until('lease.json of dhcp4', 60_000, () => readWanLease(home.router));
  isp.check(lease);
  await until(`${lease.client_ip} on uplink0`, 15_000, async () =>
    (await home.router.addresses('uplink0')).some((address) => address.startsWith(`${lease.client_ip}/`)),
  );
  await until(`default route via ${lease.router}`, 15_000, async () =>
    (await home.router.defaultRoutes(4)).includes(`default via ${lease.router} dev uplink0`),
  );
  return lease;
}

/** What the router may be off, more than it takes to look: less than by how much one of its servers lies. */
const CLOCK_TOLERANCE_MS = 600_000;

/** Waits for the router to know what time it is: from then on it is saved. Gives it. */
export async function knowsTime(home: Home): Promise<string> {
  const saved = await until('the time on disk', 120_000, () =>
    home.router.readPerm('home/ntp/ntp-time-at-last-shutdown'),
  );
  const off = Math.abs(Date.parse(saved) - Date.now());
  if (!(off < CLOCK_TOLERANCE_MS)) throw new Error(`the router takes it for ${saved}`);
  return saved;
}

/** Waits for a client to have an address of the home's network and its default route; gives the address. */
export async function lanLease(client: Host): Promise<string> {
  const address = await until(`address on ${client.name}`, 60_000, async () =>
    (await client.addresses('eth0')).find((text) => /^192\.168\.42\.\d+\/24$/.test(text)),
  );
  await until(`default route on ${client.name}`, 15_000, async () =>
    (await client.run('ip', ['-4', 'route', 'show', 'default'])).includes(`via ${Address.lan} `),
  );
  const [own = ''] = address.split('/');
  if (own === Address.lan) throw new Error(`${client.name} was given the router's own address`);
  return own;
}

/** Fetches the page of the lab's Internet and checks that it was asked from the router's WAN address. */
export async function fetchThroughNat(client: Host, wanAddress: string): Promise<string> {
  const from = await until(`page on ${Address.web}`, 15_000, async () => {
    const page = await client.run('curl', ['--silent', '--show-error', '--max-time', '5', `http://${Address.web}/`]);
    return (JSON.parse(page) as { from: string }).from;
  });
  if (from !== wanAddress) throw new Error(`the Internet saw ${from}, expected the WAN address ${wanAddress}`);
  return from;
}

/** Says something on a connection that is open, and waits for the echo. */
export async function checkOpenConnection(echo: Program): Promise<void> {
  await echo.line(/^connected/, 15_000);
  const before = echo.output.filter((line) => line.startsWith('echo ')).length;
  echo.kill('SIGUSR1');
  await echo.line(new RegExp(`^echo ${before + 1}$`), 10_000);
}

/** Waits for the router's client to renew its lease: by itself where T1 is short, asked to by SIGUSR1 where it is not. */
export async function wanRenewal(home: Home, isp: Isp, before: WanLease): Promise<WanLease> {
  if (isp.renewAfterSeconds === undefined) await home.router.signal('dhcp4', 'SIGUSR1');
  const patience = ((isp.renewAfterSeconds ?? 0) * 2 + 15) * 1000;
  const lease = await until('a renewed lease', patience, async () => {
    const lease = await readWanLease(home.router);
    return lease !== undefined && lease.valid_until !== before.valid_until ? lease : undefined;
  });
  if (lease.client_ip !== before.client_ip) throw new Error(`renewed as ${lease.client_ip}, had ${before.client_ip}`);
  isp.check(lease);
  if (!(await home.router.addresses('uplink0')).some((address) => address.startsWith(`${lease.client_ip}/`))) {
    throw new Error(`${lease.client_ip} is no longer on uplink0`);
  }
  return lease;
}

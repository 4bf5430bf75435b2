import { fileURLToPath } from 'node:url';
import { udhcpc } from '../client/udhcpc.ts';
import { Address, Address6, buildHome, type Home } from '../home.ts';
import { Host } from '../host.ts';
import { startNameServer } from '../internet/name-server.ts';
import { kea } from '../isp/kea.ts';
import type { Running } from '../program.ts';
import { type ApplianceOptions, ApplianceRouter } from './appliance-router.ts';

/** The lab's Internet, Kea as the provider, and a home whose router is the appliance: for tests and benchmarks of a machine. */
export class ApplianceSite {
  readonly home: Home;
  readonly router: ApplianceRouter;
  readonly #programs: Running[] = [];

  /** Lays the cables; nothing runs yet. Only on a stage. */
  constructor(clientCount: number, options: ApplianceOptions) {
    this.home = buildHome(clientCount, (ends) => new ApplianceRouter(ends, options));
    this.router = this.home.router as ApplianceRouter;
  }

  /** Starts the Internet and the provider, who delegates a prefix. */
  async startProvider(): Promise<void> {
    const { internet, isp } = this.home;
    const web = internet.startNode('internet web', path('../web-server.ts'), [Address.web, Address6.web]);
    this.#programs.push(web);
    for (const address of [Address.web, Address6.web]) await web.line(new RegExp(`echo: ready on ${address}`), 20_000);
    this.#programs.push(await startNameServer(internet));
    await isp.run('sysctl', ['-qw', 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1']);
    this.#programs.push(...(await kea.start(this.home)));
    this.#programs.push(...(await kea.ipv6.start(this.home, kea.ipv6.delegation)));
  }

  /** Has every client ask for an address, again each second until it has one. */
  startClients(): void {
    for (const client of this.home.clients) this.#programs.push(...udhcpc.start(client));
  }

  /** Keeps what somebody else has started until {@link stop}. */
  keep(...programs: readonly Running[]): void {
    this.#programs.push(...programs);
  }

  /** Ends all that runs, and takes the cables and computers away. */
  async stop(): Promise<void> {
    for (const program of this.#programs.splice(0).reverse()) await program.stop();
    await this.router.remove();
    for (const host of Object.values(this.home).flat()) if (host instanceof Host) await host.cutPower();
  }
}

function path(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

import { cable, Host } from './host.ts';
import type { Router } from './router.ts';

/** Addresses of the lab. All from the ranges for documentation (RFC 5737, RFC 3849), but the home's own network. */
export const Address = {
  /** The web server on the Internet side. */
  web: '203.0.113.10',
  /** The name server that the provider tells of; of 203.0.113.54, which some tell of as well, nobody answers. */
  dns: '203.0.113.53',
  /** Servers of NTP: those behind the names that every router7 asks. The last one is an hour ahead. */
  time: ['203.0.113.121', '203.0.113.122', '203.0.113.123', '203.0.113.124'],
  /** The provider's own one, which it tells of. */
  ispTime: '203.0.113.120',
  /** The provider's router towards the Internet. */
  ispInternet: '203.0.113.1',
  /** The provider's router towards its customers. */
  ispCustomers: '198.51.100.1',
  /** A second server of the hostile provider. */
  ispSecond: '198.51.100.2',
  customers: '198.51.100.0/24',
  /** The router in the home. */
  lan: '192.168.42.1',
  lanPrefix: '192.168.42.1/24',
  lanNetwork: '192.168.42.0/24',
  /** Somebody on the Internet who means no good. */
  attacker: '192.0.2.66',
  ispAttacker: '192.0.2.1',
} as const;

/** IPv6 addresses of the lab, all of 2001:db8::/32. */
export const Address6 = {
  web: '2001:db8:10::10',
  ispInternet: '2001:db8:10::1',
  ispCustomers: '2001:db8:100::1',
  /** The provider's router towards its customers, as they hear of it. */
  ispLinkLocal: 'fe80::1',
  /** The provider's link: what the router's own addresses there are of. */
  customers: '2001:db8:100::/64',
  /** The name server that the provider tells of. */
  dns: '2001:db8:10::53',
  /** And its server of NTP. */
  time: '2001:db8:10::123',
  attacker: '2001:db8:66::66',
  ispAttacker: '2001:db8:66::1',
} as const;

/** Prefixes that providers delegate to the home; of the lengths that customers get. */
export const Delegation = {
  first: '2001:db8:4200::/56',
  /** What the provider gives after it has forgotten the first. */
  second: '2001:db8:4300::/56',
  /** And after it has forgotten that one, too. */
  third: '2001:db8:4500::/56',
  /** What fiber7 has reserved for its customer for good. */
  reserved: '2001:db8:4400::/48',
} as const;

/** The router's link-local address on the provider's link, made of its hardware address (RFC 4291 appendix A). */
export const ROUTER_LINK_LOCAL = 'fe80::73:53ff:fe00:700';

/** Hardware addresses of the router's two sockets, as interfaces.json names them. */
export const HardwareAddress = { uplink: '02:73:53:00:07:00', lan: '02:73:53:00:07:01' } as const;

const ISP_HARDWARE_ADDRESS = '02:73:53:00:15:00';

/** The clients' network cards in turn: a Raspberry Pi's, an Apple's, and one that has made its address up. */
const MAKERS = ['b8:27:eb', '3c:22:fb', '02:73:53'] as const;

/** The computers and cables of the lab:
 *
 * ```
 * internet --- isp --- uplink0 [router] lan0 --- [home: a switch] --- client1 .. clientN
 * attacker ---´                                          `--- inner: a router behind the router
 * ```
 */
export interface Home {
  readonly internet: Host;
  readonly attacker: Host;
  readonly isp: Host;
  readonly router: Router;
  readonly home: Host;
  readonly clients: readonly Host[];
  /** A router that somebody has put behind the router, with a network of its own: `inside0`. */
  readonly inner: Host;
}

/**
 * Builds the lab's computers and cables on a stage.
 *
 * @param connect makes a router and lays its cables to the provider and to the home's switch
 */
export function buildHome(clientCount: number, connect: (ends: Pick<Home, 'isp' | 'home'>) => Router): Home {
  const internet = new Host('internet');
  const attacker = new Host('attacker');
  const isp = new Host('isp');
  const home = new Host('home');

  cable(internet, 'eth0', isp, 'internet0');
  internet.ip(`address add ${Address.web}/24 dev eth0`);
  internet.ip(`address add ${Address.dns}/24 dev eth0`);
  for (const address of [Address.ispTime, ...Address.time]) internet.ip(`address add ${address}/24 dev eth0`);
  address6(internet, `${Address6.web}/64`, 'eth0');
  // Deprecated: who does not ask for it by name speaks from the web server's (RFC 6724 section 5, rule 3).
  for (const address of [Address6.dns, Address6.time]) {
    internet.ip(`-6 address add ${address}/64 dev eth0 nodad preferred_lft 0`);
  }
  internet.ip('link set eth0 up');
  isp.ip(`address add ${Address.ispInternet}/24 dev internet0`);
  address6(isp, `${Address6.ispInternet}/64`, 'internet0');
  isp.ip('link set internet0 up');
  internet.ip(`-6 route add default via ${Address6.ispInternet}`);

  cable(attacker, 'eth0', isp, 'attacker0');
  attacker.ip(`address add ${Address.attacker}/24 dev eth0`);
  address6(attacker, `${Address6.attacker}/64`, 'eth0');
  attacker.ip('link set eth0 up');
  isp.ip(`address add ${Address.ispAttacker}/24 dev attacker0`);
  address6(isp, `${Address6.ispAttacker}/64`, 'attacker0');
  isp.ip('link set attacker0 up');
  attacker.ip(`route add default via ${Address.ispAttacker}`);
  attacker.ip(`-6 route add default via ${Address6.ispAttacker}`);

  // The customers' link is a switch of the provider, so that a line can drop without the provider's own end.
  isp.ip('link add customer0 type bridge');
  isp.ip(`link set customer0 address ${ISP_HARDWARE_ADDRESS}`);
  isp.ip('link set customer0 addrgenmode none');
  isp.ip(`address add ${Address.ispCustomers}/24 dev customer0`);
  address6(isp, `${Address6.ispCustomers}/64`, 'customer0');
  address6(isp, `${Address6.ispLinkLocal}/64`, 'customer0');
  isp.ip('link set customer0 up');
  // There is no route back to the home's private addresses: what comes back has been translated.
  internet.ip(`route add ${Address.customers} via ${Address.ispInternet}`);

  home.ip('link add switch type bridge');
  home.ip('link set switch up');
  const router = connect({ isp, home });

  const clients = Array.from({ length: clientCount }, (_, index) => {
    const number = index + 1;
    const client = new Host(`client${number}`);
    cable(home, `port${number}`, client, 'eth0');
    home.ip(`link set port${number} master switch up`);
    const maker = MAKERS[index % MAKERS.length];
    client.ip(`link set eth0 address ${maker}:00:ca:${number.toString(16).padStart(2, '0')}`);
    client.ip('link set eth0 up');
    return client;
  });

  const inner = new Host('inner');
  cable(home, 'inner', inner, 'eth0');
  home.ip('link set inner master switch up');
  inner.ip('link set eth0 address 02:73:53:00:ca:60');
  inner.ip('link set eth0 up');
  inner.ip('link add inside0 type bridge');
  inner.ip('link set inside0 up');
  return { internet, attacker, isp, router, home, clients, inner };
}

/** A router as it comes out of its box, with a cable to the provider (there: `line0`) and one to the home's switch. */
export function connectRouter(isp: Host, home: Host): Host {
  const router = new Host('router');
  // Names as a PC's firmware gives them: it is netconfigd's work to make them uplink0 and lan0.
  cable(isp, 'line0', router, 'enp1s0');
  isp.ip('link set line0 master customer0 up');
  cable(home, 'port0', router, 'enp2s0');
  home.ip('link set port0 master switch up');
  router.ip(`link set enp1s0 address ${HardwareAddress.uplink}`);
  router.ip(`link set enp2s0 address ${HardwareAddress.lan}`);
  return router;
}

/** Without looking for others that have it: nobody has. */
function address6(host: Host, prefix: string, device: string): void {
  host.ip(`-6 address add ${prefix} dev ${device} nodad`);
}

import { cable, Host } from './host.ts';

/** Addresses of the lab. All from the ranges for documentation (RFC 5737), but the home's own network. */
export const Address = {
  /** The web server on the Internet side. */
  web: '203.0.113.10',
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
} as const;

/** Hardware addresses of the router's two sockets, as interfaces.json names them. */
export const HardwareAddress = { uplink: '02:73:53:00:07:00', lan: '02:73:53:00:07:01' } as const;

/** The clients' network cards in turn: a Raspberry Pi's, an Apple's, and one that has made its address up. */
const MAKERS = ['b8:27:eb', '3c:22:fb', '02:73:53'] as const;

/** The computers and cables of the lab:
 *
 * ```
 * internet --- isp --- uplink0 [router] lan0 --- [home: a switch] --- client1 .. clientN
 * ```
 */
export interface Home {
  readonly internet: Host;
  readonly isp: Host;
  readonly router: Host;
  readonly home: Host;
  readonly clients: readonly Host[];
}

/** Builds the lab's computers and cables on a stage. The router's interfaces have neither their names nor addresses yet. */
export function buildHome(clientCount: number): Home {
  const internet = new Host('internet');
  const isp = new Host('isp');
  const router = new Host('router');
  const home = new Host('home');

  cable(internet, 'eth0', isp, 'internet0');
  internet.ip(`address add ${Address.web}/24 dev eth0`);
  internet.ip('link set eth0 up');
  isp.ip(`address add ${Address.ispInternet}/24 dev internet0`);
  isp.ip('link set internet0 up');

  // Names as a PC's firmware gives them: it is netconfigd's work to make them uplink0 and lan0.
  cable(isp, 'customer0', router, 'enp1s0');
  isp.ip(`address add ${Address.ispCustomers}/24 dev customer0`);
  isp.ip('link set customer0 up');
  // There is no route back to the home's private addresses: what comes back has been translated.
  internet.ip(`route add ${Address.customers} via ${Address.ispInternet}`);

  cable(home, 'port0', router, 'enp2s0');
  router.ip(`link set enp1s0 address ${HardwareAddress.uplink}`);
  router.ip(`link set enp2s0 address ${HardwareAddress.lan}`);
  home.ip('link add switch type bridge');
  home.ip('link set switch up');
  home.ip('link set port0 master switch up');

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
  return { internet, isp, router, home, clients };
}

import t from 'tap';
import type { Option } from '../../src/index.ts';
import { bootsOn, madeBy, vendorClassBegins } from '../../src/server/client-class.ts';
import type { ClientClass } from '../../src/server/config.ts';
import { mac, optionOf, SimulatedLan, withSubnet } from './simulated-lan.ts';

const lasting = (name: string, leaseTimeSeconds: number, matches: ClientClass['matches']): ClientClass => ({
  name,
  matches,
  leaseTimeSeconds,
  options: [],
});

t.test('D4S-04 classes by maker, vendor class and architecture', (t) => {
  const lan = new SimulatedLan(
    withSubnet({
      classes: [
        lasting('consoles', 3600, madeBy([mac('00:09:bf:00:00:00'), mac('98:b6:e9:ff:ff:ff')])),
        lasting('boot', 300, vendorClassBegins('PXEClient')),
        lasting('efi', 400, bootsOn([7, 9])),
      ],
    }),
  );
  const vendor = (value: string): Option => ({ kind: 'vendorClassIdentifier', value });
  const architecture = (...value: number[]): Option => ({ kind: 'clientSystemArchitecture', value });
  const rows: [from: string, options: Option[], seconds: number][] = [
    ['00:09:bf:12:34:56', [], 3600],
    ['98:b6:e9:00:00:01', [], 3600],
    ['98:b6:ea:00:00:01', [], 1200],
    ['02:00:00:00:00:01', [vendor('PXEClient:Arch:00000')], 300],
    ['02:00:00:00:00:01', [vendor('PXE')], 1200],
    ['02:00:00:00:00:01', [vendor('PXEClient:Arch:00007'), architecture(7)], 400],
    ['02:00:00:00:00:01', [architecture(0, 6)], 1200],
  ];
  for (const [from, options, seconds] of rows) {
    t.equal(optionOf(lan.discover({ from, options }), 'ipAddressLeaseTime'), seconds, from);
  }
  const infiniband = lan.discover({ chaddr: new Uint8Array(0), clientIdentifier: Uint8Array.of(0xff, 1) });
  t.equal(optionOf(infiniband, 'ipAddressLeaseTime'), 1200);
  t.end();
});

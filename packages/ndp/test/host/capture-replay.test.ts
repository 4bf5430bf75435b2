/** The host engine hears what real routers said. */
import { readFileSync } from 'node:fs';
import { decodeFrame, readCapture } from '@router7/pcap';
import { MacAddress } from '@router7/wire';
import t from 'tap';
import { defaultHostConfig, HostEngine, type HostOutput } from '../../src/index.ts';
import { told } from './simulated-host.ts';

interface Replayed {
  readonly engine: HostEngine;
  readonly outputs: HostOutput[];
  readonly now: number;
}

function replay(name: string): Replayed {
  const engine = new HostEngine(
    { ...defaultHostConfig(MacAddress.parse('02:00:5e:10:00:0a')), solicit: false },
    { random: () => 0 },
  );
  const outputs: HostOutput[] = [];
  let now = 0;
  for (const record of readCapture(readFileSync(new URL(`../fixtures/${name}.pcap`, import.meta.url)))) {
    if (record.kind !== 'packet') continue;
    const { ipv6 } = decodeFrame(record.bytes);
    if (ipv6 === undefined || ipv6.payload[0] !== 134) continue;
    now += 1000;
    const { source, destination, hopLimit, payload } = ipv6;
    engine.handle({ kind: 'packet', payload, source, destination, hopLimit }, now);
    for (let output = engine.poll(); output !== undefined; output = engine.poll()) outputs.push(output);
  }
  return { engine, outputs, now };
}

t.test('radvd-kernel-plain', async (t) => {
  const { engine, outputs, now } = replay('radvd-kernel-plain');
  t.strictSame(told(outputs), [
    'learned router',
    'learned onLinkPrefix',
    'learned addressPrefix',
    'learned route',
    'learned dnsServer',
    'learned dnsServer',
    'learned searchDomain',
    'learned searchDomain',
    'flags',
  ]);
  t.match(engine.heard('router'), [{ isDefault: true, mtu: 1492, curHopLimit: 64, until: now + 1_800_000 }]);
  t.match(engine.heard('addressPrefix'), [{ preferredUntil: now + 1_800_000, until: now + 7_200_000 }]);
  t.strictSame(
    engine.heard('dnsServer').map(({ address }) => `${address}`),
    ['2001:db8:1::1', '2001:db8:1::2'],
  );
  t.strictSame(
    engine.heard('route').map(({ prefix }) => `${prefix}`),
    ['fd00:1::/48'],
  );
});

t.test('radvd-kernel-full', async (t) => {
  const { engine, outputs } = replay('radvd-kernel-full');
  t.match(
    outputs.find(({ kind }) => kind === 'flags'),
    { managedAddressConfiguration: true, otherConfiguration: true },
  );
  t.match(engine.heard('router'), [
    { preference: 1, reachableTimeMilliseconds: 30_000, retransTimerMilliseconds: 1000 },
  ]);
  t.strictSame(
    engine.heard('onLinkPrefix').map(({ prefix }) => `${prefix}`),
    ['2001:db8:1::/64', '2001:db8:3::/48'],
  );
  t.match(engine.heard('addressPrefix'), [{ preferred: true, until: Number.POSITIVE_INFINITY }, { preferred: false }]);
  t.strictSame(
    engine.heard('dnsServer').map(({ address }) => `${address}`),
    ['fe80::1'],
  );
});

t.test('radvd-kernel-final: the router leaves and takes back what it said (G-4, RA-07)', async (t) => {
  const { engine, outputs, now } = replay('radvd-kernel-final');
  const lost = told(outputs).slice(told(outputs).indexOf('flags') + 1);
  t.strictSame(lost, ['changed router', 'changed addressPrefix', 'lost route', 'lost dnsServer', 'lost searchDomain']);
  t.match(engine.heard('router'), [{ isDefault: false }]);
  t.match(engine.heard('addressPrefix'), [{ preferred: false, until: now + 7_200_000 }]);
});

t.test('dnsmasq-dhcpcd-managed and dnsmasq-kernel-ra', async (t) => {
  const managed = replay('dnsmasq-dhcpcd-managed');
  t.match(
    managed.outputs.find(({ kind }) => kind === 'flags'),
    { managedAddressConfiguration: true },
  );
  t.match(managed.engine.heard('router'), [{ preference: 3 }]);
  const stateless = replay('dnsmasq-kernel-ra');
  t.match(stateless.engine.heard('router'), [{ mtu: 1480, preference: 1 }]);
  t.strictSame(
    stateless.engine.heard('searchDomain').map(({ domainName }) => domainName),
    ['lan', 'home.example'],
  );
});

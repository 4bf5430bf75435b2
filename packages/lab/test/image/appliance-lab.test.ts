import t from 'tap';
import { MADE_IMAGE } from '../../src/appliance/made-image.ts';
import { Lab } from '../net/lab-process.ts';
import { needsImage } from './needs-image.ts';

t.setTimeout(1_800_000);

/** Providers to try. All of them: `ROUTER7_LAB_PROFILES=embedded,kea,dnsmasq,fiber7,hostile`. */
const profiles = (process.env.ROUTER7_LAB_PROFILES ?? 'kea').split(',');

interface Step {
  readonly step: string;
  readonly ok: boolean;
  readonly detail: string;
}

for (const profile of profiles) {
  t.test(
    `IM-07: lab --once --qemu --profile ${profile}: the image brings a home online by IPv4 and IPv6`,
    needsImage('kea-dhcp4', 'kea-dhcp6', 'unbound', 'dhclient', 'dhcpcd', 'udhcpc', 'radvd'),
    async (t) => {
      const lab = new Lab(t, ['--once', '--image', MADE_IMAGE, '--profile', profile, '--clients', '3', '--json']);
      const namespace = await lab.namespace();
      const status = await lab.ended;
      const steps = lab.lines.map((line) => JSON.parse(line) as Step);
      for (const { step, ok, detail } of steps) t.ok(ok, `${step}: ${detail}`);
      t.equal(status, 0, lab.errors.join('\n'));
      const names = steps.map(({ step }) => step);
      for (const step of [
        'router has a WAN lease',
        'router has been delegated a prefix',
        'client1 has a LAN lease (dhclient)',
        'client2 has a LAN lease (dhcpcd)',
        'client3 has a LAN lease (udhcpc)',
        'client3 fetches a page through NAT',
        'client3 fetches the same page by IPv6',
        'what is behind it fetches the same page by IPv6',
        'the router and unbound say the same of every name',
        'the attacker finds only those',
        'WAN lease renewed',
        'WAN prefix renewed',
        'the connection is still open',
      ]) {
        t.ok(names.includes(step), step);
      }
      await lab.nothingLeft(namespace);
    },
  );
}

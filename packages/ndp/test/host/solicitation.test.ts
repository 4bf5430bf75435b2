import t from 'tap';
import { decodeMessage, type HostOutput } from '../../src/index.ts';
import { hex, ip } from '../golden.ts';
import { OTHER, SimulatedHost, seeded, told } from './simulated-host.ts';

const send = (outputs: readonly HostOutput[]): Extract<HostOutput, { kind: 'send' }> | undefined =>
  outputs.find((output) => output.kind === 'send');

t.test('W-2: asks from its link-local address, with its link-layer address (RFC 4861 4.1)', async (t) => {
  const host = new SimulatedHost();
  host.handle({ kind: 'address', linkLocal: ip('fe80::a') });
  host.up();
  const sent = send(host.advance(1000));
  t.match(sent, { source: ip('fe80::a'), destination: ip('ff02::2') });
  t.strictSame(decodeMessage(sent?.payload ?? hex('')), {
    kind: 'routerSolicitation',
    options: [{ kind: 'sourceLinkLayerAddress', value: hex('02 00 5e 10 00 0a') }],
  });
});

t.test('without an address it asks from the unspecified one, without that option', async (t) => {
  const host = new SimulatedHost();
  host.handle({ kind: 'address', linkLocal: ip('fe80::a') });
  host.handle({ kind: 'address', linkLocal: undefined });
  host.up();
  const sent = send(host.advance(1000));
  t.equal(`${sent?.source}`, '::');
  t.strictSame(decodeMessage(sent?.payload ?? hex('')), { kind: 'routerSolicitation', options: [] });
});

t.test('it asks after the carrier, not before, nor where it only watches', async (t) => {
  const host = new SimulatedHost();
  t.equal(host.engine.deadline(), undefined);
  host.advance(60_000);
  t.strictSame(host.sentAt, []);
  host.up();
  host.handle({ kind: 'carrier', up: false });
  host.advance(60_000);
  t.strictSame(host.sentAt, [], 'the carrier was gone before it was time');
  const watcher = new SimulatedHost({ solicit: false });
  watcher.up();
  watcher.handle({ kind: 'solicit' });
  t.equal(watcher.engine.deadline(), undefined);
});

t.test(
  'the first one waits up to a second, all others double their wait to an hour (RFC 7559), for 2,000 seeds',
  async (t) => {
    for (let seed = 0; seed < 2000; seed++) {
      const host = new SimulatedHost({}, seeded(seed));
      host.up();
      host.advance(20_000_000);
      const [first = -1, ...others] = host.sentAt;
      if (!(first >= 0 && first <= 1000)) t.fail(`seed ${seed}: the first after ${first} ms`);
      let previous = 0;
      let at = first;
      for (const [index, next] of others.entries()) {
        const wait = next - at;
        const base = index === 0 ? 4000 : 2 * previous;
        const spread = index === 0 ? 400 : 0.1 * previous;
        const bounded = base + spread > 3_600_000 && wait >= 0.9 * 3_600_000 && wait <= 1.1 * 3_600_000;
        if (!bounded && Math.abs(wait - base) > spread + 0.001) t.fail(`seed ${seed}: ${wait} ms after ${previous} ms`);
        previous = wait;
        at = next;
      }
      if (others.length < 13) t.fail(`seed ${seed}: only ${others.length}`);
    }
  },
);

t.test('an advertisement with a lifetime ends it; one without does not (RFC 4861 6.3.7, RFC 7559 2)', async (t) => {
  const host = new SimulatedHost();
  host.up();
  host.advance(1000);
  t.equal(host.sentAt.length, 1);
  host.hear({ routerLifetimeSeconds: 0 });
  host.advance(5000);
  t.equal(host.sentAt.length, 2, 'it goes on');
  host.hear({ routerLifetimeSeconds: 9000 });
  host.advance(8_000_000);
  t.equal(host.sentAt.length, 2);
});

t.test('an advertisement before the first solicitation does not spare it', async (t) => {
  const host = new SimulatedHost();
  host.up();
  host.hear();
  host.advance(1000);
  t.equal(host.sentAt.length, 1);
  host.advance(10_000);
  t.equal(host.sentAt.length, 2, 'it is not the answer either');
  host.hear();
  host.advance(100_000);
  t.equal(host.sentAt.length, 2);
});

t.test('a new carrier, a wish, and the end of the last default router start it over', async (t) => {
  const host = new SimulatedHost();
  const ask = (): void => {
    host.advance(1000);
    host.hear();
  };
  host.up();
  ask();
  t.equal(host.sentAt.length, 1);
  host.handle({ kind: 'carrier', up: true });
  ask();
  t.equal(host.sentAt.length, 1, 'a carrier that was there before is no news');
  host.handle({ kind: 'carrier', up: false });
  host.up();
  ask();
  t.equal(host.sentAt.length, 2);
  host.handle({ kind: 'solicit' });
  ask();
  t.equal(host.sentAt.length, 3);
  host.hear({ routerLifetimeSeconds: 100 }, OTHER);
  t.strictSame(told(host.advance(100_000)), ['lost router']);
  t.equal(host.sentAt.length, 3, 'another one is there');
  t.strictSame(told(host.advance(1_701_000)), ['lost router', 'send']);
});

t.test('a clock that goes back stands still, and no time is no time', async (t) => {
  const host = new SimulatedHost();
  host.up();
  host.now -= 500_000;
  t.strictSame(host.handle({ kind: 'timeout' }), []);
  t.ok((host.engine.deadline() ?? 0) >= 1_000_000);
  t.throws(() => host.engine.handle({ kind: 'timeout' }, Number.NaN), RangeError);
  t.throws(() => host.engine.handle({ kind: 'timeout' }, Number.POSITIVE_INFINITY), RangeError);
});

t.test('a configuration without sense is refused', async (t) => {
  const solicitation = { maximumDelayMs: 0, initialRetransmissionMs: Number.NaN, maximumRetransmissionMs: 1 };
  t.throws(() => new SimulatedHost({ solicitation }), { name: 'EncodeError', code: 'out-of-range' });
});

/** What becomes of a lease: kept past its end, confirmed after a restart or a lost carrier, refused, given back. */
import t from 'tap';
import type { RememberedLease } from '../../src/client/engine.ts';
import { MessageType, optionValue } from '../../src/message.ts';
import { ADDRESS, first, ip, OTHER_SERVER, type ReplyParts, SimulatedClient } from './simulated-client.ts';

const NAK = { type: MessageType.nak } as const;

/** What an earlier run left. */
function remembered(ageMs: number, parts: ReplyParts = {}): RememberedLease {
  const earlier = new SimulatedClient().acquire(parts);
  return {
    ack: first(
      earlier.log.map(({ output }) => output),
      'bound',
    ).ack,
    ageMs,
  };
}

t.test('D4C-07 a lease is kept past its end, told once, and asked for by option 50', async (t) => {
  const client = new SimulatedClient().acquire().forget();
  client.advance(3600_000 + 7 * 86_400_000);
  t.equal(client.outputs('expired').length, 1);
  t.equal(client.outputs('lost').length, 0);
  t.ok(client.engine.lease?.address.address.equals(ADDRESS), 'a week later it is still there');
  t.equal(client.engine.state, 'selecting');
  t.ok(optionValue(client.last(), 'requestedIpAddress')?.equals(ADDRESS));
  t.equal(client.last().ciaddr.toString(), '0.0.0.0');

  client.forget();
  client.answer();
  client.answer();
  t.match(client.outputs('bound'), [{ how: 'new' }]);
  t.equal(client.outputs('lost').length, 0, 'the same address again: nothing was ever lost');
  client.advance(3600_000);
  t.equal(client.outputs('expired').length, 1, 'the next end is told again');
});

t.test('D4C-07 another lease takes the place of one whose time is over', async (t) => {
  const client = new SimulatedClient().acquire();
  client.advance(3600_000);
  client.forget();
  client.answer({ yiaddr: ip('192.0.2.88'), server: OTHER_SERVER });
  client.answer({ yiaddr: ip('192.0.2.88'), server: OTHER_SERVER, source: OTHER_SERVER });
  t.match(client.outputs('bound'), [{ how: 'new', lease: { server: OTHER_SERVER } }]);
  t.equal(client.engine.lease?.address.toString(), '192.0.2.88/24');
});

t.test('D4C-07 a DHCPNAK ends a kept lease only when it is about its address', async (t) => {
  const client = new SimulatedClient().acquire();
  client.advance(3600_000);
  client.forget();
  client.answer({ yiaddr: ip('192.0.2.88'), server: OTHER_SERVER });
  client.answer({ ...NAK, server: OTHER_SERVER });
  t.equal(client.outputs('lost').length, 0, 'the other server refused its own offer');
  t.ok(client.engine.lease);
  client.step();
  client.answer();
  client.answer(NAK);
  t.match(client.outputs('lost'), [{ why: 'nak' }]);
  t.equal(client.engine.lease, undefined);
});

for (const [state, ms] of [
  ['renewing', 1800_000],
  ['rebinding', 3150_000],
] as const) {
  t.test(`a DHCPNAK in ${state} ends the lease, and DISCOVER follows at once without that address`, async (t) => {
    const client = new SimulatedClient().acquire();
    client.advance(ms);
    t.equal(client.engine.state, state);
    client.forget();
    client.answer(NAK);
    t.match(client.outputs('lost'), [{ why: 'nak' }]);
    t.equal(client.engine.state, 'selecting');
    t.equal(optionValue(client.last(), 'dhcpMessageType'), MessageType.discover);
    t.equal(optionValue(client.last(), 'requestedIpAddress'), undefined);
  });
}

t.test('D4C-03 after a restart the remembered lease is confirmed without DISCOVER', async (t) => {
  const client = new SimulatedClient({ startDelayMs: [1000, 10_000] }, { remembered: remembered(60_000) });
  client.up();
  t.strictSame(client.states(), ['init-reboot', 'rebooting']);
  t.match(client.engine.lease, { acquiredAt: client.now - 60_000, renewAt: client.now - 60_000 + 1800_000 });
  client.now += 15;
  client.answer({ server: OTHER_SERVER });
  t.match(client.outputs('bound'), [{ how: 'reboot', lease: { server: OTHER_SERVER } }]);
  t.equal(client.sent().length, 1);
});

t.test('D4C-21 a lease that had ended when it was recalled is probed before it counts', async (t) => {
  const ended = new SimulatedClient({ probe: true }, { remembered: remembered(30 * 86_400_000) });
  ended.up();
  ended.answer();
  t.equal(ended.engine.state, 'probing');
  ended.advance(10_000);
  t.equal(ended.outputs('arp-probe').length, 3);
  t.match(ended.outputs('bound'), [{ how: 'new' }]);
  const live = new SimulatedClient({ probe: true }, { remembered: remembered(60_000) });
  live.up();
  live.answer();
  t.equal(live.engine.state, 'bound', 'one that has not is used at once');
});

t.test('D4C-04 a DHCPNAK in REBOOTING leads to DISCOVER at once', async (t) => {
  const client = new SimulatedClient({}, { remembered: remembered(60_000) });
  client.up();
  client.answer({ ...NAK, server: OTHER_SERVER, source: OTHER_SERVER });
  t.match(client.outputs('lost'), [{ why: 'nak' }]);
  t.equal(client.engine.state, 'selecting');
  t.equal(client.sent().at(-1)?.type, MessageType.discover);
  t.equal(client.sent().at(-1)?.at, client.now);
});

t.test('D4C-10 silence in REBOOTING: the lease is used on, and asked for by DISCOVER after a minute', async (t) => {
  const client = new SimulatedClient({}, { remembered: remembered(60_000) });
  client.up();
  const { expiresAt } = client.engine.lease as NonNullable<typeof client.engine.lease>;
  const begun = client.now;
  while (client.engine.state === 'rebooting') client.step();
  t.strictSame(
    client.sent().map(({ type }) => type),
    [...Array(4).fill(MessageType.request), MessageType.discover],
  );
  t.ok(client.now - begun > 56_000 && client.now - begun < 64_000);
  t.ok(optionValue(client.last(), 'requestedIpAddress')?.equals(ADDRESS));
  client.advance(expiresAt - client.now - 1);
  t.equal(client.outputs('lost').length + client.outputs('expired').length, 0);
  client.advance(1);
  t.equal(client.outputs('expired').length, 1);
  t.equal(client.outputs('lost').length, 0);
  t.equal(client.engine.state, 'selecting');
  t.ok(client.engine.lease);
});

t.test('D4C-10 T1 comes between two attempts in REBOOTING: DISCOVER at T1, not later', async (t) => {
  const client = new SimulatedClient({}, { remembered: remembered(1800_000 - 20_000) });
  client.up();
  const { renewAt } = client.engine.lease as NonNullable<typeof client.engine.lease>;
  client.advance(renewAt - client.now - 1);
  t.equal(client.engine.state, 'rebooting');
  client.advance(1);
  t.equal(client.engine.state, 'selecting');
});

t.test('D4C-10 a T1 that is all but here, or has just gone, does not cut the first wait to nothing', async (t) => {
  for (const left of [1000, 500, 1, 0, -1, -500]) {
    const client = new SimulatedClient({}, { remembered: remembered(1800_000 - left) });
    client.up();
    const wait = client.step();
    t.ok(wait >= 3000 && wait <= 5000, `${left} ms before T1`);
    t.equal(client.engine.state, 'selecting');
  }
});

t.test('D4C-27 moved to a network whose server knows nothing of the lease, and is silent about it', async (t) => {
  const client = new SimulatedClient().acquire({ lease: 86_400 });
  client.down();
  client.now += 5000;
  client.up();
  while (client.engine.state === 'rebooting') client.step();
  const parts = { yiaddr: ip('198.51.100.9'), server: ip('198.51.100.1'), source: ip('198.51.100.1') };
  client.answer(parts);
  client.answer(parts);
  t.equal(client.engine.lease?.address.toString(), '198.51.100.9/24');
});

t.test('D4C-10 a lease remembered from before T1 is asked for once, then DISCOVER', async (t) => {
  const client = new SimulatedClient({}, { remembered: remembered(2000_000) });
  client.up();
  t.equal(client.engine.state, 'rebooting');
  const wait = client.step();
  t.ok(wait >= 3000 && wait <= 5000);
  t.equal(client.engine.state, 'selecting');
  t.ok(optionValue(client.last(), 'requestedIpAddress')?.equals(ADDRESS));
  t.equal(client.outputs('lost').length, 0);
});

t.test('D4C-03 a lease remembered from before its end is told as expired, and still asked for', async (t) => {
  const client = new SimulatedClient({}, { remembered: remembered(365 * 86_400_000) });
  client.up();
  t.equal(client.engine.state, 'rebooting');
  client.handle({ kind: 'timeout' });
  t.equal(client.outputs('expired').length, 1);
  client.answer();
  t.match(client.outputs('bound'), [{ how: 'reboot' }]);
  t.equal(client.outputs('expired').length, 1);
});

t.test('what is no lease of this interface is not remembered', async (t) => {
  const { ack } = remembered(0);
  const other = ack.slice();
  other[28] = 0xff;
  const request = ack.slice();
  request[0] = 1;
  const nowhere = ack.slice();
  nowhere.fill(0, 16, 20);
  for (const [name, bytes] of Object.entries({
    nothing: new Uint8Array(),
    cut: ack.subarray(0, 200),
    'for another hardware address': other,
    'a request': request,
    'without an address': nowhere,
    noise: new Uint8Array(500).fill(0xa5),
  })) {
    const client = new SimulatedClient({}, { remembered: { ack: bytes, ageMs: 0 } });
    client.up();
    t.equal(client.engine.state, 'selecting', name);
    t.equal(client.engine.lease, undefined);
  }
  for (const ageMs of [-1e9, Number.NaN, Number.NEGATIVE_INFINITY]) {
    const client = new SimulatedClient({}, { remembered: { ack, ageMs } });
    client.up();
    t.equal(client.engine.state, 'rebooting');
    t.equal(client.engine.lease?.acquiredAt, client.now, 'a clock that was set back makes nothing older or newer');
  }
});

t.test('the octets of a bound event and of what is remembered are the engine’s own', async (t) => {
  const client = new SimulatedClient();
  client.up();
  client.answer();
  const payload = client.reply();
  const ack = first(client.deliver(payload), 'bound').ack;
  const before = ack.slice();
  payload.fill(0xff);
  t.strictSame(ack, before);
  t.ok(client.engine.lease?.server.equals(ip('192.0.2.1')));

  const left = { ack: before.slice(), ageMs: 0 };
  const next = new SimulatedClient({}, { remembered: left });
  left.ack.fill(0);
  next.up();
  t.equal(next.engine.lease?.address.toString(), '192.0.2.77/24');
});

t.test('D4C-27 a carrier that comes back is followed by INIT-REBOOT at once', async (t) => {
  for (const ms of [0, 1800_000, 3150_000]) {
    const client = new SimulatedClient({ startDelayMs: [1000, 10_000] }).acquire();
    client.advance(ms);
    client.now += 2000;
    client.down();
    t.equal(client.engine.state, 'init-reboot');
    client.forget();
    client.advance(30_000);
    t.equal(client.sent().length, 0, 'nothing is sent into a dead cable');
    client.up();
    t.equal(client.sent().length, 1);
    t.equal(client.engine.state, 'rebooting');
    client.answer();
    t.match(client.outputs('bound'), [{ how: 'reboot' }]);
    t.equal(client.outputs('lost').length, 0);
  }
});

t.test('D4C-27 a loose cable makes one message a second, and the last one comes within a second', async (t) => {
  const client = new SimulatedClient().acquire().forget();
  const begun = client.now;
  for (let i = 0; i < 1000; i++) {
    client.down();
    client.advance(5);
    client.up();
    client.advance(5);
  }
  t.ok(client.sent().length <= 11 && client.sent().length >= 9, `${client.sent().length} messages in 10 s`);
  client.advance(1000);
  t.equal(client.engine.state, 'rebooting');
  t.ok(client.now - begun === 11_000);

  const fresh = new SimulatedClient();
  for (let i = 0; i < 1000; i++) {
    fresh.up();
    fresh.advance(5);
    fresh.down();
    fresh.advance(5);
  }
  t.ok(fresh.sent().length <= 11, `${fresh.sent().length} DHCPDISCOVERs in 10 s`);
});

t.test('a carrier that is told again changes nothing', async (t) => {
  const client = new SimulatedClient().acquire().forget();
  client.up();
  t.equal(client.log.length, 0);
  client.down();
  client.forget();
  client.down();
  t.equal(client.log.length, 0);
});

t.test('D4C-07 a lease ends while the cable is out: told, kept, and asked for when it is back', async (t) => {
  const client = new SimulatedClient().acquire();
  client.down();
  client.forget();
  client.advance(4000_000);
  t.strictSame(
    client.log.map(({ output }) => output.kind),
    ['expired'],
  );
  client.up();
  t.equal(client.engine.state, 'rebooting');
  client.step();
  t.equal(client.engine.state, 'selecting', 'its T1 is over: silence for one wait is enough');
});

t.test('D4C-04 an address that was granted and then refused is not asked for again', async (t) => {
  const client = new SimulatedClient({ probe: true }).acquire();
  t.equal(client.engine.state, 'probing');
  client.down();
  client.up();
  client.step();
  t.ok(optionValue(client.last(), 'requestedIpAddress')?.equals(ADDRESS), 'probing was cut short');
  client.answer();
  client.answer({ type: MessageType.nak });
  t.equal(client.engine.state, 'selecting');
  t.equal(optionValue(client.last(), 'requestedIpAddress'), undefined);
});

t.test('D4C-08 restart forgets the lease and does not ask for its address', async (t) => {
  const client = new SimulatedClient().acquire();
  client.now += 60_000;
  client.forget();
  client.handle({ kind: 'restart', release: false });
  t.match(client.outputs('lost'), [{ why: 'restart' }]);
  t.strictSame(
    client.sent().map(({ type }) => type),
    [MessageType.discover],
  );
  t.equal(optionValue(client.last(), 'requestedIpAddress'), undefined);
  t.equal(client.last().secs, 0);
});

t.test('D4C-08 restart in the middle of a renewal counts its seconds anew', async (t) => {
  const client = new SimulatedClient().acquire();
  client.advance(3000_000);
  t.equal(client.engine.state, 'renewing');
  t.ok(client.last().secs > 600);
  client.handle({ kind: 'restart', release: false });
  t.equal(client.last().secs, 0);
});

t.test('D4C-09 restart with a DHCPRELEASE', async (t) => {
  const client = new SimulatedClient().acquire();
  client.now += 60_000;
  client.forget();
  client.handle({ kind: 'restart', release: true });
  t.match(client.outputs('lost'), [{ why: 'released' }], 'what was given back must not be used');
  t.strictSame(
    client.sent().map(({ type }) => type),
    [MessageType.release, MessageType.discover],
  );
  for (let i = 0; i < 100; i++) client.handle({ kind: 'restart', release: true });
  t.equal(client.sent().length, 2, 'not more than one DHCPDISCOVER a second, whoever asks');
  client.advance(1000);
  t.equal(client.sent().length, 3);
});

t.test('D4C-11 release: DHCPRELEASE, lost, stopped', async (t) => {
  const client = new SimulatedClient().acquire().forget();
  client.handle({ kind: 'release' });
  t.strictSame(
    client.log.map(({ output }) => output.kind),
    ['send', 'lost', 'state', 'stopped'],
  );
  t.match(client.outputs('lost'), [{ why: 'released' }]);
  t.equal(client.engine.lease, undefined);
});

t.test('D4C-11 release without a lease, after its end, and without a carrier sends nothing', async (t) => {
  const none = new SimulatedClient();
  const expired = new SimulatedClient().acquire();
  expired.advance(3600_000);
  const unplugged = new SimulatedClient().acquire();
  unplugged.down();
  for (const client of [none, expired, unplugged]) {
    client.forget();
    client.handle({ kind: 'release' });
    t.equal(client.sent().length, 0);
    t.equal(client.outputs('stopped').length, 1);
  }
});

t.test('renew on request: unicast at once, T1 to its right after the answer', async (t) => {
  const client = new SimulatedClient().acquire();
  client.advance(10_000);
  client.forget();
  client.handle({ kind: 'renew' });
  t.equal(client.engine.state, 'renewing');
  t.equal(client.last().ciaddr.toString(), '192.0.2.77');
  for (let i = 0; i < 10; i++) client.handle({ kind: 'renew' });
  t.equal(client.sent().length, 1, 'not more than once a second');
  client.now += 1000;
  client.handle({ kind: 'renew' });
  t.equal(client.sent().length, 2);
  client.answer();
  t.match(client.outputs('bound'), [{ how: 'renew' }]);
  t.equal(client.engine.lease?.renewAt, client.now + 1800_000);
});

t.test('a server that renews with another address gives another lease', async (t) => {
  const client = new SimulatedClient().acquire();
  client.advance(1800_000);
  client.forget();
  client.answer({ yiaddr: ip('192.0.2.99') });
  t.match(client.outputs('bound'), [{ how: 'renew' }]);
  t.equal(client.engine.lease?.address.toString(), '192.0.2.99/24');
});

t.test('a DHCPACK without options 51 and 54 (RFC 2131 table 3) does not renumber', async (t) => {
  for (const parts of [{ server: undefined }, { lease: undefined }]) {
    const client = new SimulatedClient().acquire();
    client.advance(1800_000);
    client.forget();
    client.answer({ ...parts, yiaddr: ip('192.0.2.99') });
    t.strictSame(client.discarded(), ['incomplete']);
    client.answer(parts);
    t.match(client.outputs('bound'), [{ how: 'renew' }], 'what is held may be confirmed so');
  }
});

t.test('another server does not renumber', async (t) => {
  const client = new SimulatedClient().acquire();
  client.advance(1800_000);
  client.forget();
  client.answer({ yiaddr: ip('192.0.2.99'), server: ip('192.0.2.250') });
  t.strictSame(client.discarded(), ['wrong-server']);
});

t.test('server silent, then back: nothing is lost on the way', async (t) => {
  const client = new SimulatedClient().acquire();
  client.advance(20 * 86_400_000);
  const waited = client.engine.deadline() as number;
  t.ok(waited - client.now <= 65_000, 'it is asked for all the time');
  client.step();
  client.forget();
  client.answer();
  client.answer();
  t.match(client.outputs('bound'), [{ how: 'new' }]);
  t.equal(client.engine.lease?.address.toString(), '192.0.2.77/24');
});

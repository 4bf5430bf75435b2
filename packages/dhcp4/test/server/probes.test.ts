import t from 'tap';
import { MessageType } from '../../src/index.ts';
import { PROBE_TIMEOUT_MS } from '../../src/server/probes.ts';
import { CONFIG, ip, mac, ROUTER, SimulatedLan, typeOf, withSubnet } from './simulated-lan.ts';

const PROBING = { ...CONFIG, probe: true };
const OTHER = { from: '02:00:00:00:00:02' };

/** The address of the only output, a probe. */
function probed(lan: SimulatedLan): ReturnType<typeof ip> {
  const [output] = lan.outputs;
  if (lan.outputs.length !== 1 || output?.kind !== 'probe') throw new Error('not just a probe');
  return output.address;
}

t.test('D4S-13 an address that nobody had is probed before it is offered', async (t) => {
  t.test('free: offered then', (t) => {
    const lan = new SimulatedLan(PROBING);
    t.equal(lan.send(MessageType.discover, { xid: 7 }), undefined);
    const address = probed(lan);
    t.equal(lan.engine.deadline(), lan.now + PROBE_TIMEOUT_MS);
    lan.now += 40;
    lan.handle({ kind: 'probed', address, inUse: false });
    t.equal(typeOf(lan.reply()), MessageType.offer);
    t.equal(lan.reply()?.message.xid, 7);
    t.ok(lan.reply()?.message.yiaddr.equals(address));
    t.equal(typeOf(lan.select(address)), MessageType.ack);
    t.equal(typeOf(lan.send(MessageType.discover)), MessageType.offer, 'known now: no further probe');
    t.end();
  });

  t.test('no answer: free', (t) => {
    const lan = new SimulatedLan(PROBING);
    lan.send(MessageType.discover);
    const address = probed(lan);
    t.same(lan.advance(PROBE_TIMEOUT_MS - 1), []);
    lan.advance(1);
    t.ok(lan.reply()?.message.yiaddr.equals(address));
    t.end();
  });

  t.test('in use: quarantine, and the next one', (t) => {
    const lan = new SimulatedLan(PROBING);
    lan.send(MessageType.discover);
    const address = probed(lan);
    lan.handle({ kind: 'probed', address, inUse: true });
    t.same(lan.changes, [`declined ${address}`]);
    t.match(lan.at(address), { state: 'declined', hardwareAddress: new Uint8Array(0) });
    lan.outputs = lan.outputs.filter(({ kind }) => kind === 'probe');
    const next = probed(lan);
    t.notOk(next.equals(address));
    lan.handle({ kind: 'probed', address: next, inUse: false });
    t.ok(lan.reply()?.message.yiaddr.equals(next));
    t.end();
  });

  t.test('sent again meanwhile: one probe, and the answer is to the last message', (t) => {
    const lan = new SimulatedLan(PROBING);
    lan.send(MessageType.discover, { xid: 1 });
    const address = probed(lan);
    lan.now += 100;
    t.equal(lan.send(MessageType.discover, { xid: 2 }), undefined);
    t.same(lan.outputs, []);
    lan.handle({ kind: 'probed', address, inUse: false });
    t.equal(lan.reply()?.message.xid, 2);
    t.same(lan.handle({ kind: 'probed', address, inUse: false }), [], 'an answer twice is none');
    t.end();
  });

  t.test('the address is kept for its client while it is probed, and after', (t) => {
    const lan = new SimulatedLan(PROBING);
    lan.send(MessageType.discover, { options: [{ kind: 'requestedIpAddress', value: ip('192.168.42.13') }] });
    t.ok(probed(lan).equals(ip('192.168.42.13')));
    t.equal(typeOf(lan.select(ip('192.168.42.13'), OTHER)), MessageType.nak);
    lan.handle({ kind: 'probed', address: ip('192.168.42.13'), inUse: false });
    t.equal(typeOf(lan.select(ip('192.168.42.13'), OTHER)), MessageType.nak);
    t.equal(typeOf(lan.send(MessageType.discover)), MessageType.offer, 'on offer: not probed again');
    t.end();
  });

  t.test('an answer that comes late takes the offer back', (t) => {
    const lan = new SimulatedLan(PROBING);
    lan.send(MessageType.discover);
    const address = probed(lan);
    lan.advance(PROBE_TIMEOUT_MS);
    lan.handle({ kind: 'probed', address, inUse: true });
    t.equal(lan.at(address)?.state, 'declined');
    t.equal(typeOf(lan.select(address)), MessageType.nak);
    t.end();
  });

  t.test('an answer after the lease has begun is the client itself', (t) => {
    const lan = new SimulatedLan(PROBING);
    lan.send(MessageType.discover);
    const address = probed(lan);
    lan.advance(PROBE_TIMEOUT_MS);
    lan.select(address);
    lan.handle({ kind: 'probed', address, inUse: true });
    t.equal(lan.at(address)?.state, 'bound');
    lan.handle({ kind: 'probed', address: ip('192.168.42.18'), inUse: true });
    t.notOk(lan.at(ip('192.168.42.18')), 'nobody asked');
    t.end();
  });

  t.test('the client itself answers, for it still has the address: free for it, and for nobody else', (t) => {
    const ETHERNET = '02:00:00:00:00:01';
    for (const clientIdentifier of [undefined, Uint8Array.of(0xff, 1, 2, 3)]) {
      const lan = new SimulatedLan(PROBING);
      const who = { from: ETHERNET, ...(clientIdentifier === undefined ? {} : { clientIdentifier }) };
      lan.send(MessageType.discover, who);
      const address = probed(lan);
      lan.handle({ kind: 'probed', address, inUse: true, hardwareAddress: mac(ETHERNET) });
      t.ok(lan.reply()?.message.yiaddr.equals(address));
      lan.handle({ kind: 'probed', address, inUse: true, hardwareAddress: mac(ETHERNET) });
      t.same(lan.outputs, [], 'once more, late');
      t.equal(typeOf(lan.select(address, who)), MessageType.ack);
      t.equal(lan.table.size, 1, 'nothing in quarantine');
    }
    const lan = new SimulatedLan(PROBING);
    lan.send(MessageType.discover);
    const address = probed(lan);
    lan.handle({ kind: 'probed', address, inUse: true, hardwareAddress: mac(ETHERNET) });
    lan.handle({ kind: 'probed', address, inUse: true, hardwareAddress: mac(OTHER.from) });
    t.same(lan.changes, [`declined ${address}`], 'but a second host answers, too');
    lan.send(MessageType.discover, OTHER);
    const second = probed(lan);
    lan.handle({ kind: 'probed', address: second, inUse: true, hardwareAddress: mac(ETHERNET) });
    t.same(lan.changes, [`declined ${second}`], 'another host than the client');
    t.end();
  });

  t.test('a giaddr of this very link, which anyone can write, makes no difference', (t) => {
    const lan = new SimulatedLan(PROBING);
    t.equal(lan.send(MessageType.discover, { giaddr: ROUTER }), undefined);
    t.ok(probed(lan));
    t.end();
  });

  t.test('so many at a time, and no more', (t) => {
    const lan = new SimulatedLan(withSubnet({}, { probe: true, maximumPendingProbes: 3 }));
    for (let i = 0; i < 3; i++) lan.send(MessageType.discover, { chaddr: Uint8Array.of(2, 0, 0, 0, 1, i) });
    lan.send(MessageType.discover, { chaddr: Uint8Array.of(2, 0, 0, 0, 1, 9) });
    t.equal(typeOf(lan.reply()), MessageType.offer, 'the next one is offered an address at once');
    const outputs = lan.advance(PROBE_TIMEOUT_MS);
    t.equal(outputs.filter(({ kind }) => kind === 'send').length, 3);
    t.equal(new Set(outputs.flatMap((output) => (output.kind === 'send' ? output.destination.value : []))).size, 3);
    lan.send(MessageType.discover, { chaddr: Uint8Array.of(2, 0, 0, 0, 1, 10) });
    t.ok(probed(lan));
    t.end();
  });

  t.test('a host that has every address does not keep the server busy for ever', (t) => {
    const lan = new SimulatedLan(
      withSubnet({ pools: [{ first: ip('192.168.42.10'), last: ip('192.168.42.250') }] }, { probe: true }),
    );
    lan.send(MessageType.discover);
    let probes = 0;
    for (let probe = lan.outputs.find(({ kind }) => kind === 'probe'); probe?.kind === 'probe'; probes++) {
      lan.handle({ kind: 'probed', address: probe.address, inUse: true });
      probe = lan.outputs.find(({ kind }) => kind === 'probe');
    }
    t.equal(probes, 8);
    t.equal(lan.discarded, 'no-free-address');
    t.end();
  });

  t.test('with rapid commit the lease begins after the probe', (t) => {
    const lan = new SimulatedLan({ ...PROBING, rapidCommit: true });
    lan.send(MessageType.discover, { options: [{ kind: 'rapidCommit', value: true }] });
    lan.handle({ kind: 'probed', address: probed(lan), inUse: false });
    t.equal(typeOf(lan.reply()), MessageType.ack);
    t.equal(lan.table.size, 1);
    t.end();
  });
});

t.test('D4S-13 what happens while a probe is under way', async (t) => {
  t.test('the client goes to another server: no offer', (t) => {
    const lan = new SimulatedLan({ ...PROBING, rapidCommit: true });
    lan.send(MessageType.discover, { options: [{ kind: 'rapidCommit', value: true }] });
    const address = probed(lan);
    lan.select(address, {}, ip('192.168.42.254'));
    t.equal(lan.engine.deadline(), undefined);
    t.equal(typeOf(lan.select(address, OTHER)), MessageType.ack);
    t.same(lan.handle({ kind: 'probed', address, inUse: false }), []);
    t.equal(lan.at(address)?.clientKey, '01020000000002');
    t.end();
  });

  t.test('the client finds its way to a lease: no offer', (t) => {
    const lan = new SimulatedLan({ ...PROBING, rapidCommit: true });
    lan.send(MessageType.discover, { options: [{ kind: 'rapidCommit', value: true }] });
    const address = probed(lan);
    const other = address.equals(ip('192.168.42.13')) ? ip('192.168.42.14') : ip('192.168.42.13');
    t.equal(typeOf(lan.renew(other)), MessageType.ack);
    t.same(lan.handle({ kind: 'probed', address, inUse: false }), []);
    t.equal(lan.at(other)?.state, 'bound');
    t.end();
  });

  t.test('a person strikes the address out, and another client is to get it: the first one starts over', (t) => {
    const lan = new SimulatedLan(PROBING);
    const wish = { kind: 'requestedIpAddress', value: ip('192.168.42.13') } as const;
    lan.send(MessageType.discover, { options: [wish] });
    lan.handle({ kind: 'forget', address: probed(lan) });
    lan.send(MessageType.discover, { ...OTHER, options: [wish] });
    t.ok(probed(lan).equals(ip('192.168.42.13')));
    lan.send(MessageType.discover, { options: [wish] });
    t.notOk(probed(lan).equals(ip('192.168.42.13')));
    lan.handle({ kind: 'probed', address: ip('192.168.42.13'), inUse: false });
    t.same(lan.reply()?.message.chaddr, Uint8Array.of(2, 0, 0, 0, 0, 2));
    t.end();
  });

  t.test('a person strikes the address out, and another client gets it: a different one is offered', (t) => {
    const lan = new SimulatedLan({ ...PROBING, rapidCommit: true });
    lan.send(MessageType.discover, { options: [{ kind: 'rapidCommit', value: true }] });
    const address = probed(lan);
    lan.handle({ kind: 'forget', address });
    t.equal(typeOf(lan.select(address, OTHER)), MessageType.ack);
    lan.handle({ kind: 'probed', address, inUse: false });
    t.notOk(probed(lan).equals(address));
    t.equal(lan.at(address)?.clientKey, '01020000000002');
    t.end();
  });
});

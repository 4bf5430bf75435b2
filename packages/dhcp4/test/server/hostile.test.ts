import { fromHex } from '@router7/wire';
import fc from 'fast-check';
import t from 'tap';
import { MessageType, type Option } from '../../src/index.ts';
import { CONFIG, ip, NOBODY, request, SimulatedLan, SUBNET, typeOf, withSubnet } from './simulated-lan.ts';

t.test('what is no request is counted and dropped', (t) => {
  const lan = new SimulatedLan();
  const discover = request(MessageType.discover, {});
  const reply = discover.slice();
  reply[0] = 2;
  const bootp = request(MessageType.discover, {});
  bootp.set(fromHex('ff0000'), 240);
  const noCookie = discover.slice();
  noCookie[236] = 0;
  const rows: [name: string, payload: Uint8Array, reason: string][] = [
    ['nothing', new Uint8Array(0), 'malformed'],
    ['half a header', discover.slice(0, 100), 'malformed'],
    ['no magic cookie', noCookie, 'malformed'],
    ['a reply', reply, 'not-a-request'],
    ['BOOTP', bootp, 'bootp'],
    ['DHCPOFFER', request(MessageType.offer, {}), 'unexpected-type'],
    ['DHCPACK', request(MessageType.ack, {}), 'unexpected-type'],
    ['DHCPFORCERENEW', request(MessageType.forceRenew, {}), 'unexpected-type'],
    ['type 0', request(0, {}), 'unexpected-type'],
    ['type 255', request(255, {}), 'unexpected-type'],
    ['an identifier of 300 octets', request(1, { clientIdentifier: new Uint8Array(300) }), 'malformed'],
  ];
  for (const [name, payload, reason] of rows) {
    t.same(lan.handle({ kind: 'datagram', payload, source: NOBODY }), [{ kind: 'discarded', reason }], name);
  }
  t.equal(lan.table.size, 0);
  t.end();
});

t.test('the engine keeps nothing of the datagram’s octets', (t) => {
  const lan = new SimulatedLan({ ...CONFIG, probe: true });
  const who = { from: '02:00:00:00:00:07', clientIdentifier: Uint8Array.of(0xff, 1, 2, 3) };
  const payload = request(MessageType.discover, who);
  lan.handle({ kind: 'datagram', payload, source: NOBODY });
  payload.fill(0xee);
  lan.advance(500);
  const offer = lan.reply();
  t.same(offer?.message.chaddr, Uint8Array.of(2, 0, 0, 0, 0, 7));
  const address = offer!.message.yiaddr;
  const second = request(MessageType.request, {
    ...who,
    options: [
      { kind: 'serverIdentifier', value: CONFIG.serverIdentifier },
      { kind: 'requestedIpAddress', value: address },
      { kind: 'hostName', value: 'laptop' },
    ],
  });
  lan.handle({ kind: 'datagram', payload: second, source: NOBODY });
  second.fill(0xee);
  t.match(lan.at(address), {
    hardwareAddress: Uint8Array.of(2, 0, 0, 0, 0, 7),
    clientIdentifier: Uint8Array.of(0xff, 1, 2, 3),
    hostName: 'laptop',
  });
  t.same(lan.reply()?.send.hardwareAddress, Uint8Array.of(2, 0, 0, 0, 0, 7));
  t.end();
});

t.test('several payloads of one call are all valid until the next', (t) => {
  const lan = new SimulatedLan({ ...CONFIG, probe: true });
  for (let i = 0; i < 4; i++) lan.send(MessageType.discover, { xid: i, chaddr: Uint8Array.of(2, 0, 0, 0, 1, i) });
  lan.now += 500;
  lan.engine.handle({ kind: 'timeout' }, lan.now);
  const payloads: Uint8Array[] = [];
  for (let output = lan.engine.poll(); output !== undefined; output = lan.engine.poll()) {
    if (output.kind === 'send') payloads.push(output.payload);
  }
  t.same(
    payloads.map((payload) => payload[7]),
    [0, 1, 2, 3],
  );
  t.end();
});

/** DHCPDISCOVERs from hosts that there are not, a new one each time. */
function flood(lan: SimulatedLan, count: number, options: readonly Option[] = []): void {
  for (let i = 0; i < count; i++) {
    made++;
    const chaddr = Uint8Array.of(2, 1, made >>> 24, made >>> 16, made >>> 8, made);
    lan.handle({ kind: 'datagram', payload: request(MessageType.discover, { chaddr, options }), source: NOBODY });
    lan.now += 1;
  }
}
let made = 0;

t.test('a flood of DHCPDISCOVERs from made-up addresses keeps no client out', async (t) => {
  t.test('clients of all kinds while it lasts, and nothing of it after', (t) => {
    const lan = new SimulatedLan(withSubnet({}, { offerHoldMs: 10_000 }));
    const known = lan.lease({ from: '02:00:00:00:00:01' });
    lan.release(known, { from: '02:00:00:00:00:01' });
    const bound = lan.lease({ from: '02:00:00:00:00:02' });
    flood(lan, 5000);
    t.equal(lan.table.size, 2, 'nobody was forgotten');
    t.ok(lan.lease({ from: '02:00:00:00:00:03' }), 'a new client');
    flood(lan, 100);
    t.ok(lan.lease({ from: '02:00:00:00:00:01' }).equals(known), 'one that was here before has its address again');
    flood(lan, 100);
    t.equal(typeOf(lan.renew(bound, { from: '02:00:00:00:00:02' })), MessageType.ack);
    lan.advance(10_000);
    for (const address of [known, bound]) t.equal(lan.at(address)?.state, 'bound', 'what is bound stays so');
    t.equal(lan.engine.activeLeases, 3);
    lan.advance(1200_000);
    t.equal(lan.engine.deadline(), undefined, 'nothing is left of it');
    t.end();
  });

  t.test('a client that waits for better offers', (t) => {
    const lan = new SimulatedLan();
    const early = lan.discover({ from: '02:00:00:00:00:01' }).message.yiaddr;
    flood(lan, 5000);
    t.equal(typeOf(lan.select(early, { from: '02:00:00:00:00:01' })), MessageType.ack, 'offered before the flood');
    const late = lan.discover({ from: '02:00:00:00:00:02' }).message.yiaddr;
    flood(lan, 5000);
    t.equal(typeOf(lan.select(late, { from: '02:00:00:00:00:02' })), MessageType.ack, 'offered while it lasts');
    t.notOk(late.equals(early));
    t.end();
  });

  for (const pools of [SUBNET.pools, [{ first: ip('192.168.42.10'), last: ip('192.168.42.239') }]]) {
    t.test(`with probes, ${pools[0]?.first} to ${pools[0]?.last}`, (t) => {
      const lan = new SimulatedLan(withSubnet({ pools }, { probe: true }));
      const wish: Option[] = [{ kind: 'requestedIpAddress', value: ip('192.168.42.12') }];
      flood(lan, 1000, wish);
      const { yiaddr } = lan.discover({ from: '02:00:00:00:00:01' }).message;
      flood(lan, 1000, wish);
      t.equal(typeOf(lan.select(yiaddr)), MessageType.ack);
      lan.advance(60_000);
      t.equal(lan.at(yiaddr)?.clientKey, '01020000000001', 'the probes that ended since took nothing away');
      t.equal(lan.table.size, 1);
      t.end();
    });
  }

  t.test('two clients that are offered one address: the first to take it has it', (t) => {
    const lan = new SimulatedLan(withSubnet({ pools: [{ first: ip('192.168.42.10'), last: ip('192.168.42.10') }] }));
    const [one, other] = [{ from: '02:00:00:00:00:01' }, { from: '02:00:00:00:00:02' }];
    const address = lan.discover(one).message.yiaddr;
    t.ok(lan.discover(other).message.yiaddr.equals(address));
    t.equal(typeOf(lan.select(address, one)), MessageType.ack);
    t.equal(typeOf(lan.select(address, other)), MessageType.nak);
    t.equal(lan.send(MessageType.discover, other), undefined);
    t.equal(lan.discarded, 'no-free-address', 'what is bound is never taken away');
    t.end();
  });
});

t.test('random and mutated datagrams never make the engine throw', (t) => {
  const lan = new SimulatedLan({ ...CONFIG, probe: true, rapidCommit: true, subnetSelection: true });
  const address = ip('192.168.42.12');
  const options: Option[] = [
    { kind: 'parameterRequestList', value: [1, 3, 6, 12, 15, 119] },
    { kind: 'requestedIpAddress', value: address },
    { kind: 'hostName', value: 'laptop' },
    { kind: 'maximumDhcpMessageSize', value: 600 },
    { kind: 'relayAgentInformation', value: [{ kind: 'linkSelection', value: address }] },
    { kind: 'clientFqdn', value: { flags: 4, rcode1: 0, rcode2: 0, name: 'a.b.' } },
  ];
  const seeds = [1, 3, 4, 7, 8].flatMap((type) => [
    request(type, { options, clientIdentifier: Uint8Array.of(1, 2, 3) }),
    request(type, { options, giaddr: ip('192.168.42.2') }),
    request(type, { ciaddr: address, options: options.slice(2) }),
  ]);
  const mutated = fc
    .tuple(fc.constantFrom(...seeds), fc.array(fc.tuple(fc.nat(330), fc.nat(255)), { maxLength: 8 }), fc.nat(400))
    .map(([seed, changes, length]) => {
      const bytes = seed.slice(0, Math.max(length, 200));
      for (const [at, octet] of changes) if (at < bytes.length) bytes[at] = octet;
      return bytes;
    });
  fc.assert(
    fc.property(
      fc.oneof({ weight: 1, arbitrary: fc.uint8Array({ maxLength: 600 }) }, { weight: 9, arbitrary: mutated }),
      (payload) => {
        lan.now += 37;
        lan.handle({ kind: 'datagram', payload, source: payload.length % 2 === 0 ? NOBODY : address });
        const deadline = lan.engine.deadline();
        return lan.table.size <= 10 && (deadline === undefined || deadline > lan.now);
      },
    ),
    { numRuns: 3000 },
  );
  t.end();
});

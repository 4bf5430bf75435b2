/** Reconfigure with the reconfiguration key: RFC 9915 sections 16.11, 18.2.11, 20.3, 20.4 (D6C-17). */
import { createHmac } from 'node:crypto';
import t from 'tap';
import { MessageType } from '../../src/message-type.ts';
import type { Option } from '../../src/option.ts';
import { ip, OTHER_SERVER, SERVER, SimulatedClient, serverOf } from './simulated-client.ts';

const KEY = Uint8Array.from({ length: 16 }, (_, i) => i + 1);
const hmacMd5 = (key: Uint8Array, octets: Uint8Array): Uint8Array => createHmac('md5', key).update(octets).digest();

function authentication(type: number, value: Uint8Array, replay: bigint): Option {
  return {
    kind: 'authentication',
    value: {
      protocol: 3,
      algorithm: 1,
      replayDetectionMethod: 0,
      replayDetection: replay,
      information: Uint8Array.of(type, ...value),
    },
  };
}

/** A bound client that has been given the key. */
function keyed(options: { readonly hmac?: boolean } = {}): SimulatedClient {
  const surroundings = options.hmac === false ? {} : { hmacMd5 };
  const client = new SimulatedClient({}, surroundings);
  return client.acquire({ options: [authentication(1, KEY, 5n)] }).forget();
}

/** A signed Reconfigure. */
function reconfigure(
  client: SimulatedClient,
  type: number,
  replay: bigint,
  parts: {
    readonly key?: Uint8Array;
    readonly server?: Uint8Array;
    readonly plain?: boolean;
    readonly behind?: boolean;
  } = {},
): Uint8Array {
  const message: Option = { kind: 'reconfigureMessage', value: type };
  const signature = parts.plain === true ? [] : [authentication(2, new Uint8Array(16), replay)];
  const payload = client.reply({
    type: MessageType.reconfigure,
    transactionId: 0,
    pd: [],
    server: parts.server ?? SERVER,
    options: parts.behind === true ? [...signature, message] : [message, ...signature],
  });
  if (parts.plain !== true) {
    const digest = hmacMd5(parts.key ?? KEY, payload);
    // The digest stands at the end of the message, or before the option of five octets behind it.
    payload.set(digest, payload.length - 16 - (parts.behind === true ? 5 : 0));
  }
  return payload;
}

t.test('D6C-17: Renew, Rebind and Information-request on demand', async (t) => {
  for (const type of [MessageType.renew, MessageType.rebind, MessageType.informationRequest]) {
    for (const behind of [false, true]) {
      const client = keyed();
      client.deliver(reconfigure(client, type, 6n, { behind }), 547, ip('fe80::2'));
      t.strictSame(client.discarded(), []);
      t.equal(client.last().messageType, type);
      if (type === MessageType.informationRequest) t.strictSame(serverOf(client.last()), SERVER, 'to who has asked');
      t.equal(client.outputs('received')[0]?.messageType, MessageType.reconfigure);
    }
  }
});

t.test('D6C-17: a Reply to what was demanded is as good as any', async (t) => {
  const client = keyed();
  client.deliver(reconfigure(client, MessageType.renew, 6n));
  client.answer();
  t.strictSame(client.changes(), ['renew']);
  client.deliver(reconfigure(client, MessageType.informationRequest, 7n));
  client.answer({ pd: [], options: [{ kind: 'dnsServers', value: [ip('2001:db8::99')] }] });
  t.strictSame(client.changes(), ['renew', 'information']);
  t.strictSame(client.configuration.dnsServers.map(String), ['2001:db8::99']);
  t.strictSame(client.prefixes(), ['2001:db8:1::/56']);
  t.equal(client.step(), 1800_000, 'and T1 is next, not another Information-request');
});

t.test('D6C-17: what is not authentic, or has been there before, is dropped', async (t) => {
  const rows: [string, (client: SimulatedClient) => Uint8Array, ReturnType<typeof ip>?][] = [
    ['not-authentic', (client) => reconfigure(client, MessageType.renew, 6n, { plain: true })],
    ['not-authentic', (client) => reconfigure(client, MessageType.renew, 6n, { key: new Uint8Array(16) })],
    ['not-authentic', (client) => reconfigure(client, MessageType.renew, 6n, { server: OTHER_SERVER })],
    ['not-authentic', (client) => reconfigure(client, MessageType.renew, 6n), ip('ff02::1')],
    ['replayed', (client) => reconfigure(client, MessageType.renew, 5n)],
    ['replayed', (client) => reconfigure(client, MessageType.renew, 0n)],
    ['unexpected-type', (client) => reconfigure(client, MessageType.solicit, 6n)],
  ];
  for (const [reason, payload, destination] of rows) {
    const client = keyed();
    client.deliver(payload(client), 547, destination);
    t.strictSame(client.discarded(), [reason]);
    t.equal(client.sent().length, 0);
  }
  const tampered = keyed();
  const payload = reconfigure(tampered, MessageType.renew, 6n);
  for (let i = 4; i < payload.length; i++) {
    const other = payload.slice();
    other[i] = (other[i] as number) ^ 1;
    tampered.deliver(other);
  }
  t.equal(tampered.sent().length, 0, 'not with any octet changed');
  const again = keyed();
  const once = reconfigure(again, MessageType.informationRequest, 6n);
  again.deliver(once);
  again.answer({ pd: [] });
  again.deliver(once);
  t.strictSame(again.discarded(), ['replayed']);
});

t.test('D6C-17: a Reply that has the key again makes no old Reconfigure new (RFC 9915 20.3)', async (t) => {
  const client = keyed();
  const once = reconfigure(client, MessageType.renew, 6n);
  client.deliver(once);
  client.answer({ options: [authentication(1, KEY, 5n)] });
  client.deliver(once);
  t.strictSame(client.discarded(), ['replayed']);
});

t.test('D6C-17: nor is another one heeded while parameters are asked for (RFC 9915 18.2.11)', async (t) => {
  const client = keyed();
  client.deliver(reconfigure(client, MessageType.informationRequest, 6n));
  client.deliver(reconfigure(client, MessageType.renew, 7n));
  t.strictSame(client.discarded(), ['busy']);
  t.equal(client.engine.state, 'bound');
});

t.test('D6C-17: a client that starts anew knows the key, and what was there (RFC 9915 20.4.3)', async (t) => {
  const before = keyed();
  const once = reconfigure(before, MessageType.renew, 6n);
  before.deliver(once);
  const kinds = before.log.slice(-4).map(({ output }) => output.kind);
  t.ok(kinds.indexOf('reconfigureKey') < kinds.indexOf('send'), 'told before anything follows from it');
  const reconfigureKey = before.outputs('reconfigureKey').at(-1)?.key;
  t.match(reconfigureKey, { serverIdentifier: SERVER, key: KEY, replayDetection: 6n });
  if (reconfigureKey === undefined) return;
  const client = new SimulatedClient({}, { hmacMd5, reconfigureKey }).acquire().forget();
  client.deliver(once);
  t.strictSame(client.discarded(), ['replayed']);
  client.deliver(reconfigure(client, MessageType.renew, 7n));
  t.equal(client.engine.state, 'renewing');
  t.equal(client.outputs('reconfigureKey').at(-1)?.key.replayDetection, 7n);
});

t.test('D6C-17: a server that asks to be asked, and is silent then, is not asked for ever', async (t) => {
  const client = keyed();
  client.deliver(reconfigure(client, MessageType.informationRequest, 6n));
  for (let count = 0; count < 10; count++) client.advance(2_400_000);
  client.acquire({ options: [authentication(1, KEY, 6n)] }).forget();
  client.deliver(reconfigure(client, MessageType.renew, 7n));
  t.strictSame(client.discarded(), []);
  t.equal(client.engine.state, 'renewing');
});

t.test('D6C-17: while an exchange goes on, others are discarded', async (t) => {
  const client = keyed();
  client.deliver(reconfigure(client, MessageType.renew, 6n));
  client.deliver(reconfigure(client, MessageType.rebind, 7n));
  client.deliver(reconfigure(client, MessageType.renew, 8n));
  t.strictSame(client.discarded(), ['busy', 'busy']);
  t.equal(client.sent().length, 1);
});

t.test('D6C-17: without a key, or the means to check one, nobody reconfigures this client', async (t) => {
  const keyless = new SimulatedClient({}, { hmacMd5 }).acquire();
  keyless.deliver(reconfigure(keyless, MessageType.renew, 6n));
  t.strictSame(keyless.discarded(), ['not-authentic']);
  const plain = keyed({ hmac: false });
  plain.deliver(reconfigure(plain, MessageType.renew, 6n));
  t.strictSame(plain.discarded(), ['not-authentic']);
  for (const [client, accepts] of [
    [keyless, true],
    [plain, false],
  ] as const) {
    client.step();
    t.equal(
      client.last().options.some(({ kind }) => kind === 'reconfigureAccept'),
      accepts,
    );
  }
});

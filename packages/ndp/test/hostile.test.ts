/** Whatever the octets are, only a DecodeError comes out, and what decodes means the same when encoded again. */
import { readdirSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { decodeFrame, readCapture } from '@router7/pcap';
import { DecodeError, Ipv6Address, MacAddress } from '@router7/wire';
import fc from 'fast-check';
import t from 'tap';
import {
  counterAdvertisement,
  decodeMessage,
  defaultHostConfig,
  encodeMessage,
  HostEngine,
  type Message,
  messageFault,
  type Option,
} from '../src/index.ts';
import { ip, joined, solicitationHeader } from './golden.ts';
import { optionTables } from './options/tables.ts';

const FIXTURES = new URL('fixtures/', import.meta.url);

/** Messages to be broken: those of the captures, and all golden and malformed options in single messages. */
const seeds: Uint8Array[] = readdirSync(FIXTURES)
  .filter((file) => file.endsWith('.pcap'))
  .flatMap((file) =>
    [...readCapture(readFileSync(new URL(file, FIXTURES)))].flatMap((record) => {
      const payload = record.kind === 'packet' ? decodeFrame(record.bytes).ipv6?.payload : undefined;
      return payload === undefined ? [] : [payload];
    }),
  );
for (const { golden, malformed } of optionTables) {
  for (const { bytes } of [...golden, ...malformed]) seeds.push(joined(solicitationHeader, bytes));
}

const change = fc.tuple(fc.nat(200), fc.oneof(fc.constantFrom(0, 1, 2, 3, 31, 38, 144, 0xff), fc.nat(255)));
const mutated = fc
  .tuple(fc.constantFrom(...seeds), fc.array(change, { minLength: 1, maxLength: 6 }), fc.option(fc.nat(400)))
  .map(([seed, changes, cut]) => {
    const bytes = seed.slice(0, cut === null ? seed.length : cut % (seed.length + 1));
    for (const [at, octet] of changes) if (at < bytes.length) bytes[at] = octet;
    return bytes;
  });
/** Random octets behind a type and options of sensible lengths, so that they get as far as the options' shapes. */
const made = fc
  .tuple(
    fc.constantFrom(133, 134, 135, 136, 137),
    fc.array(
      fc
        .tuple(
          fc.constantFrom(1, 2, 3, 4, 5, 14, 24, 25, 26, 31, 37, 38, 144, 148),
          fc.integer({ min: 1, max: 6 }),
          fc.infiniteStream(fc.nat(255)),
        )
        .map(([code, units, octets]) => Uint8Array.from([code, units, ...octets.take(units * 8 - 2)])),
      { maxLength: 4 },
    ),
  )
  .map(([type, options]) => {
    const length = { 133: 8, 134: 16, 135: 24, 136: 24, 137: 40 }[type] ?? 8;
    return joined(
      Uint8Array.from({ length }, (_, i) => (i === 0 ? type : 0)),
      ...options,
    );
  });
const hostile = fc.oneof(mutated, made, fc.uint8Array({ maxLength: 120 }));

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

t.test('random and mutated messages', async (t) => {
  let decoded = 0;
  const kinds = new Set<string>();
  fc.assert(
    fc.property(hostile, (bytes) => {
      const message = attempt(() => decodeMessage(bytes));
      if (message === undefined) return true;
      decoded++;
      for (const { kind } of message.options) kinds.add(kind);
      messageFault(message, { hopLimit: 255, source: ip('fe80::1'), destination: ip('ff02::1') });
      const encoded = encodeMessage(message);
      const again = decodeMessage(encoded);
      return isDeepStrictEqual(again, message) && isDeepStrictEqual(encodeMessage(again), encoded);
    }),
    { numRuns: 6000 },
  );
  t.ok(decoded > 1000, `${decoded} of them decode`);
  t.ok(kinds.size > 10, `with options of ${kinds.size} kinds`);
});

t.test('what is encoded comes back', async () => {
  const plain = { noNullPrototype: true } as const;
  const seconds = fc.nat(0xffff_ffff);
  const octets = fc.array(fc.nat(0xff), { minLength: 6, maxLength: 6 }).map((values) => Uint8Array.from(values));
  const address = fc.bigInt(0n, (1n << 128n) - 1n).map((value) => new Ipv6Address(value));
  const addresses = fc.array(address, { minLength: 1, maxLength: 4 });
  const label = fc.stringMatching(/^[a-z0-9]{1,20}$/);
  const name = fc.array(label, { minLength: 1, maxLength: 5 }).map((labels) => labels.join('.'));
  const option: fc.Arbitrary<Option> = fc.oneof(
    octets.map((value): Option => ({ kind: 'sourceLinkLayerAddress', value })),
    seconds.map((value): Option => ({ kind: 'mtu', value })),
    fc.record({ lifetimeSeconds: seconds, addresses }, plain).map((value): Option => ({ kind: 'rdnss', value })),
    fc
      .record({ lifetimeSeconds: seconds, domainNames: fc.array(name, { minLength: 1, maxLength: 5 }) }, plain)
      .map((value): Option => ({ kind: 'dnssl', value })),
    fc
      .record(
        {
          servicePriority: fc.nat(0xffff),
          lifetimeSeconds: seconds,
          authenticationDomainName: name,
          service: fc.option(fc.record({ addresses, parameters: fc.uint8Array({ maxLength: 40 }) }, plain), {
            nil: undefined,
          }),
        },
        plain,
      )
      .map((value): Option => ({ kind: 'encryptedDns', value })),
    fc.webUrl().map((value): Option => ({ kind: 'captivePortal', value })),
  );
  fc.assert(
    fc.property(fc.array(option, { maxLength: 8 }), (options) => {
      const message: Message = { kind: 'neighborSolicitation', targetAddress: ip('fe80::1'), options };
      const bytes = encodeMessage(message);
      return bytes.length % 8 === 0 && isDeepStrictEqual(decodeMessage(bytes), message);
    }),
    { numRuns: 300 },
  );
});

t.test('a host hears anything without harm', async (t) => {
  const config = { ...defaultHostConfig(MacAddress.zero), expectedRouters: [] };
  const engine = new HostEngine(config, { random: () => 0 });
  let now = 0;
  const kinds = new Set<string>();
  fc.assert(
    fc.property(hostile, fc.nat(100_000), (payload, pause) => {
      now += pause;
      const bytes = payload.slice();
      if (bytes.length > 0) bytes[0] = 134;
      const packet = { source: ip('fe80::1'), destination: ip('ff02::1'), hopLimit: 255 };
      engine.handle({ kind: 'packet', payload: bytes, ...packet }, now);
      for (let output = engine.poll(); output !== undefined; output = engine.poll()) {
        if (output.kind === 'rogue') encodeMessage(counterAdvertisement(output.advertisement));
        kinds.add(output.kind);
      }
      return (engine.deadline() ?? now + 1) > now;
    }),
    { numRuns: 3000 },
  );
  for (const kind of ['learned', 'lost', 'rogue', 'discarded', 'flags']) t.ok(kinds.has(kind), kind);
});

import t from 'tap';
import { optionRegistry } from '../src/index.ts';
import { codecByCode, codecByName } from '../src/option-codec.ts';
import { optionTables } from './options/tables.ts';

t.test('the registry has each type once, in order', async (t) => {
  const codes = optionRegistry.map(({ code }) => code);
  t.strictSame(
    codes,
    [...new Set(codes)].toSorted((a, b) => a - b),
  );
  // IANA has not assigned 148, which is an option of DHCPv6 (RFC 9686).
  t.notOk(codes.includes(148));
  t.equal(optionRegistry.find(({ code }) => code === 144)?.ianaName, 'Encrypted DNS Option');
});

t.test('every option with a type of its own is registered, under one code and one name', async (t) => {
  t.equal(codecByCode.size, codecByName.size);
  t.strictSame(
    optionRegistry.flatMap(({ name }) => name ?? []),
    [...codecByName.keys()],
  );
});

for (const [name, { code }] of codecByName) {
  t.test(`${code} ${name} has a golden row`, async (t) => {
    const rows = optionTables.flatMap(({ golden }) => golden).filter(({ option }) => option.kind === name);
    t.ok(rows.length > 0, 'a golden row');
    t.ok(
      rows.every(({ bytes }) => bytes[0] === code),
      'of its type',
    );
  });
}

import { optionValue, optionValues } from '@router7/ndp';
import { test } from 'tap';

test('options are found by name, the first or all of them', async (t) => {
  const message = {
    kind: 'routerSolicitation',
    options: [
      { kind: 'mtu', value: 1500 },
      { kind: 'raw', code: 200, data: new Uint8Array(6) },
      { kind: 'mtu', value: 1280 },
    ],
  } as const;
  t.equal(optionValue(message, 'mtu'), 1500);
  t.strictSame(optionValues(message, 'mtu'), [1500, 1280]);
  t.equal(optionValue(message, 'nonce'), undefined);
  t.strictSame(optionValues(message, 'nonce'), []);
});

import t from 'tap';
import { clientKey, decodeMessage, isRandomizedMac } from '../../src/index.ts';
import { identifierKey } from '../../src/server/client-key.ts';
import { mac, request } from './simulated-lan.ts';

t.test('D4S-12 who a message is from', (t) => {
  const key = (wanted: Parameters<typeof request>[1]): string => clientKey(decodeMessage(request(1, wanted)));
  t.equal(key({ from: '02:00:00:ab:cd:ef' }), '01020000abcdef');
  t.equal(key({ from: '02:00:00:ab:cd:ef', clientIdentifier: Uint8Array.of(0xff, 0, 1, 2) }), 'ff000102');
  t.equal(key({ clientIdentifier: Uint8Array.of(1, 2, 0, 0, 0xab, 0xcd, 0xef) }), '01020000abcdef', 'RFC 2132 9.14');
  t.not(key({ from: '02:00:00:ab:cd:ef', htype: 6 }), key({ from: '02:00:00:ab:cd:ef' }), 'the hardware type counts');
  t.equal(key({ chaddr: new Uint8Array(0) }), '');
  t.equal(identifierKey(new Uint8Array(0)), '');
  t.end();
});

t.test('D4S-28 hardware addresses that a device has made up', (t) => {
  const rows: [address: string, randomized: boolean][] = [
    ['02:00:00:00:00:01', true],
    ['da:a1:19:00:00:01', true],
    ['fe:ff:ff:ff:ff:ff', true],
    ['00:09:bf:12:34:56', false],
    ['03:00:00:00:00:01', false],
    ['ff:ff:ff:ff:ff:ff', false],
  ];
  for (const [address, randomized] of rows) t.equal(isRandomizedMac(mac(address).toBytes()), randomized, address);
  t.equal(isRandomizedMac(new Uint8Array(0)), false);
  t.equal(isRandomizedMac(new Uint8Array(8).fill(2)), false);
  t.end();
});

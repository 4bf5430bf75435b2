import { fromHex, toHex } from '@router7/wire';
import t from 'tap';
import { decodeFec, encodeFec, type FecMode, parseFecMode } from '../../src/system/ethtool.ts';
import { decodeGeneric, encodeGeneric } from '../../src/system/genetlink.ts';
import { decodeAttributes } from '../../src/system/rtnetlink-attributes.ts';

/** As ethtool 6.1 sends them for `--set-fec`, but that it names the interface instead of giving its number. */
const HEADER = '0c00 0180 0800 0100 03000000                  ETHTOOL_A_FEC_HEADER { ETHTOOL_A_HEADER_DEV_INDEX }';
const GOLDEN: readonly { readonly mode: FecMode; readonly hex: string }[] = [
  {
    mode: 'rs',
    hex: `1800 0280 0400 0100                         ETHTOOL_A_FEC_MODES { ETHTOOL_A_BITSET_NOMASK
          1000 0380 0c00 0180 0700 0200 525300 00     ETHTOOL_A_BITSET_BITS { BIT { NAME } } }
          0500 0300 00 000000                         ETHTOOL_A_FEC_AUTO`,
  },
  {
    mode: 'baser',
    hex: `1c00 0280 0400 0100
          1400 0380 1000 0180 0a00 0200 424153455200 0000
          0500 0300 00 000000`,
  },
  {
    mode: 'llrs',
    hex: `1c00 0280 0400 0100
          1400 0380 1000 0180 0900 0200 4c4c525300 000000
          0500 0300 00 000000`,
  },
  {
    mode: 'off',
    hex: `1c00 0280 0400 0100
          1400 0380 1000 0180 0900 0200 4e6f6e6500 000000
          0500 0300 00 000000`,
  },
  {
    mode: 'auto',
    hex: `0c00 0280 0400 0100
          0400 0380
          0500 0300 01 000000`,
  },
];

t.test('forward error correction, as ethtool writes it', (t) => {
  for (const { mode, hex } of GOLDEN) {
    const expected = octets(`${HEADER}\n${hex}`);
    t.equal(toHex(encodeFec(3, mode)), toHex(expected), mode);
    // The kernel answers in the same form.
    t.same([...decodeFec(decodeAttributes(expected))], [mode], `${mode} is read`);
  }
  t.equal(toHex(encodeFec(3, undefined)), toHex(octets(HEADER)), 'the question');
  t.same([...decodeFec(new Map())], [], 'a card that says nothing');
  t.end();
});

t.test('NC-01 the words of interfaces.json, in any case', (t) => {
  const words = ['RS', 'baser', 'OFF', 'None', 'llrs', 'Auto', 'fire', ''];
  t.same(words.map(parseFecMode), ['rs', 'baser', 'off', 'off', 'llrs', 'auto', undefined, undefined]);
  t.equal(parseFecMode('constructor'), undefined);
  t.end();
});

t.test('the header of generic netlink', (t) => {
  const message = encodeGeneric(30, octets(HEADER));
  t.equal(toHex(message.subarray(0, 4)), toHex(fromHex('1e 01 0000')));
  t.same([...decodeGeneric(message).keys()], [1]);
  t.end();
});

function octets(hex: string): Uint8Array {
  return fromHex(hex.replace(/ {2,}ETHTOOL.*$/gm, ''));
}

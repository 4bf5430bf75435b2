import fc from 'fast-check';
import t from 'tap';
import {
  Ipv4Address,
  Ipv6Address,
  internetChecksum,
  onesComplementSum,
  pseudoHeaderSumV4,
  pseudoHeaderSumV6,
} from '../src/index.ts';
import { hex } from './golden.ts';

t.test('RFC 1071 section 3: the sum of its example', async (t) => {
  t.equal(onesComplementSum(hex('0001 f203 f4f5 f6f7')), 0xddf2);
  t.equal(internetChecksum(hex('0001 f203 f4f5 f6f7')), 0x220d);
});

t.test('an IPv4 header', async (t) => {
  const header = '4500 001f 0000 4000 1011 CHECK c0a82a01 ffffffff';
  t.equal(internetChecksum(hex(header.replace('CHECK', '0000'))), 0x8025);
  t.equal(internetChecksum(hex(header.replace('CHECK', '8025'))), 0, '0 over a header that is right');
  t.not(internetChecksum(hex(header.replace('CHECK', '8026'))), 0);
});

t.test('edges', async (t) => {
  t.equal(internetChecksum(new Uint8Array(0)), 0xffff);
  t.equal(internetChecksum(hex('ffff')), 0);
  t.equal(internetChecksum(hex('ffff ffff')), 0, 'the end-around carry');
  t.equal(internetChecksum(hex('01')), 0xfeff, 'an odd octet counts as if a zero followed');
  t.equal(onesComplementSum(new Uint8Array(0x10_0000).fill(0xff)), 0xffff, 'a megabyte does not overflow');
});

t.test('pseudo-headers are the sums of their octets', async (t) => {
  const four = [Ipv4Address.parse('192.168.42.1'), Ipv4Address.broadcast] as const;
  t.equal(pseudoHeaderSumV4(...four, 17, 11), onesComplementSum(hex('c0a82a01 ffffffff 0011 000b')));
  const six = [Ipv6Address.parse('fe80::1'), Ipv6Address.parse('ff02::1:2')] as const;
  const octets = 'fe80000000000000 0000000000000001 ff02000000000000 0000000000010002';
  t.equal(pseudoHeaderSumV6(...six, 17, 11), onesComplementSum(hex(`${octets} 0000000b 00000011`)));
  t.equal(
    pseudoHeaderSumV6(...six, 58, 0x1234_5678),
    onesComplementSum(hex(`${octets} 12345678 0000003a`)),
    'a length of 32 bits',
  );
});

/** The definition, with numbers that cannot overflow. */
function reference(bytes: Uint8Array): number {
  let sum = 0n;
  for (let i = 0; i < bytes.length; i += 2) sum += BigInt((bytes[i] ?? 0) * 256 + (bytes[i + 1] ?? 0));
  while (sum > 0xffffn) sum = (sum >> 16n) + (sum & 0xffffn);
  return Number(0xffffn - sum);
}

t.test('equals its definition, in one piece or several', async () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(50), (bytes, at) => {
      const cut = Math.min(2 * at, bytes.length & ~1);
      const pieces = internetChecksum(bytes.subarray(cut), onesComplementSum(bytes.subarray(0, cut)));
      return internetChecksum(bytes) === reference(bytes) && pieces === reference(bytes);
    }),
  );
});

t.test('data with its checksum in it sums up to 0', async () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 4, maxLength: 100 }), (bytes) => {
      bytes.set([0, 0], 2);
      const checksum = internetChecksum(bytes);
      bytes.set([checksum >> 8, checksum & 0xff], 2);
      return internetChecksum(bytes) === 0;
    }),
  );
});

import type { EdnsOption } from '../src/index.ts';
import { hex } from './golden.ts';

/** An EDNS option and its octets. */
export interface GoldenOption {
  readonly name: string;
  readonly option: EdnsOption;
  readonly bytes: Uint8Array;
}

const raw = (code: number, data: string): EdnsOption => ({ kind: 'raw', code, data: hex(data) });

/** Every option with a form of its own, and what is kept as octets. */
export const goldenOptions: readonly GoldenOption[] = [
  { name: '3 NSID, asked for', option: { kind: 'nsid', value: hex('') }, bytes: hex('00 03 00 00') },
  { name: '3 NSID', option: { kind: 'nsid', value: hex('67 70') }, bytes: hex('00 03 00 02  67 70') },
  {
    name: '8 client subnet: 192.0.2.0/23',
    option: {
      kind: 'clientSubnet',
      value: { family: 1, sourcePrefixLength: 23, scopePrefixLength: 24, address: hex('c0 00 02') },
    },
    bytes: hex('00 08 00 07  00 01 17 18 c0 00 02'),
  },
  {
    name: '8 client subnet: nothing of an IPv6 address',
    option: {
      kind: 'clientSubnet',
      value: { family: 2, sourcePrefixLength: 0, scopePrefixLength: 0, address: hex('') },
    },
    bytes: hex('00 08 00 04  00 02 00 00'),
  },
  {
    name: '8 client subnet with a bit too many',
    option: raw(8, '00 01 17 00 c0 00 03'),
    bytes: hex('00 08 00 07  00 01 17 00 c0 00 03'),
  },
  {
    name: '8 client subnet with an octet too many',
    option: raw(8, '00 01 10 00 c0 00 00'),
    bytes: hex('00 08 00 07  00 01 10 00 c0 00 00'),
  },
  {
    name: '8 client subnet of 33 bits of IPv4',
    option: raw(8, '00 01 21 00 c0 00 02 00 00'),
    bytes: hex('00 08 00 09  00 01 21 00 c0 00 02 00 00'),
  },
  {
    name: '10 COOKIE of a client alone',
    option: { kind: 'cookie', value: { client: hex('01 02 03 04 05 06 07 08'), server: undefined } },
    bytes: hex('00 0a 00 08  01 02 03 04 05 06 07 08'),
  },
  {
    name: '10 COOKIE of both',
    option: { kind: 'cookie', value: { client: hex('01 02 03 04 05 06 07 08'), server: hex('aa'.repeat(32)) } },
    bytes: hex(`00 0a 00 28  01 02 03 04 05 06 07 08 ${'aa'.repeat(32)}`),
  },
  {
    name: '10 COOKIE with seven octets of a server',
    option: raw(10, '01'.repeat(15)),
    bytes: hex(`00 0a 00 0f ${'01'.repeat(15)}`),
  },
  { name: '11 keepalive of a client', option: { kind: 'tcpKeepalive', value: undefined }, bytes: hex('00 0b 00 00') },
  { name: '11 keepalive: 2 minutes', option: { kind: 'tcpKeepalive', value: 1200 }, bytes: hex('00 0b 00 02  04 b0') },
  { name: '11 keepalive of one octet', option: raw(11, '01'), bytes: hex('00 0b 00 01  01') },
  { name: '12 padding', option: { kind: 'padding', value: 3 }, bytes: hex('00 0c 00 03  00 00 00') },
  { name: '12 padding with something in it', option: raw(12, '00 01'), bytes: hex('00 0c 00 02  00 01') },
  {
    name: '15 extended error: stale answer',
    option: { kind: 'extendedError', value: { infoCode: 3, extraText: '' } },
    bytes: hex('00 0f 00 02  00 03'),
  },
  {
    name: '15 extended error with a text',
    option: { kind: 'extendedError', value: { infoCode: 23, extraText: 'ä' } },
    bytes: hex('00 0f 00 04  00 17 c3 a4'),
  },
  { name: '15 extended error that is no UTF-8', option: raw(15, '00 17 ff'), bytes: hex('00 0f 00 03  00 17 ff') },
  { name: '15 extended error of one octet', option: raw(15, '00'), bytes: hex('00 0f 00 01  00') },
  { name: 'an option that is not known', option: raw(65001, 'ff'), bytes: hex('fd e9 00 01  ff') },
];

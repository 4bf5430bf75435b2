import { ascii, DB8_1, hex, ip, type OptionTable } from '../golden.ts';

/** What client and server need to talk to each other: 1, 2, 6 to 8, 11 to 20, 32, 82, 83, 148. */
export const exchanges: OptionTable = {
  golden: [
    {
      name: '1 client identifier: DUID-LL',
      option: { kind: 'clientIdentifier', value: hex('00 03 00 01 02 00 73 53 00 01') },
      bytes: hex('00 01 00 0a  00 03 00 01 02 00 73 53 00 01'),
    },
    {
      name: '1 client identifier: of a type that is not defined, as fiber7 has it',
      option: { kind: 'clientIdentifier', value: hex('00 0a 00 03 00 01 4c 5e 0c 43 bf 39') },
      bytes: hex('00 01 00 0c  00 0a 00 03 00 01 4c 5e 0c 43 bf 39'),
    },
    {
      name: '1 client identifier: the shortest',
      option: { kind: 'clientIdentifier', value: hex('00 09 ff') },
      bytes: hex('00 01 00 03  00 09 ff'),
    },
    {
      name: '2 server identifier: the longest',
      option: { kind: 'serverIdentifier', value: hex(`00 02 00 00 01 37 ${'aa'.repeat(124)}`) },
      bytes: hex(`00 02 00 82  00 02 00 00 01 37 ${'aa'.repeat(124)}`),
    },
    {
      name: '6 option request',
      option: { kind: 'optionRequest', value: [23, 24, 82] },
      bytes: hex('00 06 00 06  00 17 00 18 00 52'),
    },
    {
      name: '6 option request for nothing',
      option: { kind: 'optionRequest', value: [] },
      bytes: hex('00 06 00 00'),
    },
    { name: '7 preference', option: { kind: 'preference', value: 255 }, bytes: hex('00 07 00 01  ff') },
    { name: '8 elapsed time', option: { kind: 'elapsedTime', value: 65535 }, bytes: hex('00 08 00 02  ff ff') },
    {
      name: '11 authentication: reconfiguration key',
      option: {
        kind: 'authentication',
        value: {
          protocol: 3,
          algorithm: 1,
          replayDetectionMethod: 0,
          replayDetection: 0x0102_0304_0506_0708n,
          information: hex(`01 ${'5a'.repeat(16)}`),
        },
      },
      bytes: hex(`
        00 0b 00 1c
        03 01 00                  // protocol, algorithm, RDM
        01 02 03 04 05 06 07 08   // replay detection
        01 ${'5a'.repeat(16)}     // type, key
      `),
    },
    {
      name: '11 authentication without information',
      option: {
        kind: 'authentication',
        value: {
          protocol: 2,
          algorithm: 0,
          replayDetectionMethod: 0,
          replayDetection: 0n,
          information: new Uint8Array(0),
        },
      },
      bytes: hex('00 0b 00 0b  02 00 00  00 00 00 00 00 00 00 00'),
    },
    {
      name: '12 server unicast',
      option: { kind: 'serverUnicast', value: ip('2001:db8::1') },
      bytes: hex(`00 0c 00 10 ${DB8_1}`),
    },
    {
      name: '13 status code',
      option: { kind: 'statusCode', value: { status: 6, message: 'no prefix' } },
      bytes: hex('00 0d 00 0b  00 06  6e 6f 20 70 72 65 66 69 78'),
    },
    {
      name: '13 status code without text',
      option: { kind: 'statusCode', value: { status: 0, message: '' } },
      bytes: hex('00 0d 00 02  00 00'),
    },
    {
      name: '13 status code whose text ends with a zero octet, which it must not',
      option: { kind: 'statusCode', value: { status: 1, message: 'no\0' } },
      bytes: hex('00 0d 00 05  00 01  6e 6f 00'),
    },
    { name: '14 rapid commit', option: { kind: 'rapidCommit', value: true }, bytes: hex('00 0e 00 00') },
    {
      name: '15 user class',
      option: { kind: 'userClass', value: [ascii('iPXE'), hex('')] },
      bytes: hex('00 0f 00 08  00 04 69 50 58 45  00 00'),
    },
    {
      name: '16 vendor class',
      option: { kind: 'vendorClass', value: { enterpriseNumber: 343, data: [ascii('HTTP'), hex('01')] } },
      bytes: hex('00 10 00 0d  00 00 01 57  00 04 48 54 54 50  00 01 01'),
    },
    {
      name: '16 vendor class without data',
      option: { kind: 'vendorClass', value: { enterpriseNumber: 40712, data: [] } },
      bytes: hex('00 10 00 04  00 00 9f 08'),
    },
    {
      name: '17 vendor options',
      option: {
        kind: 'vendorOptions',
        value: {
          enterpriseNumber: 4491,
          options: [
            { code: 1, data: hex('0a 0b') },
            { code: 65535, data: hex('') },
          ],
        },
      },
      bytes: hex('00 11 00 0e  00 00 11 8b  00 01 00 02 0a 0b  ff ff 00 00'),
    },
    {
      name: '19 reconfigure message: renew',
      option: { kind: 'reconfigureMessage', value: 5 },
      bytes: hex('00 13 00 01  05'),
    },
    { name: '20 reconfigure accept', option: { kind: 'reconfigureAccept', value: true }, bytes: hex('00 14 00 00') },
    {
      name: '32 information refresh time',
      option: { kind: 'informationRefreshTime', value: 86400 },
      bytes: hex('00 20 00 04  00 01 51 80'),
    },
    { name: '82 SOL_MAX_RT', option: { kind: 'solMaxRt', value: 3600 }, bytes: hex('00 52 00 04  00 00 0e 10') },
    { name: '83 INF_MAX_RT', option: { kind: 'infMaxRt', value: 60 }, bytes: hex('00 53 00 04  00 00 00 3c') },
    {
      name: '148 address registration enable',
      option: { kind: 'addressRegistrationEnable', value: true },
      bytes: hex('00 94 00 00'),
    },
  ],
  malformed: [
    { name: '1 without octets', bytes: hex('00 01 00 00'), code: 'bad-length' },
    { name: '1 with a type and nothing else', bytes: hex('00 01 00 02  00 01'), code: 'bad-length' },
    { name: '2 of 131 octets', bytes: hex(`00 02 00 83 ${'00'.repeat(131)}`), code: 'bad-length' },
    { name: '6 of an odd length', bytes: hex('00 06 00 03  00 17 00'), code: 'truncated' },
    { name: '7 of two octets', bytes: hex('00 07 00 02  00 ff'), code: 'leftover' },
    { name: '7 without an octet', bytes: hex('00 07 00 00'), code: 'truncated' },
    { name: '8 of one octet', bytes: hex('00 08 00 01  00'), code: 'truncated' },
    { name: '11 without replay detection', bytes: hex('00 0b 00 03  03 01 00'), code: 'truncated' },
    { name: '12 of four octets', bytes: hex('00 0c 00 04  c0 00 02 01'), code: 'truncated' },
    { name: '13 of one octet', bytes: hex('00 0d 00 01  00'), code: 'truncated' },
    { name: '13 with text that is not UTF-8', bytes: hex('00 0d 00 03  00 02 ff'), code: 'bad-value' },
    { name: '14 with an octet', bytes: hex('00 0e 00 01  01'), code: 'leftover' },
    { name: '15 without a class', bytes: hex('00 0f 00 00'), code: 'bad-length' },
    { name: '15 with a class that is cut off', bytes: hex('00 0f 00 03  00 02 41'), code: 'truncated' },
    { name: '16 without an enterprise number', bytes: hex('00 10 00 02  00 00'), code: 'truncated' },
    { name: '16 with data that is cut off', bytes: hex('00 10 00 05  00 00 01 57 00'), code: 'truncated' },
    {
      name: '17 with an option that is cut off',
      bytes: hex('00 11 00 09  00 00 11 8b  00 01 00 02 0a'),
      code: 'truncated',
    },
    { name: '17 with half an option', bytes: hex('00 11 00 06  00 00 11 8b  00 01'), code: 'truncated' },
    { name: '19 without a type', bytes: hex('00 13 00 00'), code: 'truncated' },
    { name: '20 with an octet', bytes: hex('00 14 00 01  00'), code: 'leftover' },
    { name: '32 of two octets', bytes: hex('00 20 00 02  00 01'), code: 'truncated' },
    { name: '82 of eight octets', bytes: hex('00 52 00 08  00 00 0e 10 00 00 0e 10'), code: 'leftover' },
    { name: '83 of three octets', bytes: hex('00 53 00 03  00 00 3c'), code: 'truncated' },
    { name: '148 with an octet', bytes: hex('00 94 00 01  01'), code: 'leftover' },
  ],
};

import { Ipv4Address, Ipv6Address } from '@router7/wire';
import type { ResourceRecord } from '../src/index.ts';
import { hex } from './golden.ts';

/** A record and the octets behind its owner. */
export interface GoldenRecord {
  readonly name: string;
  readonly record: ResourceRecord;
  /** From the type on. Names are not compressed: nothing comes before that has them. */
  readonly bytes: Uint8Array;
}

const OWNER = 'h';
const common = { name: OWNER, class: 1, ttlSeconds: 3600 } as const;
const IN = '00 01 00 00 0e 10';

/** Every type with data of a form of its own, and what is kept as octets. */
export const goldenRecords: readonly GoldenRecord[] = [
  {
    name: '1 A',
    record: { kind: 'a', ...common, value: Ipv4Address.parse('192.0.2.1') },
    bytes: hex(`00 01 ${IN} 00 04  c0 00 02 01`),
  },
  {
    name: '28 AAAA',
    record: { kind: 'aaaa', ...common, value: Ipv6Address.parse('2001:db8::1') },
    bytes: hex(`00 1c ${IN} 00 10  20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01`),
  },
  {
    name: '2 NS, its name compressed',
    record: { kind: 'ns', ...common, value: 'ns.h' },
    bytes: hex(`00 02 ${IN} 00 05  02 6e 73 c0 0c`),
  },
  {
    name: '5 CNAME: the root',
    record: { kind: 'cname', ...common, value: '.' },
    bytes: hex(`00 05 ${IN} 00 01  00`),
  },
  {
    name: '5 CNAME: a dot and an octet that is no text in a label',
    record: { kind: 'cname', ...common, value: 'a\\.b\\255' },
    bytes: hex(`00 05 ${IN} 00 06  04 61 2e 62 ff 00`),
  },
  {
    name: '12 PTR',
    record: { kind: 'ptr', ...common, value: 'Host.Lan' },
    bytes: hex(`00 0c ${IN} 00 0a  04 48 6f 73 74 03 4c 61 6e 00`),
  },
  {
    name: '39 DNAME, which is not compressed (RFC 6672 2.1)',
    record: { kind: 'dname', ...common, value: 'a.h' },
    bytes: hex(`00 27 ${IN} 00 05  01 61 01 68 00`),
  },
  {
    name: '6 SOA',
    record: {
      kind: 'soa',
      ...common,
      value: {
        primaryName: 'ns.h',
        responsibleName: 'john\\.doe.h',
        serial: 4294967295,
        refreshSeconds: 10800,
        retrySeconds: 3600,
        expireSeconds: 604800,
        minimumSeconds: 300,
      },
    },
    bytes: hex(`00 06 ${IN} 00 24
      02 6e 73 c0 0c                    // MNAME
      08 6a 6f 68 6e 2e 64 6f 65 c0 0c  // RNAME
      ff ff ff ff 00 00 2a 30 00 00 0e 10 00 09 3a 80 00 00 01 2c`),
  },
  {
    name: '15 MX',
    record: { kind: 'mx', ...common, value: { preference: 10, exchange: 'mx.h' } },
    bytes: hex(`00 0f ${IN} 00 07  00 0a 02 6d 78 c0 0c`),
  },
  {
    name: '33 SRV, which is not compressed (RFC 2782)',
    record: { kind: 'srv', ...common, value: { priority: 1, weight: 2, port: 853, target: 'dns.h' } },
    bytes: hex(`00 21 ${IN} 00 0d  00 01 00 02 03 55 03 64 6e 73 01 68 00`),
  },
  {
    name: '16 TXT: two strings, the second empty',
    record: { kind: 'txt', ...common, value: [hex('ff 00'), hex('')] },
    bytes: hex(`00 10 ${IN} 00 04  02 ff 00 00`),
  },
  {
    name: '16 TXT of class CHAOS',
    record: { kind: 'txt', ...common, class: 3, value: [hex('37')] },
    bytes: hex('00 10 00 03 00 00 0e 10 00 02  01 37'),
  },
  {
    name: '64 SVCB in AliasMode',
    record: { kind: 'svcb', ...common, value: { priority: 0, target: 'svc.h', parameters: [] } },
    bytes: hex(`00 40 ${IN} 00 09  00 00 03 73 76 63 01 68 00`),
  },
  {
    name: '65 HTTPS with every parameter of a form of its own',
    record: {
      kind: 'https',
      ...common,
      value: {
        priority: 1,
        target: '.',
        parameters: [
          { kind: 'mandatory', value: [1, 4] },
          { kind: 'alpn', value: ['h2', 'h3-19'] },
          { kind: 'noDefaultAlpn', value: true },
          { kind: 'port', value: 8443 },
          { kind: 'ipv4hint', value: [Ipv4Address.parse('192.0.2.1'), Ipv4Address.parse('192.0.2.2')] },
          { kind: 'ech', value: hex('00 02 fe 0d') },
          { kind: 'ipv6hint', value: [Ipv6Address.parse('2001:db8::1')] },
          { kind: 'dohpath', value: '/dns-query{?dns}' },
          { kind: 'ohttp', value: true },
          { kind: 'raw', key: 667, data: hex('68 65 6c 6c 6f') },
        ],
      },
    },
    bytes: hex(`00 41 ${IN} 00 6b  00 01 00
      00 00 00 04 00 01 00 04                            // mandatory
      00 01 00 09 02 68 32 05 68 33 2d 31 39             // alpn
      00 02 00 00                                        // no-default-alpn
      00 03 00 02 20 fb                                  // port
      00 04 00 08 c0 00 02 01 c0 00 02 02                // ipv4hint
      00 05 00 04 00 02 fe 0d                            // ech
      00 06 00 10 20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01
      00 07 00 10 2f 64 6e 73 2d 71 75 65 72 79 7b 3f 64 6e 73 7d
      00 08 00 00                                        // ohttp
      02 9b 00 05 68 65 6c 6c 6f                         // key667`),
  },
  {
    name: '65 HTTPS with parameters that are not as they should be: out of order, twice, empty, cut off, no text',
    record: {
      kind: 'https',
      ...common,
      value: {
        priority: 1,
        target: '.',
        parameters: [
          { kind: 'port', value: 443 },
          { kind: 'raw', key: 1, data: hex('') },
          { kind: 'raw', key: 1, data: hex('03 68 32') },
          { kind: 'raw', key: 1, data: hex('00') },
          { kind: 'raw', key: 1, data: hex('01 ff') },
          { kind: 'raw', key: 3, data: hex('01') },
          { kind: 'raw', key: 4, data: hex('c0 00 02') },
          { kind: 'raw', key: 2, data: hex('00') },
        ],
      },
    },
    bytes: hex(`00 41 ${IN} 00 30  00 01 00
      00 03 00 02 01 bb
      00 01 00 00
      00 01 00 03 03 68 32
      00 01 00 01 00
      00 01 00 02 01 ff
      00 03 00 01 01
      00 04 00 03 c0 00 02
      00 02 00 01 00`),
  },
  {
    name: '13 HINFO',
    record: { kind: 'hinfo', ...common, value: { cpu: 'RFC8482', os: '' } },
    bytes: hex(`00 0d ${IN} 00 09  07 52 46 43 38 34 38 32 00`),
  },
  {
    name: '17 RP',
    record: { kind: 'rp', ...common, value: { mbox: 'admin.h', txt: '.' } },
    bytes: hex(`00 11 ${IN} 00 0a  05 61 64 6d 69 6e 01 68 00  00`),
  },
  {
    name: '35 NAPTR',
    record: {
      kind: 'naptr',
      ...common,
      value: { order: 100, preference: 10, flags: 'S', services: 'SIP+D2U', regexp: '', replacement: 'sip.h' },
    },
    bytes: hex(`00 23 ${IN} 00 16  00 64 00 0a 01 53 07 53 49 50 2b 44 32 55 00 03 73 69 70 01 68 00`),
  },
  {
    name: '43 DS',
    record: { kind: 'ds', ...common, value: { keyTag: 60485, algorithm: 5, digestType: 1, digest: hex('2b b1 83') } },
    bytes: hex(`00 2b ${IN} 00 07  ec 45 05 01 2b b1 83`),
  },
  {
    name: '44 SSHFP',
    record: { kind: 'sshfp', ...common, value: { algorithm: 4, hash: 2, fingerprint: 'A0'.repeat(32) } },
    bytes: hex(`00 2c ${IN} 00 22  04 02 ${'a0'.repeat(32)}`),
  },
  {
    name: '46 RRSIG',
    record: {
      kind: 'rrsig',
      ...common,
      value: {
        typeCovered: 'UNKNOWN_65',
        algorithm: 13,
        labels: 1,
        originalTTL: 3600,
        expiration: 4000000000,
        inception: 1,
        keyTag: 65535,
        signersName: 'h',
        signature: hex('de ad'),
      },
    },
    bytes: hex(`00 2e ${IN} 00 17  00 41 0d 01 00 00 0e 10 ee 6b 28 00 00 00 00 01 ff ff 01 68 00 de ad`),
  },
  {
    name: '48 DNSKEY',
    record: { kind: 'dnskey', ...common, value: { flags: 257, algorithm: 13, key: hex('99 db') } },
    bytes: hex(`00 30 ${IN} 00 06  01 01 03 0d 99 db`),
  },
  {
    name: '52 TLSA',
    record: {
      kind: 'tlsa',
      ...common,
      value: { usage: 3, selector: 1, matchingType: 1, certificate: hex('d2 ab') },
    },
    bytes: hex(`00 34 ${IN} 00 05  03 01 01 d2 ab`),
  },
  {
    name: '257 CAA',
    record: { kind: 'caa', ...common, value: { flags: 128, issuerCritical: true, tag: 'issue', value: 'ca.h' } },
    bytes: hex(`01 01 ${IN} 00 0b  80 05 69 73 73 75 65 63 61 2e 68`),
  },
  {
    name: '47 NSEC: octets',
    record: { kind: 'raw', ...common, type: 47, data: hex('01 61 00 00 01 40') },
    bytes: hex(`00 2f ${IN} 00 06  01 61 00 00 01 40`),
  },
  {
    name: 'an unknown type (RFC 3597)',
    record: { kind: 'raw', ...common, type: 65280, data: hex('c0 0c ff') },
    bytes: hex(`ff 00 ${IN} 00 03  c0 0c ff`),
  },
  {
    name: 'an unknown type without data, of an unknown class',
    record: { kind: 'raw', ...common, type: 731, class: 32001, data: hex('') },
    bytes: hex('02 db 7d 01 00 00 0e 10 00 00'),
  },
  {
    name: 'class ANY, as updates have it (RFC 2136 2.4.1)',
    record: { kind: 'raw', name: OWNER, type: 15, class: 255, ttlSeconds: 0, data: hex('') },
    bytes: hex('00 0f 00 ff 00 00 00 00 00 00'),
  },
  {
    name: 'an A record of class CHAOS',
    record: { kind: 'raw', ...common, type: 1, class: 3, data: hex('01 61 00 00 07') },
    bytes: hex('00 01 00 03 00 00 0e 10 00 05  01 61 00 00 07'),
  },
  ...(
    [
      ['16 TXT whose string is cut off', '00 10', 16, '05 61'],
      ['16 TXT without a string', '00 10', 16, ''],
      ['13 HINFO that is no text', '00 0d', 13, '01 ff 01 62'],
      ['13 HINFO with octets behind it', '00 0d', 13, '01 61 01 62 01'],
      ['43 DS of three octets', '00 2b', 43, '00 01 08'],
      ['44 SSHFP of a hash that is not known', '00 2c', 44, '04 09 aa'],
      ['48 DNSKEY of another protocol', '00 30', 48, '01 01 02 0d 99'],
      ['257 CAA whose tag is cut off', '01 01', 257, '00 09 61'],
      ['17 RP whose mailbox is no text', '00 11', 17, '02 ff 61 00 00'],
      ['64 SVCB whose parameter is cut off', '00 40', 64, '00 01 00 00 03 00 02 01'],
    ] as const
  ).map(([name, type, code, data]) => {
    const octets = hex(data);
    const length = octets.length.toString(16).padStart(4, '0');
    return {
      name: `${name}: octets`,
      record: { kind: 'raw' as const, ...common, type: code, data: octets },
      bytes: hex(`${type} ${IN} ${length} ${data}`),
    };
  }),
];

import type { Option } from '../src/index.ts';
import { DB8_1, DB8_2, hex } from './golden.ts';

/** A message that another implementation got wrong, and what is to come of it. */
export interface HostileVector {
  /** What was fixed there, and where. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Kinds of the options, or the code of the DecodeError when nothing is left of the message. */
  readonly expected: readonly Option['kind'][] | 'truncated';
}

const IA_HEADER = '00 00 00 01 00 00 00 00 00 00 00 00';
const REPLY = '07 00 00 01';
const ADVERTISE = '02 00 00 01';
const SOLICIT = '01 00 00 01';
const AUTHENTICATION = '03 01 00  00 00 00 00 00 00 00 01';

/**
 * A message for each parser bug that was fixed in odhcp6c (openwrt/odhcp6c pull requests 24, 151, 160: May 2026), and
 * for those of the same kind in odhcpd (pull request 401), dhcpcd, edk2, mozim, iscsiuio and insomniacslk/dhcp. Made from the
 * descriptions of the bugs.
 */
export const hostileCorpus: readonly HostileVector[] = [
  // odhcp6c 160: "out-of-bounds end pointer when parsing IA in Advertise", up to 16 octets past the option
  { name: 'odhcp6c: an IA_NA without a header', bytes: hex(`${ADVERTISE} 00 03 00 00`), expected: ['malformed'] },
  {
    name: 'odhcp6c: an IA_PD shorter than its header, then another option',
    bytes: hex(`${ADVERTISE} 00 19 00 04 00 00 00 01  00 0e 00 00`),
    expected: ['malformed', 'rapidCommit'],
  },
  {
    name: 'odhcp6c: an IA whose last option has half a header',
    bytes: hex(`${ADVERTISE} 00 03 00 0f ${IA_HEADER} 00 0d 00`),
    expected: ['malformed'],
  },
  {
    name: 'odhcp6c: an IA address of 23 octets, one short',
    bytes: hex(`${ADVERTISE} 00 03 00 27 ${IA_HEADER} 00 05 00 17 ${DB8_1} 00 00 00 01 00 00 00`),
    expected: ['iaNa'],
  },
  {
    name: 'odhcp6c: an IA prefix of 24 octets, one short',
    bytes: hex(`${ADVERTISE} 00 19 00 28 ${IA_HEADER} 00 1a 00 18 00 00 00 01 00 00 00 01 40 ${DB8_1.slice(0, -3)}`),
    expected: ['iaPd'],
  },
  {
    name: 'odhcp6c: an option of the IA that ends behind the IA, where another option lies',
    bytes: hex(`${ADVERTISE} 00 03 00 10 ${IA_HEADER} 00 05 00 18  00 17 00 10 ${DB8_1}`),
    expected: ['malformed', 'dnsServers'],
  },
  // odhcp6c 160: "OOB read and 1-byte heap overflow on captive-portal option"
  { name: 'odhcp6c: an empty captive portal', bytes: hex(`${REPLY} 00 67 00 00`), expected: ['malformed'] },
  {
    name: 'odhcp6c: a captive portal of one octet, without an end',
    bytes: hex(`${REPLY} 00 67 00 01 68`),
    expected: ['captivePortal'],
  },
  {
    name: 'odhcp6c: a captive portal longer than the message',
    bytes: hex(`${REPLY} 00 67 00 80 68 74 74 70 73`),
    expected: 'truncated',
  },
  {
    name: 'odhcp6c: a captive portal with zero octets and line ends, which a script would see',
    bytes: hex(`${REPLY} 00 67 00 06 61 00 62 0a 63 0d`),
    expected: ['captivePortal'],
  },
  // odhcp6c 160: "fix inverted Authentication option validation in Reply", "use host-order option length"
  {
    name: 'odhcp6c: authentication of 10 octets, one short',
    bytes: hex(`${REPLY} 00 0b 00 0a 03 01 00 00 00 00 00 00 00 00`),
    expected: ['malformed'],
  },
  {
    name: 'odhcp6c: authentication with a type and no key',
    bytes: hex(`${REPLY} 00 0b 00 0c ${AUTHENTICATION} 01`),
    expected: ['authentication'],
  },
  {
    name: 'odhcp6c: authentication whose length was taken in the other order of octets (0x1c00)',
    bytes: hex(`${REPLY} 00 0b 1c 00 ${AUTHENTICATION} 01 ${'00'.repeat(16)}`),
    expected: 'truncated',
  },
  {
    name: 'odhcp6c: authentication with 17 octets of key',
    bytes: hex(`${REPLY} 00 0b 00 1d ${AUTHENTICATION} 01 ${'00'.repeat(17)}`),
    expected: ['authentication'],
  },
  // odhcp6c: its own test of a trailer that says more than there is
  {
    name: 'odhcp6c: a trailing IA_NA that claims 65535 octets',
    bytes: hex(`${REPLY} 00 01 00 03 00 09 01  00 03 ff ff`),
    expected: 'truncated',
  },
  // odhcp6c 24: "empty IA_NA, IA_PD and invalid IA_ADDR"
  {
    name: 'odhcp6c: IAs without anything inside',
    bytes: hex(`${REPLY} 00 03 00 0c ${IA_HEADER} 00 19 00 0c ${IA_HEADER}`),
    expected: ['iaNa', 'iaPd'],
  },
  // odhcp6c 151: PD exclude with one octet was ignored, with more was read in the wrong order
  {
    name: 'odhcp6c: PD exclude of two octets in a prefix',
    bytes: hex(`${REPLY} 00 19 00 2f ${IA_HEADER} 00 1a 00 1f 00 00 00 01 00 00 00 01 38 ${DB8_1} 00 43 00 02 40 ff`),
    expected: ['iaPd'],
  },
  // dhcpcd 671, CVE-2026-56114: "Prefix exclude option can be 17 octets"
  {
    name: 'dhcpcd: PD exclude of 17 octets',
    bytes: hex(`${REPLY} 00 43 00 11 80 ${'ff'.repeat(16)}`),
    expected: ['pdExclude'],
  },
  {
    name: 'dhcpcd: PD exclude of 18 octets',
    bytes: hex(`${REPLY} 00 43 00 12 80 ${'ff'.repeat(17)}`),
    expected: ['malformed'],
  },
  // odhcpd 401
  {
    name: 'odhcpd: a DUID of 14 octets whose length was taken in the other order (0x0e00)',
    bytes: hex(`${SOLICIT} 00 01 0e 00 00 01 00 01 00 00 00 00 02 00 73 53 00 01`),
    expected: 'truncated',
  },
  { name: 'odhcpd: an IA_NA of three octets', bytes: hex(`${SOLICIT} 00 03 00 03 00 00 00`), expected: ['malformed'] },
  {
    name: 'odhcpd: client architectures of one octet',
    bytes: hex(`${SOLICIT} 00 3d 00 01 00`),
    expected: ['malformed'],
  },
  {
    name: 'odhcpd: an option request of an odd length, at an odd offset',
    bytes: hex(`${SOLICIT} 00 01 00 03 00 09 01  00 06 00 03 00 17 00`),
    expected: ['clientIdentifier', 'malformed'],
  },
  {
    name: 'odhcpd: a DHCPv4 message of three octets inside',
    bytes: hex('14 00 00 00  00 57 00 03 01 01 06'),
    expected: ['raw'],
  },
  {
    name: 'odhcpd: a Relay-forward that holds a Relay-forward of 33 octets, one short',
    bytes: hex(`0c 00 ${DB8_1} ${DB8_2} 00 09 00 21 0c 00 ${DB8_1} ${DB8_2.slice(0, -3)}`),
    expected: ['malformed'],
  },
  {
    name: 'odhcpd: a Relay-forward without a relay message',
    bytes: hex(`0c 00 ${DB8_1} ${DB8_2}`),
    expected: [],
  },
  {
    name: 'odhcpd: a relay message as long as 16 bits tell',
    bytes: hex(`0d 00 ${DB8_1} ${DB8_2} 00 09 ff ff 07 00 00 01`),
    expected: 'truncated',
  },
  {
    name: 'odhcpd: DNR with an alpn list longer than its parameters: these stay octets',
    bytes: hex(`${REPLY} 00 90 00 1d  00 01 00 03 01 61 00 00 10 ${DB8_1} 00 01 ff ff`),
    expected: ['encryptedDns'],
  },
  // edk2 (bugs 4673, 4674, 12632): a status in an IA, an IA that claims more than the datagram has
  {
    name: 'edk2: a status of one octet in an IA',
    bytes: hex(`${ADVERTISE} 00 03 00 11 ${IA_HEADER} 00 0d 00 01 00`),
    expected: ['iaNa'],
  },
  {
    name: 'edk2: an IA_TA that claims more than there is',
    bytes: hex(`${ADVERTISE} 00 04 00 40 00 00 00 01`),
    expected: 'truncated',
  },
  { name: 'edk2: an IA_TA of two octets', bytes: hex(`${ADVERTISE} 00 04 00 02 00 00`), expected: ['malformed'] },
  // iscsiuio 554: lengths minus 12 below zero
  {
    name: 'iscsiuio: an IA_NA of eleven octets',
    bytes: hex(`${ADVERTISE} 00 03 00 0b 00 00 00 01 00 00 00 00 00 00 00`),
    expected: ['malformed'],
  },
  // mozim 96: an NTP suboption whose length is not that of an address
  {
    name: 'mozim: an NTP address of 8 octets, then another suboption',
    bytes: hex(`${REPLY} 00 38 00 20 00 01 00 08 ${'01'.repeat(8)} 00 01 00 10 ${DB8_1}`),
    expected: ['malformed'],
  },
  // insomniacslk/dhcp 170: an IA prefix shorter than its fixed fields
  {
    name: 'insomniacslk/dhcp: an IA prefix of 8 octets',
    bytes: hex(`${REPLY} 00 1a 00 08 ${'00'.repeat(8)}`),
    expected: ['malformed'],
  },
];

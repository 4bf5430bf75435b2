import { ascii, hex, ip, type OptionTable } from '../golden.ts';

/** Who a client is, who its relay is, and what vendors make of it: 61, 77, 82, 94, 97, 124, 125, 175. */
export const identities: OptionTable = {
  golden: [
    {
      name: 'client identifier of a hardware address',
      option: { kind: 'clientIdentifier', value: hex('01 02 73 53 00 ca fe') },
      bytes: hex('3d 07  01 02 73 53 00 ca fe'),
    },
    {
      name: 'user classes',
      option: { kind: 'userClass', value: [ascii('ab'), ascii('c')] },
      bytes: hex('4d 05  02 61 62  01 63'),
    },
    {
      name: 'relay agent information, unknown sub-options kept in order (D4S-23)',
      option: {
        kind: 'relayAgentInformation',
        value: [
          { kind: 'agentCircuitId', value: hex('00 04 00 01') },
          { kind: 'agentRemoteId', value: hex('') },
          { kind: 'raw', code: 9, data: hex('00 00 00 09 00') },
          { kind: 'docsisDeviceClass', value: 1 },
          { kind: 'linkSelection', value: ip('198.51.100.0') },
          { kind: 'subscriberId', value: 'ab' },
          { kind: 'relayAgentFlags', value: 0x80 },
          { kind: 'serverIdentifierOverride', value: ip('198.51.100.1') },
          { kind: 'relayAgentIdentifier', value: hex('00 01 02') },
          { kind: 'relaySourcePort', value: true },
        ],
      },
      bytes: hex(`
        52 2f                 // relay agent information
        01 04 00 04 00 01     // agent circuit ID
        02 00                 // agent remote ID
        09 05 00 00 00 09 00  // vendor-specific
        04 04 00 00 00 01     // DOCSIS device class
        05 04 c6 33 64 00     // link selection
        06 02 61 62           // subscriber ID
        0a 01 80              // flags: unicast
        0b 04 c6 33 64 01     // server identifier override
        0c 03 00 01 02        // relay agent identifier
        13 00                 // relay source port
      `),
    },
    {
      name: 'client network interface',
      option: { kind: 'clientNetworkInterface', value: { type: 1, major: 3, minor: 16 } },
      bytes: hex('5e 03  01 03 10'),
    },
    {
      name: 'client machine identifier: a GUID',
      option: {
        kind: 'clientMachineIdentifier',
        value: { type: 0, identifier: hex('00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f') },
      },
      bytes: hex('61 11  00  00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f'),
    },
    {
      name: 'client machine identifier of another type',
      option: { kind: 'clientMachineIdentifier', value: { type: 7, identifier: hex('01') } },
      bytes: hex('61 02  07  01'),
    },
    {
      name: 'vendor-identifying classes of two vendors',
      option: {
        kind: 'vendorIdentifyingClass',
        value: [
          { enterpriseNumber: 3561, data: hex('02 61 62') },
          { enterpriseNumber: 0xffff_ffff, data: hex('') },
        ],
      },
      bytes: hex(`
        7c 0d                 // V-I vendor class
        00 00 0d e9 03 02 61 62
        ff ff ff ff 00
      `),
    },
    {
      name: 'vendor-identifying information',
      option: {
        kind: 'vendorIdentifyingInformation',
        value: [
          {
            enterpriseNumber: 3561,
            options: [
              { code: 4, data: ascii('00') },
              { code: 5, data: hex('') },
            ],
          },
          { enterpriseNumber: 4491, options: [] },
        ],
      },
      bytes: hex(`
        7d 10                      // V-I vendor-specific information
        00 00 0d e9 06             // Broadband Forum, 6 octets
        04 02 30 30                // sub-option 4
        05 00                      // sub-option 5
        00 00 11 8b 00             // CableLabs, nothing
      `),
    },
    {
      name: 'options of Etherboot and iPXE',
      option: {
        kind: 'etherboot',
        value: [
          { code: 0xb1, data: hex('') },
          { code: 0xeb, data: hex('01 14 01') },
        ],
      },
      bytes: hex('af 07  b1 00  eb 03 01 14 01'),
    },
  ],
  malformed: [
    { name: 'a client identifier of its type alone', bytes: hex('3d 01  01'), code: 'bad-length' },
    { name: 'a user class as plain text', bytes: hex('4d 04  69 50 58 45'), code: 'truncated' },
    { name: 'an empty user class', bytes: hex('4d 03  00 01 61'), code: 'bad-length' },
    { name: 'no user class', bytes: hex('4d 00'), code: 'bad-length' },
    { name: 'relay agent information without sub-option', bytes: hex('52 00'), code: 'bad-length' },
    { name: 'a cut sub-option of a relay agent', bytes: hex('52 04  01 04 00 01'), code: 'truncated' },
    { name: 'a link selection of three octets', bytes: hex('52 05  05 03 c6 33 64'), code: 'truncated' },
    { name: 'a link selection of five octets', bytes: hex('52 07  05 05 c6 33 64 00 00'), code: 'leftover' },
    { name: 'a GUID of fifteen octets', bytes: hex(`61 10  00 ${'11'.repeat(15)}`), code: 'bad-length' },
    { name: 'a machine identifier of its type alone', bytes: hex('61 01  07'), code: 'bad-length' },
    { name: 'a network interface of two octets', bytes: hex('5e 02  01 03'), code: 'truncated' },
    { name: 'a vendor class without length', bytes: hex('7c 04  00 00 0d e9'), code: 'bad-length' },
    { name: 'a vendor class that is cut off', bytes: hex('7c 06  00 00 0d e9 02 61'), code: 'truncated' },
    { name: 'vendor information with a cut sub-option', bytes: hex('7d 07  00 00 0d e9 02 04 02'), code: 'truncated' },
    { name: 'an end inside of Etherboot options', bytes: hex('af 01  ff'), code: 'bad-value' },
    { name: 'no Etherboot option', bytes: hex('af 00'), code: 'bad-length' },
  ],
};

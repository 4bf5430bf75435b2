import { ascii, DB8_1, DB8_2, hex, ip, type OptionTable } from '../golden.ts';

/** What relay agents and servers tell each other: 9, 18, 37, 38, 66, 79, 135. */
export const relays: OptionTable = {
  golden: [
    {
      name: '9 relay message: a Solicit',
      option: {
        kind: 'relayMessage',
        value: { messageType: 1, transactionId: 0xabcdef, options: [{ kind: 'elapsedTime', value: 0 }] },
      },
      bytes: hex('00 09 00 0a  01 ab cd ef  00 08 00 02 00 00'),
    },
    {
      name: '9 relay message: one of another relay agent',
      option: {
        kind: 'relayMessage',
        value: {
          messageType: 12,
          hopCount: 1,
          linkAddress: ip('2001:db8::1'),
          peerAddress: ip('2001:db8::2'),
          options: [
            { kind: 'relayMessage', value: { messageType: 255, transactionId: 0, options: [] } },
            { kind: 'interfaceId', value: ascii('eth1') },
          ],
        },
      },
      bytes: hex(`
        00 09 00 32
        0c 01 ${DB8_1} ${DB8_2}    // msg-type, hop-count, link-address, peer-address
        00 09 00 04  ff 00 00 00   // a message of a type that nobody knows
        00 12 00 04  65 74 68 31   // interface-id
      `),
    },
    {
      name: '18 interface-id',
      option: { kind: 'interfaceId', value: hex('00 ff') },
      bytes: hex('00 12 00 02  00 ff'),
    },
    { name: '18 interface-id, empty', option: { kind: 'interfaceId', value: hex('') }, bytes: hex('00 12 00 00') },
    {
      name: '37 remote-id',
      option: { kind: 'remoteId', value: { enterpriseNumber: 9, identifier: hex('00 01') } },
      bytes: hex('00 25 00 06  00 00 00 09  00 01'),
    },
    {
      name: '38 subscriber-id',
      option: { kind: 'subscriberId', value: ascii('home-7') },
      bytes: hex('00 26 00 06  68 6f 6d 65 2d 37'),
    },
    {
      name: '66 relay-supplied options',
      option: {
        kind: 'relaySuppliedOptions',
        value: { options: [{ kind: 'raw', code: 65, data: hex('01 61 00') }] },
      },
      bytes: hex('00 42 00 07  00 41 00 03 01 61 00'),
    },
    {
      name: '79 client link-layer address',
      option: {
        kind: 'clientLinkLayerAddress',
        value: { hardwareType: 1, address: hex('02 00 5e 10 00 0a') },
      },
      bytes: hex('00 4f 00 08  00 01  02 00 5e 10 00 0a'),
    },
    { name: '135 relay port', option: { kind: 'relayPort', value: 5547 }, bytes: hex('00 87 00 02  15 ab') },
  ],
  malformed: [
    { name: '9 without a message', bytes: hex('00 09 00 00'), code: 'truncated' },
    { name: '9 with three octets of a message', bytes: hex('00 09 00 03  01 ab cd'), code: 'truncated' },
    { name: '9 with a relay message that is cut off', bytes: hex(`00 09 00 12  0c 00 ${DB8_1}`), code: 'truncated' },
    { name: '9 with an option that is cut off', bytes: hex('00 09 00 07  01 ab cd ef  00 08 00'), code: 'truncated' },
    { name: '37 without an identifier', bytes: hex('00 25 00 04  00 00 00 09'), code: 'bad-length' },
    { name: '37 of two octets', bytes: hex('00 25 00 02  00 00'), code: 'truncated' },
    { name: '38 without octets', bytes: hex('00 26 00 00'), code: 'bad-length' },
    { name: '66 with an option that is cut off', bytes: hex('00 42 00 05  00 41 00 03 01'), code: 'truncated' },
    { name: '79 without an address', bytes: hex('00 4f 00 02  00 01'), code: 'bad-length' },
    { name: '135 of four octets', bytes: hex('00 87 00 04  00 00 15 ab'), code: 'leftover' },
  ],
};

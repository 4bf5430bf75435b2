import { hex, type OptionTable } from '../golden.ts';

/** What concerns the link and its nodes: 1, 2, 4, 5, 14, 26, 37, and those without a type of their own. */
export const linkOptions: OptionTable = {
  golden: [
    {
      name: 'source link-layer address',
      option: { kind: 'sourceLinkLayerAddress', value: hex('02 00 5e 10 00 01') },
      bytes: hex('01 01  02 00 5e 10 00 01'),
    },
    {
      name: 'target link-layer address of a link with longer ones, its padding kept',
      option: { kind: 'targetLinkLayerAddress', value: hex('02 00 5e ff fe 10 00 01 00 00 00 00 00 00') },
      bytes: hex('02 02  02 00 5e ff fe 10 00 01 00 00 00 00 00 00'),
    },
    {
      name: 'redirected header',
      option: { kind: 'redirectedHeader', value: hex('60 00 00 00 00 00 3b 40') },
      bytes: hex(`
        04 02                    // redirected header, 16 octets
        00 00 00 00 00 00        // reserved
        60 00 00 00 00 00 3b 40  // IPv6: no next header, hop limit 64
      `),
    },
    { name: 'MTU', option: { kind: 'mtu', value: 1492 }, bytes: hex('05 01  00 00  00 00 05 d4') },
    {
      name: 'nonce',
      option: { kind: 'nonce', value: hex('d0 f1 a5 33 0e 7c') },
      bytes: hex('0e 01  d0 f1 a5 33 0e 7c'),
    },
    {
      name: 'RA flags extension',
      option: { kind: 'raFlagsExtension', value: hex('80 00 00 00 00 01') },
      bytes: hex('1a 01  80 00 00 00 00 01'),
    },
    {
      name: 'captive portal',
      option: { kind: 'captivePortal', value: 'https://portal.example/é' },
      bytes: hex(`
        25 04                                      // captive portal, 32 octets
        68 74 74 70 73 3a 2f 2f                    // https://
        70 6f 72 74 61 6c 2e 65 78 61 6d 70 6c 65  // portal.example
        2f c3 a9                                   // /é
        00 00 00 00 00                             // padding
      `),
    },
    {
      name: 'a captive portal that needs no padding',
      option: { kind: 'captivePortal', value: 'urn:ab' },
      bytes: hex('25 01  75 72 6e 3a 61 62'),
    },
    {
      name: 'an unassigned option',
      option: { kind: 'raw', code: 148, data: hex('00 01 02 03 04 05') },
      bytes: hex('94 01  00 01 02 03 04 05'),
    },
    {
      name: 'an option of the greatest length',
      option: { kind: 'raw', code: 253, data: new Uint8Array(2038).fill(7) },
      bytes: hex(`fd ff ${'07'.repeat(2038)}`),
    },
  ],
  malformed: [
    { name: 'an MTU of two units', bytes: hex('05 02 00 00 00 00 05 dc 00 00 00 00 00 00 00 00'), code: 'leftover' },
    { name: 'a captive portal of padding', bytes: hex('25 01 00 00 00 00 00 00'), code: 'bad-length' },
    { name: 'a captive portal with a zero octet within', bytes: hex('25 01 75 00 6e 3a 61 62'), code: 'leftover' },
    { name: 'a captive portal that is not UTF-8', bytes: hex('25 01 75 ff 6e 3a 61 62'), code: 'bad-value' },
  ],
};

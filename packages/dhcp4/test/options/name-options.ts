import { hex, ip, type OptionTable } from '../golden.ts';

/** Options that carry DNS names: 81, 119, 120, 162. */
export const names: OptionTable = {
  golden: [
    {
      name: 'fully qualified client FQDN in wire form (D4C-22)',
      option: { kind: 'clientFqdn', value: { flags: 0x05, rcode1: 0, rcode2: 0, name: 'xps.lan.' } },
      bytes: hex(`
        51 0c           // client FQDN
        05              // E, S
        00 00           // RCODE1, RCODE2
        03 78 70 73     // xps
        03 6c 61 6e 00  // lan
      `),
    },
    {
      name: 'partial client FQDN',
      option: { kind: 'clientFqdn', value: { flags: 0x0c, rcode1: 255, rcode2: 255, name: 'xps' } },
      bytes: hex('51 07  0c ff ff  03 78 70 73'),
    },
    {
      name: 'partial client FQDN with a dot in its label',
      option: { kind: 'clientFqdn', value: { flags: 0x04, rcode1: 0, rcode2: 0, name: 'x\\.' } },
      bytes: hex('51 06  04 00 00  02 78 2e'),
    },
    {
      name: 'client FQDN without name',
      option: { kind: 'clientFqdn', value: { flags: 0x04, rcode1: 0, rcode2: 0, name: '' } },
      bytes: hex('51 03  04 00 00'),
    },
    {
      name: 'client FQDN of the root',
      option: { kind: 'clientFqdn', value: { flags: 0x04, rcode1: 0, rcode2: 0, name: '.' } },
      bytes: hex('51 04  04 00 00  00'),
    },
    {
      name: 'client FQDN in ASCII, unknown flags kept',
      option: { kind: 'clientFqdn', value: { flags: 0xf1, rcode1: 0, rcode2: 0, name: 'xps.lan' } },
      bytes: hex('51 0a  f1 00 00  78 70 73 2e 6c 61 6e'),
    },
    {
      name: 'domain search list with compression (RFC 3397 section 3)',
      option: { kind: 'domainSearch', value: ['eng.apple.com', 'marketing.apple.com'] },
      bytes: hex(`
        77 1b                          // domain search
        03 65 6e 67                    // eng
        05 61 70 70 6c 65              // apple, at octet 4
        03 63 6f 6d 00                 // com
        09 6d 61 72 6b 65 74 69 6e 67  // marketing
        c0 04                          // apple.com
      `),
    },
    {
      name: 'SIP servers by name (RFC 3361 section 3.1)',
      option: { kind: 'sipServers', value: { kind: 'names', names: ['a.example', 'b.example'] } },
      bytes: hex(`
        78 17                                // SIP servers
        00                                   // names
        01 61 07 65 78 61 6d 70 6c 65 00     // a.example
        01 62 07 65 78 61 6d 70 6c 65 00     // b.example, not compressed
      `),
    },
    {
      name: 'SIP servers by address',
      option: { kind: 'sipServers', value: { kind: 'addresses', addresses: [ip('192.0.2.5')] } },
      bytes: hex('78 05  01  c0 00 02 05'),
    },
    {
      name: 'encrypted DNS in service mode and in ADN-only mode',
      option: {
        kind: 'encryptedDns',
        value: [
          {
            servicePriority: 1,
            authenticationDomainName: 'd.example',
            service: { addresses: [ip('192.0.2.53')], parameters: hex('00 01 00 03 02 68 32') },
          },
          { servicePriority: 2, authenticationDomainName: 'e.example', service: undefined },
        ],
      },
      bytes: hex(`
        a2 2c                             // encrypted DNS
        00 1a                             // DNR Instance Data Length
        00 01                             // Service Priority
        0b                                // ADN Length
        01 64 07 65 78 61 6d 70 6c 65 00  // d.example
        04 c0 00 02 35                    // Addr Length and address
        00 01 00 03 02 68 32              // SvcParams: alpn=h2
        00 0e                             // DNR Instance Data Length
        00 02                             // Service Priority
        0b                                // ADN Length
        01 65 07 65 78 61 6d 70 6c 65 00  // e.example
      `),
    },
  ],
  malformed: [
    { name: 'a client FQDN without RCODE2', bytes: hex('51 02  05 00'), code: 'truncated' },
    { name: 'a client FQDN with a cut label', bytes: hex('51 06  04 00 00  03 78 70'), code: 'truncated' },
    { name: 'a client FQDN with compression', bytes: hex('51 05  04 00 00  c0 00'), code: 'bad-name' },
    { name: 'a client FQDN of two names', bytes: hex('51 09  04 00 00  01 78 00 01 79 00'), code: 'leftover' },
    { name: 'an empty search list', bytes: hex('77 00'), code: 'bad-length' },
    { name: 'a search list that points ahead', bytes: hex('77 04  c0 02 01 61'), code: 'bad-name' },
    { name: 'a search list that points at itself', bytes: hex('77 02  c0 00'), code: 'bad-name' },
    { name: 'a search list without root', bytes: hex('77 02  01 61'), code: 'truncated' },
    { name: 'SIP servers of an unknown encoding', bytes: hex('78 05  02  c0 00 02 05'), code: 'bad-value' },
    { name: 'no SIP server', bytes: hex('78 01  01'), code: 'bad-length' },
    { name: 'SIP servers with compression', bytes: hex('78 06  00  01 61 00 c0 00'), code: 'bad-name' },
    { name: 'encrypted DNS with a cut instance', bytes: hex('a2 04  00 09 00 01'), code: 'truncated' },
    {
      name: 'encrypted DNS with an ADN Length that lies',
      bytes: hex('a2 09  00 07 00 01 04 01 61 00 00'),
      code: 'bad-length',
    },
    {
      name: 'encrypted DNS with half an address',
      bytes: hex('a2 0a  00 08 00 01 01 00 03 c0 00 02'),
      code: 'bad-length',
    },
  ],
};

import { ascii, hex, ip, type OptionTable } from '../golden.ts';

/** Options whose values are addresses, numbers, text or plain octets. */
export const shapes: OptionTable = {
  golden: [
    { name: 'one router', option: { kind: 'router', value: [ip('192.0.2.1')] }, bytes: hex('03 04  c0 00 02 01') },
    {
      name: 'several routers (D4C-16)',
      option: { kind: 'router', value: [ip('192.0.2.1'), ip('192.0.2.2')] },
      bytes: hex(`
        03 08        // router
        c0 00 02 01  // preferred
        c0 00 02 02  // second
      `),
    },
    {
      name: 'domain name servers',
      option: { kind: 'domainNameServer', value: [ip('77.109.128.2'), ip('213.144.129.20')] },
      bytes: hex(`
        06 08        // domain name server
        4d 6d 80 02  // first
        d5 90 81 14  // second
      `),
    },
    { name: 'host name', option: { kind: 'hostName', value: 'xps' }, bytes: hex('0c 03  78 70 73') },
    {
      name: 'host name in UTF-8',
      option: { kind: 'hostName', value: 'Küche' },
      bytes: hex('0c 06  4b c3 bc 63 68 65'),
    },
    {
      name: 'domain name',
      option: { kind: 'domainName', value: 'lan.example' },
      bytes: hex('0f 0b  6c 61 6e 2e 65 78 61 6d 70 6c 65'),
    },
    { name: 'least interface MTU', option: { kind: 'interfaceMtu', value: 68 }, bytes: hex('1a 02  00 44') },
    { name: 'interface MTU', option: { kind: 'interfaceMtu', value: 1500 }, bytes: hex('1a 02  05 dc') },
    {
      name: 'broadcast address',
      option: { kind: 'broadcastAddress', value: ip('192.0.2.255') },
      bytes: hex('1c 04  c0 00 02 ff'),
    },
    { name: 'NTP servers', option: { kind: 'ntpServers', value: [ip('192.0.2.7')] }, bytes: hex('2a 04  c0 00 02 07') },
    {
      name: 'vendor specific information',
      option: { kind: 'vendorSpecificInformation', value: hex('01 04 0a 00 00 01 ff') },
      bytes: hex('2b 07  01 04 0a 00 00 01 ff'),
    },
    {
      name: 'requested IP address',
      option: { kind: 'requestedIpAddress', value: ip('255.255.255.255') },
      bytes: hex('32 04  ff ff ff ff'),
    },
    {
      name: 'lease time for ever',
      option: { kind: 'ipAddressLeaseTime', value: 0xffff_ffff },
      bytes: hex('33 04  ff ff ff ff'),
    },
    { name: 'message type', option: { kind: 'dhcpMessageType', value: 5 }, bytes: hex('35 01  05') },
    { name: 'unknown message type', option: { kind: 'dhcpMessageType', value: 18 }, bytes: hex('35 01  12') },
    {
      name: 'server identifier',
      option: { kind: 'serverIdentifier', value: ip('192.0.2.1') },
      bytes: hex('36 04  c0 00 02 01'),
    },
    {
      name: 'parameter request list',
      option: { kind: 'parameterRequestList', value: [1, 3, 6, 121, 255] },
      bytes: hex('37 05  01 03 06 79 ff'),
    },
    { name: 'message', option: { kind: 'message', value: 'no' }, bytes: hex('38 02  6e 6f') },
    {
      name: 'least maximum message size',
      option: { kind: 'maximumDhcpMessageSize', value: 576 },
      bytes: hex('39 02  02 40'),
    },
    { name: 'T1', option: { kind: 'renewalTime', value: 804 }, bytes: hex('3a 04  00 00 03 24') },
    { name: 'T2', option: { kind: 'rebindingTime', value: 0x80000000 }, bytes: hex('3b 04  80 00 00 00') },
    {
      name: 'vendor class identifier of eight letters',
      option: { kind: 'vendorClassIdentifier', value: 'MSFT 5.0' },
      bytes: hex('3c 08  4d 53 46 54 20 35 2e 30'),
    },
    {
      name: 'vendor class identifier longer than what is joined by characters',
      option: { kind: 'vendorClassIdentifier', value: 'x'.repeat(70) },
      bytes: hex(`3c 46  ${'78'.repeat(70)}`),
    },
    {
      name: 'TFTP server name',
      option: { kind: 'tftpServerName', value: 'tftp.example' },
      bytes: hex('42 0c  74 66 74 70 2e 65 78 61 6d 70 6c 65'),
    },
    {
      name: 'boot file name',
      option: { kind: 'bootfileName', value: 'ipxe.efi' },
      bytes: hex('43 08  69 70 78 65 2e 65 66 69'),
    },
    { name: 'rapid commit (D4C-23)', option: { kind: 'rapidCommit', value: true }, bytes: hex('50 00') },
    {
      name: 'client system architectures',
      option: { kind: 'clientSystemArchitecture', value: [7, 0x10] },
      bytes: hex('5d 04  00 07 00 10'),
    },
    {
      name: 'IPv6-only preferred',
      option: { kind: 'ipv6OnlyPreferred', value: 1800 },
      bytes: hex('6c 04  00 00 07 08'),
    },
    {
      name: 'captive portal',
      option: { kind: 'captivePortal', value: 'https://a.example/' },
      bytes: Uint8Array.of(0x72, 18, ...ascii('https://a.example/')),
    },
    { name: 'do not auto-configure', option: { kind: 'autoConfigure', value: 0 }, bytes: hex('74 01  00') },
    { name: 'auto-configure', option: { kind: 'autoConfigure', value: 1 }, bytes: hex('74 01  01') },
    {
      name: 'subnet selection',
      option: { kind: 'subnetSelection', value: ip('198.51.100.0') },
      bytes: hex('76 04  c6 33 64 00'),
    },
    {
      name: 'CAPWAP access controllers',
      option: { kind: 'capwapAccessControllers', value: [ip('192.0.2.8')] },
      bytes: hex('8a 04  c0 00 02 08'),
    },
    {
      name: 'TFTP server addresses',
      option: { kind: 'tftpServerAddresses', value: [ip('192.0.2.9'), ip('192.0.2.10')] },
      bytes: hex('96 08  c0 00 02 09  c0 00 02 0a'),
    },
  ],
  malformed: [
    { name: 'no router', bytes: hex('03 00'), code: 'bad-length' },
    { name: 'half a second router', bytes: hex('03 06  c0 00 02 01 c0 00'), code: 'truncated' },
    { name: 'an empty host name', bytes: hex('0c 00'), code: 'bad-length' },
    { name: 'a host name of zero octets', bytes: hex('0c 02  00 00'), code: 'bad-length' },
    { name: 'a host name in Latin-1', bytes: hex('0c 05  4b fc 63 68 65'), code: 'bad-value' },
    { name: 'a long text cut inside of a character', bytes: hex(`0f 47 ${'78'.repeat(70)} c3`), code: 'bad-value' },
    { name: 'an MTU below 68', bytes: hex('1a 02  00 43'), code: 'bad-value' },
    { name: 'an MTU of four octets', bytes: hex('1a 04  05 dc 00 00'), code: 'leftover' },
    { name: 'a lease time of three octets (D4C-18)', bytes: hex('33 03  00 00 10'), code: 'truncated' },
    { name: 'a lease time of five octets', bytes: hex('33 05  00 00 00 10 00'), code: 'leftover' },
    { name: 'an address of five octets', bytes: hex('32 05  c0 00 02 01 00'), code: 'leftover' },
    { name: 'an empty message type', bytes: hex('35 00'), code: 'truncated' },
    { name: 'two message types', bytes: hex('35 02  01 01'), code: 'leftover' },
    { name: 'an empty parameter request list', bytes: hex('37 00'), code: 'bad-length' },
    { name: 'a maximum message size below 576', bytes: hex('39 02  02 3f'), code: 'bad-value' },
    { name: 'empty vendor information', bytes: hex('2b 00'), code: 'bad-length' },
    { name: 'rapid commit with an octet', bytes: hex('50 01  00'), code: 'leftover' },
    { name: 'no architecture', bytes: hex('5d 00'), code: 'bad-length' },
    { name: 'half an architecture', bytes: hex('5d 01  00'), code: 'truncated' },
    { name: 'auto-configure that is neither 0 nor 1', bytes: hex('74 01  02'), code: 'bad-value' },
  ],
};

import type { ShapeName } from './options/generic-shape.ts';

/**
 * What a code is, by IANA's registry "BOOTP Vendor Extensions and DHCP Options".
 *
 * - `structure`: pad, end and option overload, which are the message codec's business
 * - `own`: an option with a type of its own in `OptionValues`; decoded to `{ kind: name, value }`
 * - `generic`: decoded to `{ kind: 'raw' }`; `decodeRawOption` gives its value by its shape
 * - `unassigned`: never assigned, or given back and listed as removed
 * - `private`: reserved for private use (RFC 2132 section 2)
 */
export type OptionStatus = 'structure' | 'own' | 'generic' | 'unassigned' | 'private';

/** One code of the registry. */
export interface OptionDefinition {
  /** 0 to 255 */
  readonly code: number;
  readonly status: OptionStatus;
  /** For programs, in camelCase; undefined where nothing is assigned. */
  readonly name: string | undefined;
  /** The registry's own spelling. */
  readonly ianaName: string;
  /** Shape of a generic option's value; undefined for the others. */
  readonly shape: ShapeName | undefined;
}

type Row = readonly [code: number, name: string, ianaName: string, shape: ShapeName | 'own' | 'structure'];

const assigned: readonly Row[] = [
  [0, 'pad', 'Pad', 'structure'],
  [1, 'subnetMask', 'Subnet Mask', 'own'],
  [2, 'timeOffset', 'Time Offset', 'i32'],
  [3, 'router', 'Router', 'own'],
  [4, 'timeServer', 'Time Server', 'ipv4List'],
  [5, 'nameServer', 'Name Server', 'ipv4List'],
  [6, 'domainNameServer', 'Domain Server', 'own'],
  [7, 'logServer', 'Log Server', 'ipv4List'],
  [8, 'quotesServer', 'Quotes Server', 'ipv4List'],
  [9, 'lprServer', 'LPR Server', 'ipv4List'],
  [10, 'impressServer', 'Impress Server', 'ipv4List'],
  [11, 'rlpServer', 'RLP Server', 'ipv4List'],
  [12, 'hostName', 'Hostname', 'own'],
  [13, 'bootFileSize', 'Boot File Size', 'u16'],
  [14, 'meritDumpFile', 'Merit Dump File', 'text'],
  [15, 'domainName', 'Domain Name', 'own'],
  [16, 'swapServer', 'Swap Server', 'ipv4'],
  [17, 'rootPath', 'Root Path', 'text'],
  [18, 'extensionFile', 'Extension File', 'text'],
  [19, 'forwardOnOff', 'Forward On/Off', 'boolean'],
  [20, 'srcRteOnOff', 'SrcRte On/Off', 'boolean'],
  [21, 'policyFilter', 'Policy Filter', 'ipv4PairList'],
  [22, 'maxDgAssembly', 'Max DG Assembly', 'u16'],
  [23, 'defaultIpTtl', 'Default IP TTL', 'u8'],
  [24, 'mtuTimeout', 'MTU Timeout', 'u32'],
  [25, 'mtuPlateau', 'MTU Plateau', 'u16List'],
  [26, 'interfaceMtu', 'MTU Interface', 'own'],
  [27, 'mtuSubnet', 'MTU Subnet', 'boolean'],
  [28, 'broadcastAddress', 'Broadcast Address', 'own'],
  [29, 'maskDiscovery', 'Mask Discovery', 'boolean'],
  [30, 'maskSupplier', 'Mask Supplier', 'boolean'],
  [31, 'routerDiscovery', 'Router Discovery', 'boolean'],
  [32, 'routerRequest', 'Router Request', 'ipv4'],
  [33, 'staticRoute', 'Static Route', 'own'],
  [34, 'trailers', 'Trailers', 'boolean'],
  [35, 'arpTimeout', 'ARP Timeout', 'u32'],
  [36, 'ethernet', 'Ethernet', 'boolean'],
  [37, 'defaultTcpTtl', 'Default TCP TTL', 'u8'],
  [38, 'keepaliveTime', 'Keepalive Time', 'u32'],
  [39, 'keepaliveData', 'Keepalive Data', 'boolean'],
  [40, 'nisDomain', 'NIS Domain', 'text'],
  [41, 'nisServers', 'NIS Servers', 'ipv4List'],
  [42, 'ntpServers', 'NTP Servers', 'own'],
  [43, 'vendorSpecificInformation', 'Vendor Specific', 'own'],
  [44, 'netbiosNameSrv', 'NETBIOS Name Srv', 'ipv4List'],
  [45, 'netbiosDistSrv', 'NETBIOS Dist Srv', 'ipv4List'],
  [46, 'netbiosNodeType', 'NETBIOS Node Type', 'u8'],
  [47, 'netbiosScope', 'NETBIOS Scope', 'text'],
  [48, 'xWindowFont', 'X Window Font', 'ipv4List'],
  [49, 'xWindowManager', 'X Window Manager', 'ipv4List'],
  [50, 'requestedIpAddress', 'Address Request', 'own'],
  [51, 'ipAddressLeaseTime', 'Address Time', 'own'],
  [52, 'overload', 'Overload', 'structure'],
  [53, 'dhcpMessageType', 'DHCP Msg Type', 'own'],
  [54, 'serverIdentifier', 'DHCP Server Id', 'own'],
  [55, 'parameterRequestList', 'Parameter List', 'own'],
  [56, 'message', 'DHCP Message', 'own'],
  [57, 'maximumDhcpMessageSize', 'DHCP Max Msg Size', 'own'],
  [58, 'renewalTime', 'Renewal Time', 'own'],
  [59, 'rebindingTime', 'Rebinding Time', 'own'],
  [60, 'vendorClassIdentifier', 'Class Id', 'own'],
  [61, 'clientIdentifier', 'Client Id', 'own'],
  [62, 'netwareIpDomain', 'NetWare/IP Domain', 'text'],
  [63, 'netwareIpOption', 'NetWare/IP Option', 'subOptions'],
  [64, 'nisDomainName', 'NIS-Domain-Name', 'text'],
  [65, 'nisServerAddr', 'NIS-Server-Addr', 'ipv4List'],
  [66, 'tftpServerName', 'Server-Name', 'own'],
  [67, 'bootfileName', 'Bootfile-Name', 'own'],
  [68, 'homeAgentAddrs', 'Home-Agent-Addrs', 'ipv4ListOrNone'],
  [69, 'smtpServer', 'SMTP-Server', 'ipv4List'],
  [70, 'pop3Server', 'POP3-Server', 'ipv4List'],
  [71, 'nntpServer', 'NNTP-Server', 'ipv4List'],
  [72, 'wwwServer', 'WWW-Server', 'ipv4List'],
  [73, 'fingerServer', 'Finger-Server', 'ipv4List'],
  [74, 'ircServer', 'IRC-Server', 'ipv4List'],
  [75, 'streetTalkServer', 'StreetTalk-Server', 'ipv4List'],
  [76, 'stdaServer', 'STDA-Server', 'ipv4List'],
  [77, 'userClass', 'User-Class', 'own'],
  // RFC 2610: an octet that tells whether the list rules out other ways, then addresses or text.
  [78, 'directoryAgent', 'Directory Agent', 'octets'],
  [79, 'serviceScope', 'Service Scope', 'octets'],
  [80, 'rapidCommit', 'Rapid Commit', 'own'],
  [81, 'clientFqdn', 'Client FQDN', 'own'],
  [82, 'relayAgentInformation', 'Relay Agent Information', 'own'],
  [83, 'isns', 'iSNS', 'octets'],
  [85, 'ndsServers', 'NDS Servers', 'ipv4List'],
  [86, 'ndsTreeName', 'NDS Tree Name', 'text'],
  [87, 'ndsContext', 'NDS Context', 'text'],
  [88, 'bcmcsControllerDomainNameList', 'BCMCS Controller Domain Name list', 'dnsNames'],
  [89, 'bcmcsControllerIpv4AddressOption', 'BCMCS Controller IPv4 address option', 'ipv4List'],
  [90, 'authentication', 'Authentication', 'octets'],
  [91, 'clientLastTransactionTimeOption', 'client-last-transaction-time option', 'u32'],
  [92, 'associatedIpOption', 'associated-ip option', 'ipv4List'],
  [93, 'clientSystemArchitecture', 'Client System', 'own'],
  [94, 'clientNetworkInterface', 'Client NDI', 'own'],
  [95, 'ldap', 'LDAP', 'text'],
  [97, 'clientMachineIdentifier', 'UUID/GUID', 'own'],
  [98, 'userAuth', 'User-Auth', 'text'],
  [99, 'geoconfCivic', 'GEOCONF_CIVIC', 'octets'],
  [100, 'pCode', 'PCode', 'text'],
  [101, 'tCode', 'TCode', 'text'],
  [108, 'ipv6OnlyPreferred', 'IPv6-Only Preferred', 'own'],
  [109, 'optionDhcp4o6S46Saddr', 'OPTION_DHCP4O6_S46_SADDR', 'ipv6'],
  [112, 'netinfoAddress', 'Netinfo Address', 'ipv4List'],
  [113, 'netinfoTag', 'Netinfo Tag', 'text'],
  [114, 'captivePortal', 'DHCP Captive-Portal', 'own'],
  [116, 'autoConfigure', 'Auto-Config', 'own'],
  [117, 'nameServiceSearch', 'Name Service Search', 'u16List'],
  [118, 'subnetSelection', 'Subnet Selection Option', 'own'],
  [119, 'domainSearch', 'Domain Search', 'own'],
  [120, 'sipServers', 'SIP Servers DHCP Option', 'own'],
  [121, 'classlessStaticRoute', 'Classless Static Route Option', 'own'],
  [122, 'ccc', 'CCC', 'subOptions'],
  [123, 'geoConfOption', 'GeoConf Option', 'octets'],
  [124, 'vendorIdentifyingClass', 'V-I Vendor Class', 'own'],
  [125, 'vendorIdentifyingInformation', 'V-I Vendor-Specific Information', 'own'],
  // 128 to 135: for PXE by RFC 4578 (vendor specific), and what others had used them for before.
  [128, 'etherbootSignature', 'PXE - undefined; Etherboot signature; DOCSIS security server; TFTP server', 'octets'],
  [129, 'kernelOptions', 'PXE - undefined; Kernel options; Call Server IP address', 'octets'],
  [130, 'ethernetInterface', 'PXE - undefined; Ethernet interface; Discrimination string', 'octets'],
  [131, 'remoteStatisticsServer', 'PXE - undefined; Remote statistics server IP address', 'octets'],
  [132, 'ieee8021qVlanId', 'PXE - undefined; IEEE 802.1Q VLAN ID', 'octets'],
  [133, 'ieee8021dpLayer2Priority', 'PXE - undefined; IEEE 802.1D/p Layer 2 Priority', 'octets'],
  [134, 'diffservCodePoint', 'PXE - undefined; Diffserv Code Point', 'octets'],
  [135, 'httpProxyForPhone', 'PXE - undefined; HTTP Proxy for phone-specific applications', 'octets'],
  [136, 'optionPanaAgent', 'OPTION_PANA_AGENT', 'ipv4List'],
  [137, 'optionV4Lost', 'OPTION_V4_LOST', 'dnsName'],
  [138, 'capwapAccessControllers', 'OPTION_CAPWAP_AC_V4', 'own'],
  [139, 'optionIpv4AddressMos', 'OPTION-IPv4_Address-MoS', 'subOptions'],
  [140, 'optionIpv4FqdnMos', 'OPTION-IPv4_FQDN-MoS', 'subOptions'],
  [141, 'sipUaConfigurationServiceDomains', 'SIP UA Configuration Service Domains', 'dnsNames'],
  [142, 'optionIpv4AddressAndsf', 'OPTION-IPv4_Address-ANDSF', 'ipv4List'],
  [143, 'optionV4SztpRedirect', 'OPTION_V4_SZTP_REDIRECT', 'octets'],
  [144, 'geoLoc', 'GeoLoc', 'octets'],
  [145, 'forcerenewNonceCapable', 'FORCERENEW_NONCE_CAPABLE', 'u8List'],
  [146, 'rdnssSelection', 'RDNSS Selection', 'octets'],
  [147, 'optionV4DotsRi', 'OPTION_V4_DOTS_RI', 'dnsName'],
  [148, 'optionV4DotsAddress', 'OPTION_V4_DOTS_ADDRESS', 'ipv4List'],
  [150, 'tftpServerAddresses', 'TFTP server address', 'own'],
  [151, 'statusCode', 'status-code', 'octets'],
  [152, 'baseTime', 'base-time', 'u32'],
  [153, 'startTimeOfState', 'start-time-of-state', 'u32'],
  [154, 'queryStartTime', 'query-start-time', 'u32'],
  [155, 'queryEndTime', 'query-end-time', 'u32'],
  [156, 'dhcpState', 'dhcp-state', 'u8'],
  [157, 'dataSource', 'data-source', 'u8'],
  [158, 'optionV4PcpServer', 'OPTION_V4_PCP_SERVER', 'octets'],
  [159, 'optionV4Portparams', 'OPTION_V4_PORTPARAMS', 'octets'],
  [161, 'optionMudUrlV4', 'OPTION_MUD_URL_V4', 'text'],
  [162, 'encryptedDns', 'OPTION_V4_DNR', 'own'],
  [175, 'etherboot', 'Etherboot (Tentatively Assigned - 2005-06-23)', 'own'],
  [176, 'ipTelephone', 'IP Telephone (Tentatively Assigned - 2005-06-23)', 'text'],
  [177, 'etherbootOrPacketCable', 'Etherboot; PacketCable and CableHome (Tentatively Assigned - 2005-06-23)', 'octets'],
  [208, 'pxelinuxMagic', 'PXELINUX Magic', 'u32'],
  [209, 'configurationFile', 'Configuration File', 'text'],
  [210, 'pathPrefix', 'Path Prefix', 'text'],
  [211, 'rebootTime', 'Reboot Time', 'u32'],
  [212, 'sixRd', 'OPTION_6RD', 'own'],
  [213, 'optionV4AccessDomain', 'OPTION_V4_ACCESS_DOMAIN', 'dnsName'],
  [220, 'subnetAllocationOption', 'Subnet Allocation Option', 'octets'],
  [221, 'virtualSubnetSelection', 'Virtual Subnet Selection (VSS) Option', 'octets'],
  [255, 'end', 'End', 'structure'],
];

/** Codes that were assigned once and are listed as removed (RFC 3679), or were never used. */
const REMOVED: ReadonlySet<number> = new Set([84, 96, 102, 103, 104, 105, 106, 107, 110, 115, 126, 127, 160]);
const FIRST_PRIVATE = 224;

/** All 256 codes in order: `optionRegistry[code]`. */
export const optionRegistry: readonly OptionDefinition[] = buildRegistry();

const byName: ReadonlyMap<string, OptionDefinition> = new Map(
  optionRegistry.flatMap((definition) => (definition.name === undefined ? [] : [[definition.name, definition]])),
);

/** The name of an option code, `ntpServers` for 42; undefined when IANA has assigned none. */
export function optionName(code: number): string | undefined {
  return optionRegistry[code]?.name;
}

/** The code of an option name, 42 for `ntpServers`; undefined when there is no such option. */
export function optionCode(name: string): number | undefined {
  return byName.get(name)?.code;
}

function buildRegistry(): OptionDefinition[] {
  const definitions = Array.from({ length: 256 }, (_, code) => unassigned(code));
  for (const [code, name, ianaName, shape] of assigned) {
    const status = shape === 'own' || shape === 'structure' ? shape : 'generic';
    definitions[code] = {
      code,
      status,
      name,
      ianaName,
      shape: status === 'generic' ? (shape as ShapeName) : undefined,
    };
  }
  return definitions;
}

function unassigned(code: number): OptionDefinition {
  const isPrivate = code >= FIRST_PRIVATE;
  const ianaName = isPrivate ? 'Reserved (Private Use)' : REMOVED.has(code) ? 'REMOVED/Unassigned' : 'Unassigned';
  return { code, status: isPrivate ? 'private' : 'unassigned', name: undefined, ianaName, shape: undefined };
}

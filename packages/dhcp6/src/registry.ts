import type { ShapeName } from './options/generic-shape.ts';

/**
 * What a code is, by IANA's registry "Option Codes" of DHCPv6.
 *
 * - `own`: an option with a type of its own in `OptionValues`; decoded to `{ kind: name, value }`
 * - `generic`: decoded to `{ kind: 'raw' }`; `decodeRawOption` gives its value by its shape
 * - `unassigned`: not assigned, or reserved (0)
 */
export type OptionStatus = 'own' | 'generic' | 'unassigned';

/** One code of the registry. */
export interface OptionDefinition {
  /** 0 to 65535 */
  readonly code: number;
  readonly status: OptionStatus;
  /** For programs, in camelCase; undefined where nothing is assigned. */
  readonly name: string | undefined;
  /** The registry's own spelling. */
  readonly ianaName: string;
  /** Shape of a generic option's value; undefined for the others. */
  readonly shape: ShapeName | undefined;
}

type Row = readonly [code: number, name: string, ianaName: string, shape: ShapeName | 'own'];

const assigned: readonly Row[] = [
  [1, 'clientIdentifier', 'OPTION_CLIENTID', 'own'],
  [2, 'serverIdentifier', 'OPTION_SERVERID', 'own'],
  [3, 'iaNa', 'OPTION_IA_NA', 'own'],
  [4, 'iaTa', 'OPTION_IA_TA', 'own'],
  [5, 'iaAddress', 'OPTION_IAADDR', 'own'],
  [6, 'optionRequest', 'OPTION_ORO', 'own'],
  [7, 'preference', 'OPTION_PREFERENCE', 'own'],
  [8, 'elapsedTime', 'OPTION_ELAPSED_TIME', 'own'],
  [9, 'relayMessage', 'OPTION_RELAY_MSG', 'own'],
  [11, 'authentication', 'OPTION_AUTH', 'own'],
  [12, 'serverUnicast', 'OPTION_UNICAST', 'own'],
  [13, 'statusCode', 'OPTION_STATUS_CODE', 'own'],
  [14, 'rapidCommit', 'OPTION_RAPID_COMMIT', 'own'],
  [15, 'userClass', 'OPTION_USER_CLASS', 'own'],
  [16, 'vendorClass', 'OPTION_VENDOR_CLASS', 'own'],
  [17, 'vendorOptions', 'OPTION_VENDOR_OPTS', 'own'],
  [18, 'interfaceId', 'OPTION_INTERFACE_ID', 'own'],
  [19, 'reconfigureMessage', 'OPTION_RECONF_MSG', 'own'],
  [20, 'reconfigureAccept', 'OPTION_RECONF_ACCEPT', 'own'],
  [21, 'sipServerNames', 'OPTION_SIP_SERVER_D', 'own'],
  [22, 'sipServerAddresses', 'OPTION_SIP_SERVER_A', 'own'],
  [23, 'dnsServers', 'OPTION_DNS_SERVERS', 'own'],
  [24, 'domainSearchList', 'OPTION_DOMAIN_LIST', 'own'],
  [25, 'iaPd', 'OPTION_IA_PD', 'own'],
  [26, 'iaPrefix', 'OPTION_IAPREFIX', 'own'],
  [27, 'nisServers', 'OPTION_NIS_SERVERS', 'ipv6List'],
  [28, 'nispServers', 'OPTION_NISP_SERVERS', 'ipv6List'],
  [29, 'nisDomainName', 'OPTION_NIS_DOMAIN_NAME', 'domainName'],
  [30, 'nispDomainName', 'OPTION_NISP_DOMAIN_NAME', 'domainName'],
  [31, 'sntpServers', 'OPTION_SNTP_SERVERS', 'own'],
  [32, 'informationRefreshTime', 'OPTION_INFORMATION_REFRESH_TIME', 'own'],
  [33, 'bcmcsServerD', 'OPTION_BCMCS_SERVER_D', 'domainNames'],
  [34, 'bcmcsServerA', 'OPTION_BCMCS_SERVER_A', 'ipv6List'],
  [36, 'geoconfCivic', 'OPTION_GEOCONF_CIVIC', 'octets'],
  [37, 'remoteId', 'OPTION_REMOTE_ID', 'own'],
  [38, 'subscriberId', 'OPTION_SUBSCRIBER_ID', 'own'],
  [39, 'clientFqdn', 'OPTION_CLIENT_FQDN', 'own'],
  [40, 'panaAgent', 'OPTION_PANA_AGENT', 'ipv6List'],
  [41, 'posixTimezone', 'OPTION_NEW_POSIX_TIMEZONE', 'own'],
  [42, 'tzdbTimezone', 'OPTION_NEW_TZDB_TIMEZONE', 'own'],
  [43, 'ero', 'OPTION_ERO', 'u16List'],
  [44, 'lqQuery', 'OPTION_LQ_QUERY', 'octets'],
  [45, 'clientData', 'OPTION_CLIENT_DATA', 'octets'],
  [46, 'cltTime', 'OPTION_CLT_TIME', 'u32'],
  [47, 'lqRelayData', 'OPTION_LQ_RELAY_DATA', 'octets'],
  [48, 'lqClientLink', 'OPTION_LQ_CLIENT_LINK', 'ipv6List'],
  [49, 'mip6Hnidf', 'OPTION_MIP6_HNIDF', 'domainName'],
  [50, 'mip6Vdinf', 'OPTION_MIP6_VDINF', 'octets'],
  [51, 'v6Lost', 'OPTION_V6_LOST', 'domainName'],
  [52, 'capwapAcV6', 'OPTION_CAPWAP_AC_V6', 'ipv6List'],
  [53, 'relayId', 'OPTION_RELAY_ID', 'octets'],
  [54, 'ipv6AddressMos', 'OPTION-IPv6_Address-MoS', 'octets'],
  [55, 'ipv6FqdnMos', 'OPTION-IPv6_FQDN-MoS', 'octets'],
  [56, 'ntpServer', 'OPTION_NTP_SERVER', 'own'],
  [57, 'v6AccessDomain', 'OPTION_V6_ACCESS_DOMAIN', 'domainName'],
  [58, 'sipUaCsList', 'OPTION_SIP_UA_CS_LIST', 'domainNames'],
  [59, 'bootfileUrl', 'OPT_BOOTFILE_URL', 'own'],
  [60, 'bootfileParameters', 'OPT_BOOTFILE_PARAM', 'own'],
  [61, 'clientArchitectureTypes', 'OPTION_CLIENT_ARCH_TYPE', 'own'],
  [62, 'clientNetworkInterface', 'OPTION_NII', 'own'],
  [63, 'geolocation', 'OPTION_GEOLOCATION', 'octets'],
  [64, 'aftrName', 'OPTION_AFTR_NAME', 'own'],
  [65, 'erpLocalDomainName', 'OPTION_ERP_LOCAL_DOMAIN_NAME', 'domainName'],
  [66, 'relaySuppliedOptions', 'OPTION_RSOO', 'own'],
  [67, 'pdExclude', 'OPTION_PD_EXCLUDE', 'own'],
  [68, 'vss', 'OPTION_VSS', 'octets'],
  [69, 'mip6Idinf', 'OPTION_MIP6_IDINF', 'octets'],
  [70, 'mip6Udinf', 'OPTION_MIP6_UDINF', 'octets'],
  [71, 'mip6Hnp', 'OPTION_MIP6_HNP', 'octets'],
  [72, 'mip6Haa', 'OPTION_MIP6_HAA', 'ipv6'],
  [73, 'mip6Haf', 'OPTION_MIP6_HAF', 'domainName'],
  [74, 'rdnssSelection', 'OPTION_RDNSS_SELECTION', 'own'],
  [75, 'krbPrincipalName', 'OPTION_KRB_PRINCIPAL_NAME', 'octets'],
  [76, 'krbRealmName', 'OPTION_KRB_REALM_NAME', 'octets'],
  [77, 'krbDefaultRealmName', 'OPTION_KRB_DEFAULT_REALM_NAME', 'octets'],
  [78, 'krbKdc', 'OPTION_KRB_KDC', 'octets'],
  [79, 'clientLinkLayerAddress', 'OPTION_CLIENT_LINKLAYER_ADDR', 'own'],
  [80, 'linkAddress', 'OPTION_LINK_ADDRESS', 'ipv6'],
  [81, 'radius', 'OPTION_RADIUS', 'octets'],
  [82, 'solMaxRt', 'OPTION_SOL_MAX_RT', 'own'],
  [83, 'infMaxRt', 'OPTION_INF_MAX_RT', 'own'],
  [84, 'addrsel', 'OPTION_ADDRSEL', 'octets'],
  [85, 'addrselTable', 'OPTION_ADDRSEL_TABLE', 'octets'],
  [86, 'v6PcpServer', 'OPTION_V6_PCP_SERVER', 'ipv6List'],
  [87, 'dhcpv4Msg', 'OPTION_DHCPV4_MSG', 'octets'],
  [88, 'dhcp4ODhcp6Server', 'OPTION_DHCP4_O_DHCP6_SERVER', 'ipv6ListOrNone'],
  [89, 's46Rule', 'OPTION_S46_RULE', 'own'],
  [90, 's46Br', 'OPTION_S46_BR', 'own'],
  [91, 's46Dmr', 'OPTION_S46_DMR', 'own'],
  [92, 's46V4V6Bind', 'OPTION_S46_V4V6BIND', 'own'],
  [93, 's46Portparams', 'OPTION_S46_PORTPARAMS', 'own'],
  [94, 's46ContainerMapE', 'OPTION_S46_CONT_MAPE', 'own'],
  [95, 's46ContainerMapT', 'OPTION_S46_CONT_MAPT', 'own'],
  [96, 's46ContainerLw', 'OPTION_S46_CONT_LW', 'own'],
  [97, 'fourRd', 'OPTION_4RD', 'octets'],
  [98, 'fourRdMapRule', 'OPTION_4RD_MAP_RULE', 'octets'],
  [99, 'fourRdNonMapRule', 'OPTION_4RD_NON_MAP_RULE', 'octets'],
  [100, 'lqBaseTime', 'OPTION_LQ_BASE_TIME', 'u32'],
  [101, 'lqStartTime', 'OPTION_LQ_START_TIME', 'u32'],
  [102, 'lqEndTime', 'OPTION_LQ_END_TIME', 'u32'],
  [103, 'captivePortal', 'DHCP Captive-Portal', 'own'],
  [104, 'mplParameters', 'OPTION_MPL_PARAMETERS', 'octets'],
  [105, 'aniAtt', 'OPTION_ANI_ATT', 'octets'],
  [106, 'aniNetworkName', 'OPTION_ANI_NETWORK_NAME', 'text'],
  [107, 'aniApName', 'OPTION_ANI_AP_NAME', 'text'],
  [108, 'aniApBssid', 'OPTION_ANI_AP_BSSID', 'octets'],
  [109, 'aniOperatorId', 'OPTION_ANI_OPERATOR_ID', 'octets'],
  [110, 'aniOperatorRealm', 'OPTION_ANI_OPERATOR_REALM', 'octets'],
  [111, 's46Priority', 'OPTION_S46_PRIORITY', 'own'],
  [112, 'mudUrl', 'OPTION_MUD_URL_V6', 'own'],
  [113, 'v6Prefix64', 'OPTION_V6_PREFIX64', 'octets'],
  [114, 'fBindingStatus', 'OPTION_F_BINDING_STATUS', 'u8'],
  [115, 'fConnectFlags', 'OPTION_F_CONNECT_FLAGS', 'u16'],
  [116, 'fDnsRemovalInfo', 'OPTION_F_DNS_REMOVAL_INFO', 'octets'],
  [117, 'fDnsHostName', 'OPTION_F_DNS_HOST_NAME', 'octets'],
  [118, 'fDnsZoneName', 'OPTION_F_DNS_ZONE_NAME', 'octets'],
  [119, 'fDnsFlags', 'OPTION_F_DNS_FLAGS', 'u16'],
  [120, 'fExpirationTime', 'OPTION_F_EXPIRATION_TIME', 'u32'],
  [121, 'fMaxUnackedBndupd', 'OPTION_F_MAX_UNACKED_BNDUPD', 'u32'],
  [122, 'fMclt', 'OPTION_F_MCLT', 'u32'],
  [123, 'fPartnerLifetime', 'OPTION_F_PARTNER_LIFETIME', 'u32'],
  [124, 'fPartnerLifetimeSent', 'OPTION_F_PARTNER_LIFETIME_SENT', 'u32'],
  [125, 'fPartnerDownTime', 'OPTION_F_PARTNER_DOWN_TIME', 'u32'],
  [126, 'fPartnerRawCltTime', 'OPTION_F_PARTNER_RAW_CLT_TIME', 'u32'],
  [127, 'fProtocolVersion', 'OPTION_F_PROTOCOL_VERSION', 'octets'],
  [128, 'fKeepaliveTime', 'OPTION_F_KEEPALIVE_TIME', 'u32'],
  [129, 'fReconfigureData', 'OPTION_F_RECONFIGURE_DATA', 'octets'],
  [130, 'fRelationshipName', 'OPTION_F_RELATIONSHIP_NAME', 'text'],
  [131, 'fServerFlags', 'OPTION_F_SERVER_FLAGS', 'u8'],
  [132, 'fServerState', 'OPTION_F_SERVER_STATE', 'u8'],
  [133, 'fStartTimeOfState', 'OPTION_F_START_TIME_OF_STATE', 'u32'],
  [134, 'fStateExpirationTime', 'OPTION_F_STATE_EXPIRATION_TIME', 'u32'],
  [135, 'relayPort', 'OPTION_RELAY_PORT', 'own'],
  [136, 'sztpRedirect', 'OPTION_V6_SZTP_REDIRECT', 'own'],
  [137, 's46BindIpv6Prefix', 'OPTION_S46_BIND_IPV6_PREFIX', 'octets'],
  [138, 'iaLl', 'OPTION_IA_LL', 'octets'],
  [139, 'lladdr', 'OPTION_LLADDR', 'octets'],
  [140, 'slapQuad', 'OPTION_SLAP_QUAD', 'octets'],
  [141, 'v6DotsRi', 'OPTION_V6_DOTS_RI', 'domainName'],
  [142, 'v6DotsAddress', 'OPTION_V6_DOTS_ADDRESS', 'ipv6List'],
  [143, 'andsfAddresses', 'OPTION-IPv6_Address-ANDSF', 'own'],
  [144, 'encryptedDns', 'OPTION_V6_DNR', 'own'],
  [145, 'registeredDomain', 'OPTION_REGISTERED_DOMAIN', 'domainName'],
  [146, 'forwardDistManager', 'OPTION_FORWARD_DIST_MANAGER', 'octets'],
  [147, 'reverseDistManager', 'OPTION_REVERSE_DIST_MANAGER', 'octets'],
  [148, 'addressRegistrationEnable', 'OPTION_ADDR_REG_ENABLE', 'own'],
  [149, 'iaSrv6Locator', 'OPTION_IA_SRV6_LOCATOR', 'octets'],
  [150, 'ialocator', 'OPTION_IALOCATOR', 'octets'],
];

/** All codes that are assigned, in order. */
export const optionRegistry: readonly OptionDefinition[] = assigned.map(([code, name, ianaName, shape]) =>
  shape === 'own'
    ? { code, status: 'own', name, ianaName, shape: undefined }
    : { code, status: 'generic', name, ianaName, shape },
);

const byCode: ReadonlyMap<number, OptionDefinition> = new Map(
  optionRegistry.map((definition) => [definition.code, definition]),
);
const byName: ReadonlyMap<string, OptionDefinition> = new Map(
  optionRegistry.map((definition) => [definition.name as string, definition]),
);

/** What a code is; also for those that nothing is assigned to. */
export function optionDefinition(code: number): OptionDefinition {
  return byCode.get(code) ?? { code, status: 'unassigned', name: undefined, ianaName: 'Unassigned', shape: undefined };
}

/** The name of an option code, `dnsServers` for 23; undefined when IANA has assigned none. */
export function optionName(code: number): string | undefined {
  return byCode.get(code)?.name;
}

/** The code of an option name, 23 for `dnsServers`; undefined when there is no such option. */
export function optionCode(name: string): number | undefined {
  return byName.get(name)?.code;
}

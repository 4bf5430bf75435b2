import { decodeUtf8, fromHex, toHex } from '@router7/wire';
import { decodeDuid, encodeOption, isRelayMessage, type Message, type Option } from '../src/index.ts';

/** What tshark says of an option or message: names of its fields with what it prints, and what is inside. */
export interface Described {
  readonly [name: string]: string | readonly string[] | readonly Described[] | Described | undefined;
  readonly options?: readonly Described[];
  readonly message?: Described;
}

/** A message in tshark's words. */
export function describeMessage(message: Message): Described {
  const options = message.options.map(describeOption);
  const { messageType } = message;
  const head = isRelayMessage(message)
    ? { hopcount: `${message.hopCount}`, linkaddr: `${message.linkAddress}`, peeraddr: `${message.peerAddress}` }
    : { xid: `0x${message.transactionId.toString(16).padStart(6, '0')}` };
  return { msgtype: `${messageType}`, ...head, ...(options.length === 0 ? {} : { options }) };
}

/** An option in tshark's words: code, length, and its fields. */
export function describeOption(option: Option): Described {
  const { code, data } = encodeOption(option);
  return { type: `${code}`, length: `${data.length}`, ...fields(option) };
}

function fields(option: Option): Described {
  switch (option.kind) {
    case 'clientIdentifier':
    case 'serverIdentifier':
      decodeDuid(option.value);
      return { 'duid.bytes': colons(option.value) };
    case 'iaNa':
    case 'iaPd': {
      const { iaid, t1Seconds, t2Seconds, options } = option.value;
      return {
        iaid: iaid.toString(16).padStart(8, '0'),
        'iaid.t1': seconds(t1Seconds),
        'iaid.t2': seconds(t2Seconds),
        ...inside(options),
      };
    }
    case 'iaAddress': {
      const { address, preferredLifetimeSeconds, validLifetimeSeconds, options } = option.value;
      return {
        'iaaddr.ip': `${address}`,
        'iaaddr.pref_lifetime': seconds(preferredLifetimeSeconds),
        'iaaddr.valid_lifetime': seconds(validLifetimeSeconds),
        ...inside(options),
      };
    }
    case 'iaPrefix': {
      const { prefix, preferredLifetimeSeconds, validLifetimeSeconds, options } = option.value;
      return {
        'iaprefix.pref_lifetime': seconds(preferredLifetimeSeconds),
        'iaprefix.valid_lifetime': seconds(validLifetimeSeconds),
        'iaprefix.pref_len': `${prefix.length}`,
        'iaprefix.pref_addr': `${prefix.address}`,
        ...inside(options),
      };
    }
    case 'optionRequest':
      return { requested_option_code: list(option.value.map(String)) };
    case 'preference':
      return { option_preference: `${option.value}` };
    case 'elapsedTime':
      return { elapsed_time: `${option.value * 10}` };
    case 'relayMessage':
      return { message: describeMessage(option.value) };
    case 'authentication': {
      const { protocol, algorithm, replayDetectionMethod, replayDetection, information } = option.value;
      return {
        'auth.protocol': `${protocol}`,
        'auth.algorithm': `${algorithm}`,
        'auth.rdm': `${replayDetectionMethod}`,
        'auth.replay_detection': colons(fromHex(replayDetection.toString(16).padStart(16, '0'))),
        'auth.info': colons(information),
      };
    }
    case 'reconfigureMessage':
      return { reconf_msg: `${option.value}` };
    case 'statusCode':
      return {
        status_code: `${option.value.status}`,
        ...(option.value.message === '' ? {} : { status_msg: option.value.message }),
      };
    case 'userClass':
      return {
        'userclass.length': list(option.value.map(({ length }) => `${length}`)),
        'userclass.opaque_data': list(option.value.map(colons)),
      };
    case 'vendorClass':
      return {
        'vendorclass.enterprise': `${option.value.enterpriseNumber}`,
        'vendorclass.data': list(option.value.data.map(decodeUtf8)),
      };
    case 'interfaceId':
      return { interface_id: colons(option.value) };
    case 'sipServerNames':
      return { sip_server_domain_search_fqdn: list(option.value.map((name) => `${name}.`)) };
    case 'sipServerAddresses':
      return { sip_server_a: list(option.value.map(String)) };
    case 'dnsServers':
      return { dns_server: list(option.value.map(String)) };
    case 'domainSearchList':
      return { search_list_entry: list(option.value.map((name) => `${name}.`)) };
    case 'sntpServers':
      return { sntp_server: list(option.value.map(String)) };
    case 'informationRefreshTime':
      return { lifetime: `${option.value}` };
    case 'clientFqdn':
      return {
        client_fqdn_flags: `0x${option.value.flags.toString(16).padStart(2, '0')}`,
        client_domain: option.value.name,
      };
    case 'posixTimezone':
      return { timezone: option.value };
    case 'tzdbTimezone':
      return { tzdb: option.value };
    case 'ntpServer': {
      const [server] = option.value;
      if (server?.kind !== 'address') return {};
      return { 'ntpserver.option.type': '1', 'ntpserver.option.length': '16', 'ntpserver.addr': `${server.address}` };
    }
    case 'aftrName':
      return { aftr_name: `${option.value}.` };
    case 'pdExclude':
      return {
        'pd_exclude.pref_len': `${option.value.prefixLength}`,
        'pd_exclude.subnet_id': colons(option.value.subnetId),
      };
    case 's46Rule': {
      const { flags, embeddedAddressLength, ipv4Prefix, ipv6Prefix, options } = option.value;
      return {
        's46_rule.flags': `0x${flags.toString(16).padStart(2, '0')}`,
        's46_rule.ea_len': `${embeddedAddressLength}`,
        's46_rule.ipv4_pref_len': `${ipv4Prefix.length}`,
        's46_rule.ipv4_prefix': `${ipv4Prefix.address}`,
        's46_rule.ipv6_prefix_len': `${ipv6Prefix.length}`,
        's46_rule.ipv6_prefix': `${ipv6Prefix.address}`,
        ...inside(options),
      };
    }
    case 's46Br':
      return { 's46_br.address': `${option.value}` };
    case 's46Portparams': {
      const { offset, psidLength, psid } = option.value;
      return {
        's46_portparam.offset': `${offset}`,
        's46_portparam.psid_len': `${psidLength}`,
        's46_portparam.psid': `${psid >> (16 - psidLength)}`,
      };
    }
    case 's46ContainerMapE':
      return inside(option.value.options);
    case 'captivePortal':
      return { captive_portal: option.value };
    case 's46Priority':
      return { option_code: list(option.value.map((code) => `0x${code.toString(16).padStart(4, '0')}`)) };
    default:
      // tshark 4.0 has no fields for it: that its octets come out again must do.
      return {};
  }
}

function inside(options: readonly Option[]): Described {
  return options.length === 0 ? {} : { options: options.map(describeOption) };
}

/** tshark makes no list of one. */
function list(values: readonly string[]): Described[string] {
  return values.length === 1 ? values[0] : values.length === 0 ? undefined : values;
}

function seconds(value: number): string {
  return value === 0xffff_ffff ? 'infinity' : `${value}`;
}

function colons(data: Uint8Array): string {
  return toHex(data).replace(/(..)(?=.)/g, '$1:');
}

import { decodeUtf8, toHex } from '@router7/wire';
import { type DnsMessage, type EdnsOption, encodeMessage, RecordType, type ResourceRecord } from '../src/index.ts';

/** What tshark says of a message, as test/fixtures/expected.py writes it down. */
export interface Described {
  readonly id: number;
  readonly flags: number;
  readonly questions: readonly (readonly [name: string, type: number, class_: number])[];
  readonly answers: readonly DescribedRecord[];
  readonly authorities: readonly DescribedRecord[];
  readonly additionals: readonly DescribedRecord[];
}

/** A record in its words: `data` as it prints it, or `length` where that is not compared. */
export type DescribedRecord = Readonly<Record<string, unknown>>;

/** A message in tshark's words. */
export function describeMessage(message: DnsMessage): Described {
  return {
    id: message.id,
    flags: message.flags,
    questions: message.questions.map((question) => [spelt(question.name), question.type, question.class]),
    answers: message.answers.map(describeRecord),
    authorities: message.authorities.map(describeRecord),
    additionals: message.additionals.map(describeRecord),
  };
}

function describeRecord(record: ResourceRecord): DescribedRecord {
  if (record.kind === 'opt') {
    const { udpPayloadSize, extendedRcode, version, flags, options } = record;
    const described = options.map(optionOctets).map((octets) => [(octets[0] << 8) | octets[1], octets.length - 4]);
    return { name: '<Root>', type: RecordType.opt, udpPayloadSize, extendedRcode, version, flags, options: described };
  }
  const type = record.kind === 'raw' ? record.type : RecordType[record.kind];
  const common = { name: spelt(record.name), type, class: record.class, ttlSeconds: record.ttlSeconds };
  if (record.kind !== 'raw') return { ...common, data: dataOf(record).map(String) };
  if (type === 65280) return { ...common, data: [colons(record.data)] };
  return { ...common, length: record.data.length };
}

function dataOf(record: Exclude<ResourceRecord, { kind: 'opt' | 'raw' }>): unknown[] {
  switch (record.kind) {
    case 'a':
    case 'aaaa':
      return [record.value];
    case 'ns':
    case 'cname':
    case 'ptr':
    case 'dname':
      return [spelt(record.value)];
    case 'soa': {
      const { primaryName, responsibleName, ...numbers } = record.value;
      return [spelt(primaryName), spelt(responsibleName), ...Object.values(numbers)];
    }
    case 'mx':
      return [record.value.preference, spelt(record.value.exchange)];
    case 'srv': {
      const { priority, weight, port, target } = record.value;
      return [priority, weight, port, spelt(target)];
    }
    case 'txt':
      return record.value.map(decodeUtf8);
    case 'svcb':
    case 'https':
      return [record.value.priority, spelt(record.value.target), ...record.value.parameters.flatMap(parameterOf)];
    case 'hinfo':
      return [record.value.cpu, record.value.os];
    case 'rp':
      return [record.value.mbox, record.value.txt];
    case 'naptr': {
      const { order, preference, flags, services, regexp, replacement } = record.value;
      return [order, preference, flags, services, regexp, replacement];
    }
    case 'ds': {
      const { keyTag, algorithm, digestType, digest } = record.value;
      return [`0x${keyTag.toString(16).padStart(4, '0')}`, algorithm, digestType, colons(digest)];
    }
    case 'sshfp': {
      const { algorithm, hash, fingerprint } = record.value;
      return [algorithm, hash, fingerprint.toLowerCase().replace(/..(?=.)/g, '$&:')];
    }
    case 'rrsig': {
      const { algorithm, labels, originalTTL, keyTag, signersName, signature } = record.value;
      return [algorithm, labels, originalTTL, keyTag, signersName, colons(signature)];
    }
    case 'dnskey': {
      const { flags, algorithm, key } = record.value;
      return [`0x${flags.toString(16).padStart(4, '0')}`, algorithm, colons(key)];
    }
    case 'tlsa': {
      const { usage, selector, matchingType, certificate } = record.value;
      return [usage, selector, matchingType, colons(certificate)];
    }
    case 'caa':
      return [record.value.tag, record.value.value];
  }
}

type Parameter = Extract<ResourceRecord, { kind: 'https' }>['value']['parameters'][number];
const KEYS = ['mandatory', 'alpn', 'noDefaultAlpn', 'port', 'ipv4hint', 'ech', 'ipv6hint', 'dohpath', 'ohttp'];

function parameterOf(parameter: Parameter): unknown[] {
  if (parameter.kind === 'raw') return [parameter.key, colons(parameter.data)];
  const { kind, value } = parameter;
  const key = KEYS.indexOf(kind);
  return kind === 'ech' ? [key, colons(value)] : [key, ...(Array.isArray(value) ? value : [value])];
}

/** An option's octets with its code and length, taken from a message that has nothing else. */
function optionOctets(option: EdnsOption): [number, number, ...number[]] {
  const opt = { kind: 'opt', udpPayloadSize: 0, extendedRcode: 0, version: 0, flags: 0, options: [option] } as const;
  const bytes = encodeMessage({ id: 0, flags: 0, questions: [], answers: [], authorities: [], additionals: [opt] });
  return [...bytes.subarray(23)] as [number, number, ...number[]];
}

/** tshark prints labels as they are, but for the octet 0 and what is not ASCII. */
function spelt(name: string): string {
  if (name === '.') return '<Root>';
  return name.replace(/\\(\d{3}|.)/g, (_, escaped: string) => {
    if (escaped.length === 1) return escaped;
    const octet = Number(escaped);
    return octet === 0 ? '\\000' : octet > 127 ? '\ufffd' : String.fromCharCode(octet);
  });
}

function colons(bytes: Uint8Array): string {
  return toHex(bytes).replace(/..(?=.)/g, '$&:');
}

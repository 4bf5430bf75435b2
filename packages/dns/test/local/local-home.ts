import {
  LocalAnswers,
  type LocalData,
  type LocalHost,
  type LocalQuestion,
  NO_LOCAL_DATA,
  nameOctets,
} from '@router7/dns';
import { Ipv4Address, Ipv6Address, toHex } from '@router7/wire';

/** Octets of an address. */
export function ip(text: string): Uint8Array {
  return text.includes(':') ? Ipv6Address.parse(text).toBytes() : Ipv4Address.parse(text).toBytes();
}

/** A question as it stands in a query: behind a header, and not at the beginning of the buffer. */
export function question(name: string, type: number, class_: number = 1): LocalQuestion {
  const octets = nameOctets(name);
  const start = 5;
  const bytes = new Uint8Array(start + 12 + octets.length + 4);
  bytes.set(octets, start + 12);
  const view = new DataView(bytes.buffer);
  view.setUint16(bytes.length - 4, type);
  view.setUint16(bytes.length - 2, class_);
  return { bytes, start, nameLength: octets.length, type, class: class_ };
}

/** A host with addresses that all end at one time. */
export function host(name: string, addresses: readonly string[], expiresIn: number = Infinity): LocalHost {
  return { name, addresses: addresses.map((address) => ({ address: ip(address), expiresIn })), subNames: [] };
}

/** A home with a router, 192.168.42.1, and whatever else there is to be. */
export const HOME: LocalData = {
  ...NO_LOCAL_DATA,
  router: { names: ['router7', 'router'], addresses: [ip('192.168.42.1'), ip('fd00:7::1')] },
  prefixes: [{ network: ip('2001:db8:4a00::'), length: 46 }],
};

/** Local answers of a home. */
export function answersOf(data: Partial<LocalData>, now: number = 0): LocalAnswers {
  const answers = new LocalAnswers();
  answers.configure({ ...HOME, ...data }, now);
  return answers;
}

/** An answer in one line: rcode, counts, and the records in hexadecimal; `upstream` for none. */
export function told(answers: LocalAnswers, name: string, type: number, now: number = 0): string {
  const answer = answers.answer(question(name, type), 0, now);
  if (answer === undefined) return 'upstream';
  const { rcode, answers: count, authorities, records } = answer;
  return `${rcode} ${count}+${authorities} ${toHex(records)}`;
}

/** The data of the first record of an answer, as an address if it is one; `nothing` when there is no record. */
export function firstOf(answers: LocalAnswers, name: string, type: number, now: number = 0): string {
  const answer = answers.answer(question(name, type), 0, now);
  if (answer === undefined) return 'upstream';
  if (answer.answers === 0) return answer.rcode === 3 ? 'NXDOMAIN' : answer.rcode === 0 ? 'nothing' : `${answer.rcode}`;
  const view = new DataView(answer.records.buffer, answer.records.byteOffset);
  const data = answer.records.subarray(12, 12 + view.getUint16(10));
  if (data.length === 4) return Ipv4Address.fromBytes(data).toString();
  if (data.length === 16) return Ipv6Address.fromBytes(data).toString();
  return toHex(data);
}

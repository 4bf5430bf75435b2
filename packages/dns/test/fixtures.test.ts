/** The codec and the scanners against captures of real servers and clients, and against tshark's reading of them. */
// Covers: DNS-14, DNS-30
import t, { type Test } from 'tap';
import {
  type DnsMessage,
  decodeMessage,
  encodeMessage,
  HeaderFlag,
  nameText,
  QueryScan,
  QueryView,
  RecordType,
  ResponseScan,
  ResponseView,
  rcodeOf,
  scanQuery,
  scanResponse,
} from '../src/index.ts';
import { capturedMessages, captures, expectation } from './captures.ts';
import { type Described, describeMessage } from './described.ts';

const query = new QueryView();
const response = new ResponseView();

for (const name of captures) {
  t.test(`${name} means what tshark says`, async (t) => {
    const expectations = expectation<Described & { readonly frame: number }>(name);
    const found = capturedMessages(name);
    t.strictSame(
      found.map(({ frame }) => frame),
      expectations.map(({ frame }) => frame),
      'the same packets',
    );
    for (const [i, { frame, bytes }] of found.entries()) {
      const message = decodeMessage(bytes);
      t.strictSame({ frame, ...describeMessage(message) }, expectations[i], `frame ${frame}`);
      const again = encodeMessage(message);
      t.strictSame(decodeMessage(again), message, `frame ${frame}: encoded again`);
      t.ok(again.length <= bytes.length, `frame ${frame}: compressed no worse`);
      if ((message.flags & HeaderFlag.response) === 0) checkQuery(t, message, bytes);
      else checkResponse(t, message, bytes);
    }
  });
}

function checkQuery(t: Test, message: DnsMessage, bytes: Uint8Array): void {
  const result = scanQuery(query, bytes, 0, bytes.length, 1);
  const opt = message.additionals.find(({ kind }) => kind === 'opt');
  if ((message.flags & 0x7800) !== 0) t.equal(result, QueryScan.notQuery);
  else t.equal(result, opt?.kind === 'opt' && opt.version > 0 ? QueryScan.badVers : QueryScan.ok);
  t.equal(query.id, message.id);
  if (result === QueryScan.notQuery) return;
  t.match(message.questions, [{ name: nameText(bytes, 12), type: query.type, class: query.class }]);
  t.equal(query.hasOpt, opt !== undefined);
  if (opt?.kind !== 'opt') return;
  t.equal(query.udpSize, Math.max(512, opt.udpPayloadSize));
  t.equal(query.dnssecOk, (opt.flags & 0x8000) !== 0);
  const has = (kind: string): boolean => opt.options.some((option) => option.kind === kind);
  t.strictSame(
    [query.nsid, query.clientSubnet, query.padding, query.keepalive, query.cookieAt > 0],
    [has('nsid'), has('clientSubnet'), has('padding'), has('tcpKeepalive'), has('cookie')],
  );
}

function checkResponse(t: Test, message: DnsMessage, bytes: Uint8Array): void {
  t.equal(scanResponse(response, bytes, 0, bytes.length), ResponseScan.ok);
  const records = [...message.answers, ...message.authorities, ...message.additionals];
  t.match(response, { id: message.id, flags: message.flags, rcode: rcodeOf(message), records: records.length });
  t.strictSame(
    [...response.recordType.subarray(0, records.length)],
    records.map((record) => (record.kind === 'raw' ? record.type : RecordType[record.kind])),
  );
  for (const [i, record] of records.entries()) {
    if (record.kind === 'opt') t.equal(response.optIndex, i);
    else t.equal(response.ttl(i), record.ttlSeconds);
  }
  const [soa] = message.authorities.filter(({ kind }) => kind === 'soa');
  if (soa?.kind === 'soa') t.equal(response.soaMinimum, soa.value.minimumSeconds);
  const end = new Uint8Array(255);
  response.names.copy(response.chainEnd, end, 0);
  const chain = message.answers.findLast(({ kind }) => kind === 'cname');
  if (chain?.kind === 'cname' && message.questions[0]?.type !== RecordType.cname) t.equal(nameText(end), chain.value);
}

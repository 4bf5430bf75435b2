/** A question about the zones of the lab's Internet. */
export interface Question {
  readonly name: string;
  readonly type: string;
}

/** Names by type: what is asked of the router and of another forwarder, which have to agree. */
const table: Readonly<Record<string, readonly string[]>> = {
  A: [
    ...['lab.example', 'ns.lab.example', 'www.lab.example', 'WWW.LaB.eXaMpLe', 'www2.lab.example', 'mail.lab.example'],
    ...[
      'alias.lab.example',
      'alias3.lab.example',
      'elsewhere.lab.example',
      'dangling.lab.example',
      'nowhere.lab.example',
    ],
    ...['short.lab.example', 'brief.lab.example', 'zero.lab.example', 'long.lab.example', 'robin.lab.example'],
    ...['any.wild.lab.example', 'a.b.wild.lab.example', 'sub.wild.lab.example', 'empty.non.terminal.lab.example'],
    ...['terminal.lab.example', 'non.terminal.lab.example', 'under_score.lab.example', 'xn--mnchen-3ya.lab.example'],
    ...['dot\\.ted.lab.example', 'blank\\032in.lab.example', 'a.b.c.d.e.f.g.h.lab.example', 'many.lab.example'],
    ...[`${'x'.repeat(63)}.lab.example`, `${`${'y'.repeat(61)}.`.repeat(3)}end.lab.example`],
    ...['printer.delegated.lab.example', 'text.lab.example', 'www.other.example', 'bank.example', 'google.com', 'com'],
  ],
  NS: ['lab.example', 'com', 'www.lab.example'],
  CNAME: ['alias.lab.example', 'alias3.lab.example', 'elsewhere.lab.example', 'www.lab.example'],
  SOA: ['lab.example', 'www.lab.example', 'nowhere.lab.example'],
  PTR: [
    ...['10.0.18.198.in-addr.arpa', '99.0.18.198.in-addr.arpa', '99.99.18.198.in-addr.arpa'],
    `0.1.${'0.'.repeat(18)}0.0.0.0.2.0.0.0.1.0.0.2.ip6.arpa`,
  ],
  HINFO: ['host.lab.example'],
  MX: ['lab.example', 'www.lab.example'],
  TXT: [
    'lab.example',
    'text.lab.example',
    'dkim._domainkey.lab.example',
    '_dmarc.lab.example',
    'x.wild.lab.example',
    'big.lab.example',
    'huge.lab.example',
  ],
  RP: ['person.lab.example'],
  AFSDB: ['afs.lab.example'],
  AAAA: ['lab.example', 'www.lab.example', 'mail.lab.example', 'alias2.lab.example', 'nowhere.lab.example'],
  LOC: ['place.lab.example'],
  SRV: ['_sip._tcp.lab.example', '_sip._udp.lab.example', '_imaps._tcp.lab.example', '_none._tcp.lab.example'],
  NAPTR: ['naptr.lab.example'],
  CERT: ['card.lab.example'],
  DNAME: ['delegated.lab.example'],
  DS: ['signed.lab.example'],
  SSHFP: ['ssh.lab.example'],
  TLSA: ['_443._tcp.www.lab.example', '_25._tcp.mail.lab.example'],
  OPENPGPKEY: ['key.lab.example'],
  SVCB: ['svc.lab.example'],
  HTTPS: ['lab.example', 'www.lab.example', 'shop.lab.example', 'shop2.lab.example', 'mail.lab.example'],
  EUI48: ['mac.lab.example'],
  EUI64: ['mac64.lab.example'],
  URI: ['_http._tcp.lab.example'],
  CAA: ['lab.example', 'www.lab.example'],
  TYPE731: ['odd.lab.example'],
  TYPE65280: ['odd.lab.example'],
  TYPE65281: ['none.lab.example'],
};

/** All questions. */
export const questions: readonly Question[] = Object.entries(table).flatMap(([type, names]) =>
  names.map((name) => ({ name, type })),
);

/** A zone that the name servers of the lab's Internet know: its origin, and the rest as a master file (RFC 1035 section 5). */
export interface Zone {
  readonly origin: string;
  readonly records: string;
}

const START = 'SOA ns.lab.example. hostmaster.lab.example. 2026112201 7200 3600 1209600 60';

/**
 * Zones of the lab's Internet. `lab.example` has a record of each type that people meet, and the odd ones: what a
 * forwarder has to hand on as it is. `com` and `bank.example` are there to be taken over by a computer of that name.
 */
export const zones: readonly Zone[] = [
  {
    origin: 'lab.example',
    records: `$TTL 300
@ ${START}
@ NS ns
@ NS ns2
@ MX 10 mail
@ MX 20 mail2
@ TXT "v=spf1 mx -all"
@ CAA 0 issue "ca.example.net"
@ CAA 0 iodef "mailto:security@lab.example"
@ A 203.0.113.10
@ AAAA 2001:db8:10::10
@ HTTPS 1 . alpn=h2,h3 ipv4hint=203.0.113.10 ipv6hint=2001:db8:10::10
ns A 203.0.113.53
ns AAAA 2001:db8:10::53
ns2 A 203.0.113.54
www A 203.0.113.10
www AAAA 2001:db8:10::10
www HTTPS 1 . alpn="h2,h3"
WwW2 A 203.0.113.10
mail A 203.0.113.25
mail2 A 203.0.113.26
mail2 AAAA 2001:db8:10::26
alias CNAME www
alias2 CNAME alias
alias3 CNAME alias2
elsewhere CNAME www.other.example.
dangling CNAME nowhere.lab.example.
short 5 A 203.0.113.11
brief 1 A 203.0.113.12
zero 0 A 203.0.113.13
long 604800 A 203.0.113.14
robin A 203.0.113.21
robin A 203.0.113.22
robin A 203.0.113.23
robin A 203.0.113.24
*.wild A 203.0.113.30
*.wild TXT "whatever was asked"
sub.wild A 203.0.113.31
empty.non.terminal A 203.0.113.32
_sip._tcp SRV 10 60 5060 sip1
_sip._tcp SRV 10 40 5060 sip2
_sip._udp SRV 20 0 5060 sip1
sip1 A 203.0.113.40
sip2 A 203.0.113.41
_imaps._tcp SRV 0 1 993 mail
naptr NAPTR 100 10 "U" "E2U+sip" "!^.*$!sip:info@lab.example!" .
naptr NAPTR 102 10 "S" "SIP+D2U" "" _sip._udp
_http._tcp URI 10 1 "https://www.lab.example/"
place LOC 47 22 12.000 N 8 32 24.000 E 408m 10m 100m 10m
host HINFO "PC" "Linux"
person RP someone.lab.example. person
person TXT "someone"
afs AFSDB 1 sip1
delegated DNAME other.example.
text TXT "one" "two" "three with \\"quotes\\" and \\\\ and \\009"
text TXT ""
dkim._domainkey TXT "v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAvQIDAQABMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAvQIDAQABMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAvQ" "IDAQAB"
_dmarc TXT "v=DMARC1; p=reject"
ssh SSHFP 4 2 123456789abcdef67890123456789abcdef67890123456789abcdef123456789
_443._tcp.www TLSA 3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
_25._tcp.mail TLSA 2 0 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
key OPENPGPKEY mDMEXEcE6RYJKwYBBAHaRw8BAQdArjWwk3FAqyiFbFBKT4TzXcVBqPTB3gmzlC/U
card CERT PGP 0 0 mDMEXEcE6RYJKwYBBAHaRw8BAQdArjWwk3FAqyiFbFBKT4TzXcVBqPTB3gmzlC/U
mac EUI48 02-73-53-00-ca-fe
mac64 EUI64 02-73-53-ff-fe-00-ca-fe
signed DS 12345 13 2 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
signed NS ns
odd TYPE65280 \\# 4 0a000001
odd TYPE731 \\# 6 abcdef012345
none TYPE65281 \\# 0
svc SVCB 1 svc1 alpn=dot port=853 ipv4hint=203.0.113.53
svc SVCB 2 svc2 alpn=h2 port=443 key65500="abc"
shop HTTPS 0 www
shop2 HTTPS 1 www alpn=h3 no-default-alpn port=8443
ech HTTPS 1 . alpn=h2 ech="AEX+DQBBpQAgACB"
private A 192.168.42.77
private6 AAAA fd00::77
mapped AAAA ::ffff:10.0.0.1
loop A 127.0.0.1
under_score A 203.0.113.50
xn--mnchen-3ya A 203.0.113.51
dot\\.ted A 203.0.113.52
blank\\032in A 203.0.113.55
a.b.c.d.e.f.g.h A 203.0.113.56
${'x'.repeat(63)} A 203.0.113.57
${`${'y'.repeat(61)}.`.repeat(3)}end A 203.0.113.58
${Array.from({ length: 40 }, (_, i) => `many A 198.18.0.${i + 1}`).join('\n')}
${Array.from({ length: 12 }, (_, i) => `big TXT "${String.fromCharCode(97 + i).repeat(200)}"`).join('\n')}
${Array.from({ length: 400 }, (_, i) => `huge TXT "${i} ${'z'.repeat(60)}"`).join('\n')}
`,
  },
  {
    origin: 'other.example',
    records: `$TTL 60
@ ${START}
@ NS ns.lab.example.
www A 203.0.113.10
www AAAA 2001:db8:10::10
printer A 203.0.113.60
`,
  },
  {
    origin: 'bank.example',
    records: `$TTL 60
@ ${START}
@ NS ns.lab.example.
@ A 203.0.113.70
www A 203.0.113.71
`,
  },
  {
    origin: 'com',
    records: `$TTL 60
@ ${START}
@ NS ns.lab.example.
google A 203.0.113.80
www.google A 203.0.113.81
`,
  },
  {
    origin: 'google.ch',
    records: `$TTL 60
@ ${START}
@ NS ns.lab.example.
@ A 203.0.113.82
`,
  },
  {
    // Servers of NTP, as every router7 asks for them.
    origin: 'gokrazy.pool.ntp.org',
    records: `$TTL 300
@ ${START}
@ NS ns.lab.example.
0 A 203.0.113.121
1 A 203.0.113.122
2 A 203.0.113.123
3 A 203.0.113.124
`,
  },
  {
    // Those of the addresses that the lab has are served by every resolver itself (RFC 6303): these are for benchmarks.
    origin: '18.198.in-addr.arpa',
    records: `$TTL 300
@ ${START}
@ NS ns.lab.example.
10.0 PTR www.lab.example.
53.0 PTR ns.lab.example.
`,
  },
  {
    origin: '0.0.0.0.2.0.0.0.1.0.0.2.ip6.arpa',
    records: `$TTL 300
@ ${START}
@ NS ns.lab.example.
0.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0 PTR www.lab.example.
`,
  },
];

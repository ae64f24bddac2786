/** RFC 1034 4.3.2: the algorithm, with CNAMEs, zone cuts and names of others. */
import { scenario } from '../scenario.ts'

const zone = `
$TTL 300
@ 3600 SOA ns1 hostmaster 2024 3600 600 86400 60
@      NS    ns1
@      NS    ns2
@      MX    10 mail
ns1    A     192.0.2.1
ns2    A     192.0.2.2
mail   A     192.0.2.3
www    A     192.0.2.10
www    AAAA  2001:db8::10
two    A     192.0.2.12
two    A     192.0.2.13
alias  CNAME www
long   CNAME alias
out    CNAME target.example.net.
broken CNAME nx
bare   CNAME mail
loop1  CNAME loop2
loop2  CNAME loop1
self   CNAME self
sub    NS    ns.sub
sub    DS    12345 13 2 ( 000102030405060708090a0b0c0d0e0f 101112131415161718191a1b1c1d1e1f )
ns.sub A     192.0.2.40
to-sub CNAME host.sub
`
const SOA = 'example.org. 60 SOA ns1.example.org. hostmaster.example.org. 2024 3600 600 86400 60'
const WWW = ['www.example.org. 300 A 192.0.2.10']
const REFERRAL = {
  authority: ['sub.example.org. 300 NS ns.sub.example.org.'],
  additional: ['ns.sub.example.org. 300 A 192.0.2.40'],
}

scenario('RFC 1034 4.3.2: names of the zone', { 'example.org.': zone }, [
  { ask: 'www.example.org. A', says: 'NOERROR aa', answer: WWW },
  { ask: 'www.example.org. A +rd', says: 'NOERROR aa rd', answer: WWW },
  {
    ask: 'two.example.org. A',
    says: 'NOERROR aa',
    answer: ['two.example.org. 300 A 192.0.2.12', 'two.example.org. 300 A 192.0.2.13'],
  },
  { ask: 'www.example.org. MX', says: 'NOERROR aa', authority: [SOA] },
  { ask: 'nx.example.org. A', says: 'NXDOMAIN aa', authority: [SOA] },
  {
    ask: 'example.org. SOA',
    says: 'NOERROR aa',
    answer: ['example.org. 3600 SOA ns1.example.org. hostmaster.example.org. 2024 3600 600 86400 60'],
  },
  {
    ask: 'example.org. NS',
    says: 'NOERROR aa',
    answer: ['example.org. 300 NS ns1.example.org.', 'example.org. 300 NS ns2.example.org.'],
    additional: ['ns1.example.org. 300 A 192.0.2.1', 'ns2.example.org. 300 A 192.0.2.2'],
  },
  {
    ask: 'example.org. MX',
    says: 'NOERROR aa',
    answer: ['example.org. 300 MX 10 mail.example.org.'],
    additional: ['mail.example.org. 300 A 192.0.2.3'],
  },
])

scenario('RFC 1034 4.3.2: names of others', { 'example.org.': zone }, [
  { ask: 'www.example.net. A', says: 'REFUSED' },
  { ask: 'org. A', says: 'REFUSED' },
  { ask: '. NS', says: 'REFUSED' },
  { ask: 'wwwexample.org. A', says: 'REFUSED' },
])

scenario('RFC 1034 4.3.2: CNAME', { 'example.org.': zone }, [
  {
    ask: 'alias.example.org. A',
    says: 'NOERROR aa',
    answer: ['alias.example.org. 300 CNAME www.example.org.', ...WWW],
  },
  { ask: 'alias.example.org. CNAME', says: 'NOERROR aa', answer: ['alias.example.org. 300 CNAME www.example.org.'] },
  {
    ask: 'long.example.org. A',
    says: 'NOERROR aa',
    answer: ['long.example.org. 300 CNAME alias.example.org.', 'alias.example.org. 300 CNAME www.example.org.', ...WWW],
  },
  { ask: 'out.example.org. A', says: 'NOERROR aa', answer: ['out.example.org. 300 CNAME target.example.net.'] },
  {
    ask: 'bare.example.org. AAAA',
    says: 'NOERROR aa',
    answer: ['bare.example.org. 300 CNAME mail.example.org.'],
    authority: [SOA],
  },
  {
    ask: 'loop1.example.org. A',
    says: 'NOERROR aa',
    answer: ['loop1.example.org. 300 CNAME loop2.example.org.', 'loop2.example.org. 300 CNAME loop1.example.org.'],
  },
  { ask: 'self.example.org. A', says: 'NOERROR aa', answer: ['self.example.org. 300 CNAME self.example.org.'] },
  {
    ask: 'to-sub.example.org. A',
    says: 'NOERROR aa',
    answer: ['to-sub.example.org. 300 CNAME host.sub.example.org.'],
    ...REFERRAL,
  },
])

scenario('RFC 6604 3: the rcode is that of the last name of the chain', { 'example.org.': zone }, [
  {
    ask: 'broken.example.org. A',
    says: 'NXDOMAIN aa',
    answer: ['broken.example.org. 300 CNAME nx.example.org.'],
    authority: [SOA],
  },
])

scenario('RFC 1034 4.3.2: below a zone cut', { 'example.org.': zone }, [
  { ask: 'x.sub.example.org. A', says: 'NOERROR', ...REFERRAL },
  { ask: 'sub.example.org. NS', says: 'NOERROR', ...REFERRAL },
  { ask: 'sub.example.org. A', says: 'NOERROR', ...REFERRAL },
  { ask: 'sub.example.org. ANY', says: 'NOERROR', ...REFERRAL },
  { ask: 'ns.sub.example.org. A', says: 'NOERROR', ...REFERRAL },
  { ask: 'x.sub.example.org. DS', says: 'NOERROR', ...REFERRAL },
])

const child = `
$TTL 300
@   SOA ns hostmaster 7 3600 600 86400 30
@   NS  ns
ns  A   192.0.2.40
www A   192.0.2.50
`
const CHILD_SOA = 'sub.example.org. 30 SOA ns.sub.example.org. hostmaster.sub.example.org. 7 3600 600 86400 30'
const DS = 'sub.example.org. 300 DS 12345 13 2 000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F'

scenario('RFC 4035 3.1.4.1: DS stands at the parent', { 'example.org.': zone }, [
  { ask: 'sub.example.org. DS', says: 'NOERROR aa', answer: [DS] },
  { ask: 'www.example.org. DS', says: 'NOERROR aa', authority: [SOA] },
])

scenario('RFC 4035 3.1.4.1: DS where only the child is served', { 'sub.example.org.': child }, [
  { ask: 'sub.example.org. DS', says: 'NOERROR aa', authority: [CHILD_SOA] },
])

scenario('RFC 2136 7.19: parent and child are both served', { 'example.org.': zone, 'sub.example.org.': child }, [
  { ask: 'www.sub.example.org. A', says: 'NOERROR aa', answer: ['www.sub.example.org. 300 A 192.0.2.50'] },
  { ask: 'x.sub.example.org. A', says: 'NXDOMAIN aa', authority: [CHILD_SOA] },
  { ask: 'sub.example.org. DS', says: 'NOERROR aa', answer: [DS] },
  {
    ask: 'to-sub.example.org. A',
    says: 'NXDOMAIN aa',
    answer: ['to-sub.example.org. 300 CNAME host.sub.example.org.'],
    authority: [CHILD_SOA],
  },
])

scenario('RFC 1034 4.2.1: a child without a cut in the parent', { 'example.org.': zone, 'two.example.org.': child }, [
  { ask: 'www.two.example.org. A', says: 'NOERROR aa', answer: ['www.two.example.org. 300 A 192.0.2.50'] },
  {
    ask: 'two.example.org. DS',
    says: 'NOERROR aa',
    authority: ['two.example.org. 30 SOA ns.two.example.org. hostmaster.two.example.org. 7 3600 600 86400 30'],
  },
])

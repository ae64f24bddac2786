/** RFC 1034 4.2.1 and 4.3.2: zones within each other, cuts within cuts, and data that a cut hides. */
import { scenario } from '../scenario.ts'

const org = `
$TTL 300
@            SOA   ns hostmaster 1 3600 600 86400 60
@            NS    ns
ns           A     192.0.2.1
*            TXT   "of the zone above"
sub          NS    ns.sub
sub          NS    ns.deep.sub
sub          A     192.0.2.30
sub          TXT   "at the cut"
ns.sub       A     192.0.2.40
ns.deep.sub  AAAA  2001:db8::41
hidden.sub   TXT   "below the cut"
*.sub        A     192.0.2.42
deep.sub     NS    ns.example.net.
dn.sub       DNAME example.net.
alias.sub    CNAME ns
other        NS    sub
to-hidden    CNAME hidden.sub
mx           MX    10 ns.sub
`
const SOA = ['example.org. 60 SOA ns.example.org. hostmaster.example.org. 1 3600 600 86400 60']
const REFERRAL = {
  authority: ['sub.example.org. 300 NS ns.sub.example.org.', 'sub.example.org. 300 NS ns.deep.sub.example.org.'],
  additional: ['ns.sub.example.org. 300 A 192.0.2.40', 'ns.deep.sub.example.org. 300 AAAA 2001:db8::41'],
}

scenario('RFC 1034 4.2.1: what a cut hides is not answered from', { 'example.org.': org }, [
  { ask: 'sub.example.org. TXT', says: 'NOERROR', ...REFERRAL },
  { ask: 'sub.example.org. A', says: 'NOERROR', ...REFERRAL },
  { ask: 'hidden.sub.example.org. TXT', says: 'NOERROR', ...REFERRAL },
  { ask: 'nx.sub.example.org. A', says: 'NOERROR', ...REFERRAL }, // not by the wildcard below the cut
  { ask: 'deep.sub.example.org. NS', says: 'NOERROR', ...REFERRAL }, // the highest cut
  { ask: 'a.deep.sub.example.org. A', says: 'NOERROR', ...REFERRAL },
  { ask: 'a.dn.sub.example.org. A', says: 'NOERROR', ...REFERRAL },
  { ask: 'alias.sub.example.org. A', says: 'NOERROR', ...REFERRAL },
  { ask: 'sub.example.org. SOA', says: 'NOERROR', ...REFERRAL },
  { ask: '*.sub.example.org. A', says: 'NOERROR', ...REFERRAL },
  {
    ask: 'to-hidden.example.org. TXT',
    says: 'NOERROR aa',
    answer: ['to-hidden.example.org. 300 CNAME hidden.sub.example.org.'],
    ...REFERRAL,
  },
])

scenario('RFC 1034 4.2.1: the address of a name server that is a cut itself is glue', { 'example.org.': org }, [
  {
    ask: 'a.other.example.org. A',
    says: 'NOERROR',
    authority: ['other.example.org. 300 NS sub.example.org.'],
    additional: ['sub.example.org. 300 A 192.0.2.30'],
  },
])

scenario('RFC 4035 3.1.4.1: DS of a cut that has none', { 'example.org.': org }, [
  { ask: 'sub.example.org. DS', says: 'NOERROR aa', authority: SOA },
  { ask: 'deep.sub.example.org. DS', says: 'NOERROR', ...REFERRAL },
  { ask: 'example.org. DS', says: 'NOERROR aa', authority: SOA },
])

scenario('RFC 2181 5.4.1: an authoritative answer does not tell glue', { 'example.org.': org }, [
  { ask: 'mx.example.org. MX', says: 'NOERROR aa', answer: ['mx.example.org. 300 MX 10 ns.sub.example.org.'] },
])

const zone = (ttl: number, more = '') =>
  `$TTL ${ttl}\n@ SOA ns h ${ttl} 3600 600 86400 ${ttl}\n@ NS ns\nns A 192.0.2.${ttl}\nwww A 192.0.2.${ttl}\n${more}`
const nested = {
  'example.org.': zone(1, '* A 192.0.2.91\nb NS ns.b\nns.b A 192.0.2.99\nb DS 1 13 2 00'.concat('11'.repeat(31))),
  'a.example.org.': zone(2),
  'b.a.example.org.': zone(3, '* A 192.0.2.93'),
  'b.example.org.': zone(4),
}
const soaOf = (apex: string, ttl: number) => [`${apex} ${ttl} SOA ns.${apex} h.${apex} ${ttl} 3600 600 86400 ${ttl}`]

scenario('RFC 1034 4.3.2 step 2: the closest zone above a name has it', nested, [
  { ask: 'www.example.org. A', says: 'NOERROR aa', answer: ['www.example.org. 1 A 192.0.2.1'] },
  { ask: 'www.a.example.org. A', says: 'NOERROR aa', answer: ['www.a.example.org. 2 A 192.0.2.2'] },
  { ask: 'www.b.a.example.org. A', says: 'NOERROR aa', answer: ['www.b.a.example.org. 3 A 192.0.2.3'] },
  { ask: 'www.b.example.org. A', says: 'NOERROR aa', answer: ['www.b.example.org. 4 A 192.0.2.4'] },
  { ask: 'x.a.example.org. A', says: 'NXDOMAIN aa', authority: soaOf('a.example.org.', 2) }, // not by the wildcard above
  { ask: 'x.b.a.example.org. A', says: 'NOERROR aa', answer: ['x.b.a.example.org. 3 A 192.0.2.93'] },
  { ask: 'x.y.example.org. A', says: 'NOERROR aa', answer: ['x.y.example.org. 1 A 192.0.2.91'] },
  { ask: 'b.a.example.org. A', says: 'NOERROR aa', authority: soaOf('b.a.example.org.', 3) },
  {
    ask: 'b.a.example.org. NS',
    says: 'NOERROR aa',
    answer: ['b.a.example.org. 3 NS ns.b.a.example.org.'],
    additional: ['ns.b.a.example.org. 3 A 192.0.2.3'],
  },
])

scenario('RFC 4035 3.1.4.1: DS of zones that are all served', nested, [
  { ask: 'b.example.org. DS', says: 'NOERROR aa', answer: [`b.example.org. 1 DS 1 13 2 00${'11'.repeat(31)}`] },
  { ask: 'a.example.org. DS', says: 'NOERROR aa', authority: soaOf('a.example.org.', 2) }, // the zone above knows no cut
  { ask: 'www.b.example.org. DS', says: 'NOERROR aa', authority: soaOf('b.example.org.', 4) },
])

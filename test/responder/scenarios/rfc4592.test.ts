/** RFC 4592 and RFC 8020: wildcards, the closest encloser, and names that exist because of names below them. */
import { scenario } from '../scenario.ts'

const zone = `
$TTL 300
@       SOA   ns hostmaster 1 3600 600 86400 60
@       NS    ns
ns      A     192.0.2.1
www     A     192.0.2.10
a.ent   A     192.0.2.11
*.w     A     192.0.2.20
x.y.w   TXT   "exists"
*.cw    CNAME www
*.mx    MX    10 www
a.*.deep TXT  "below an asterisk"
*.cut   A     192.0.2.21
d.cut   NS    ns.other.example.net.
`
const SOA = ['example.org. 60 SOA ns.example.org. hostmaster.example.org. 1 3600 600 86400 60']

scenario('RFC 4592 2.2.1: a wildcard stands for names that do not exist', { 'example.org.': zone }, [
  { ask: 'z.w.example.org. A', says: 'NOERROR aa', answer: ['z.w.example.org. 300 A 192.0.2.20'] },
  { ask: 'q.p.w.example.org. A', says: 'NOERROR aa', answer: ['q.p.w.example.org. 300 A 192.0.2.20'] },
  { ask: '*.w.example.org. A', says: 'NOERROR aa', answer: ['*.w.example.org. 300 A 192.0.2.20'] },
  { ask: 'z.w.example.org. MX', says: 'NOERROR aa', authority: SOA },
  { ask: 'w.example.org. A', says: 'NOERROR aa', authority: SOA },
  {
    ask: 'z.mx.example.org. MX',
    says: 'NOERROR aa',
    answer: ['z.mx.example.org. 300 MX 10 www.example.org.'],
    additional: ['www.example.org. 300 A 192.0.2.10'],
  },
  { ask: 'z.cut.example.org. A', says: 'NOERROR aa', answer: ['z.cut.example.org. 300 A 192.0.2.21'] },
])

scenario('RFC 4592 3.3.1: names that exist hold a wildcard off', { 'example.org.': zone }, [
  { ask: 'q.y.w.example.org. A', says: 'NXDOMAIN aa', authority: SOA },
  { ask: 'x.y.w.example.org. A', says: 'NOERROR aa', authority: SOA },
  { ask: 'q.x.y.w.example.org. A', says: 'NXDOMAIN aa', authority: SOA },
  { ask: 'q.*.w.example.org. A', says: 'NXDOMAIN aa', authority: SOA },
  {
    ask: 'd.cut.example.org. A',
    says: 'NOERROR',
    authority: ['d.cut.example.org. 300 NS ns.other.example.net.'],
  },
])

scenario('RFC 4592 4.3: a wildcard CNAME', { 'example.org.': zone }, [
  {
    ask: 'z.cw.example.org. A',
    says: 'NOERROR aa',
    answer: ['z.cw.example.org. 300 CNAME www.example.org.', 'www.example.org. 300 A 192.0.2.10'],
  },
  { ask: 'z.cw.example.org. CNAME', says: 'NOERROR aa', answer: ['z.cw.example.org. 300 CNAME www.example.org.'] },
])

scenario('RFC 8020 2: an empty non-terminal exists', { 'example.org.': zone }, [
  { ask: 'ent.example.org. A', says: 'NOERROR aa', authority: SOA },
  { ask: 'y.w.example.org. A', says: 'NOERROR aa', authority: SOA },
  { ask: 'a.ent.example.org. A', says: 'NOERROR aa', answer: ['a.ent.example.org. 300 A 192.0.2.11'] },
  { ask: 'b.ent.example.org. A', says: 'NXDOMAIN aa', authority: SOA },
  { ask: 'b.a.ent.example.org. A', says: 'NXDOMAIN aa', authority: SOA },
])

scenario('RFC 4592 2.2.2: a wildcard that is an empty non-terminal', { 'example.org.': zone }, [
  { ask: 'z.deep.example.org. TXT', says: 'NOERROR aa', authority: SOA },
  { ask: '*.deep.example.org. TXT', says: 'NOERROR aa', authority: SOA },
])

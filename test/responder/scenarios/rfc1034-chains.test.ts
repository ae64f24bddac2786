/** RFC 1034 3.6.2 and 4.3.2: chains of aliases within a zone, from one served zone into another, and how they end. */
import { scenario } from '../scenario.ts'

const links = (count: number, prefix: string) =>
  Array.from({ length: count }, (_, i) => `${prefix}${i + 1} CNAME ${prefix}${i + 2}`)

const org = `
$TTL 300
@       SOA   ns hostmaster 1 3600 600 86400 60
@       NS    ns
ns      A     192.0.2.1
www     A     192.0.2.10
over    CNAME www.example.net.
nx      CNAME nx.example.net.
nothing CNAME txt.example.net.
ping    CNAME pong.example.net.
apex    CNAME example.net.
down    CNAME www.sub
cut     CNAME host.sub.example.net.
back    CNAME back.example.net.
wild    CNAME a.b.w.example.net.
dn      DNAME example.net.
away    CNAME www.example.com.
${links(17, 'short').join('\n')}
short18 A     192.0.2.18
${links(40, 'long').join('\n')}
long41  A     192.0.2.41
`
const net = `
$TTL 60
@       SOA   ns hostmaster 2 3600 600 86400 30
@       NS    ns
@       A     198.51.100.1
ns      A     198.51.100.2
www     A     198.51.100.10
txt     TXT   "no address"
pong    CNAME ping.example.org.
sub     NS    ns.sub
ns.sub  A     198.51.100.3
back    CNAME www.example.org.
*.w     A     198.51.100.20
`
const sub = '@ 5 SOA ns h 3 3600 600 86400 5\n@ 5 NS ns\nns 5 A 192.0.2.50\nwww 5 A 192.0.2.51'
const zones = { 'example.org.': org, 'example.net.': net, 'sub.example.org.': sub }

const NET_SOA = 'example.net. 30 SOA ns.example.net. hostmaster.example.net. 2 3600 600 86400 30'
const alias = (name: string, target: string) => `${name}.example.org. 300 CNAME ${target}.`

scenario('RFC 1034 4.3.2 step 3a: into another zone that is served', zones, [
  {
    ask: 'over.example.org. A',
    says: 'NOERROR aa',
    answer: [alias('over', 'www.example.net'), 'www.example.net. 60 A 198.51.100.10'],
  },
  { ask: 'nx.example.org. A', says: 'NXDOMAIN aa', answer: [alias('nx', 'nx.example.net')], authority: [NET_SOA] },
  {
    ask: 'nothing.example.org. A',
    says: 'NOERROR aa',
    answer: [alias('nothing', 'txt.example.net')],
    authority: [NET_SOA],
  },
  {
    ask: 'apex.example.org. A',
    says: 'NOERROR aa',
    answer: [alias('apex', 'example.net'), 'example.net. 60 A 198.51.100.1'],
  },
  {
    ask: 'down.example.org. A', // the zone above does not know of the one below
    says: 'NOERROR aa',
    answer: [alias('down', 'www.sub.example.org'), 'www.sub.example.org. 5 A 192.0.2.51'],
  },
  {
    ask: 'cut.example.org. A',
    says: 'NOERROR aa',
    answer: [alias('cut', 'host.sub.example.net')],
    authority: ['sub.example.net. 60 NS ns.sub.example.net.'],
    additional: ['ns.sub.example.net. 60 A 198.51.100.3'],
  },
  {
    ask: 'back.example.org. A',
    says: 'NOERROR aa',
    answer: [
      alias('back', 'back.example.net'),
      'back.example.net. 60 CNAME www.example.org.',
      'www.example.org. 300 A 192.0.2.10',
    ],
  },
  {
    ask: 'wild.example.org. A',
    says: 'NOERROR aa',
    answer: [alias('wild', 'a.b.w.example.net'), 'a.b.w.example.net. 60 A 198.51.100.20'],
  },
  {
    ask: 'www.dn.example.org. A',
    says: 'NOERROR aa',
    answer: [
      'dn.example.org. 300 DNAME example.net.',
      alias('www.dn', 'www.example.net'),
      'www.example.net. 60 A 198.51.100.10',
    ],
  },
  {
    ask: 'pong.dn.example.org. A', // through a DNAME and two CNAMEs into a loop
    says: 'NOERROR aa',
    answer: [
      'dn.example.org. 300 DNAME example.net.',
      alias('pong.dn', 'pong.example.net'),
      'pong.example.net. 60 CNAME ping.example.org.',
      alias('ping', 'pong.example.net'),
    ],
  },
  { ask: 'away.example.org. A', says: 'NOERROR aa', answer: [alias('away', 'www.example.com')] },
  { ask: 'over.example.org. CNAME', says: 'NOERROR aa', answer: [alias('over', 'www.example.net')] },
  { ask: 'over.example.org. ANY +tcp', says: 'NOERROR aa', answer: [alias('over', 'www.example.net')] },
])

scenario('RFC 1034 3.6.2: a loop over two zones is told once', zones, [
  {
    ask: 'ping.example.org. A',
    says: 'NOERROR aa',
    answer: [alias('ping', 'pong.example.net'), 'pong.example.net. 60 CNAME ping.example.org.'],
  },
])

const chain = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, i) => alias(`${prefix}${i + 1}`, `${prefix}${i + 2}.example.org`))

scenario('RFC 1034 3.6.2: a long chain is followed, one that is too long ends', zones, [
  {
    ask: 'short1.example.org. A +tcp',
    says: 'NOERROR aa',
    answer: [...chain('short', 17), 'short18.example.org. 300 A 192.0.2.18'],
  },
  { ask: 'long1.example.org. A +tcp', says: 'NOERROR aa', answer: chain('long', 18) },
])

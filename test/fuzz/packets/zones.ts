/** Zones in which a question may come upon anything, and the names that are worth asking about. */
import { parseName, type WireName } from '../../../shared/dns/name.ts'
import { parseZoneFile } from '../../../shared/dns/zone-file.ts'
import type { ZoneTexts } from '../../responder/scenario.ts'

const many = Array.from({ length: 200 }, (_, i) => i)

export const zones: ZoneTexts = {
  'example.org.': `
$TTL 300
@       3600 SOA ns1 hostmaster 2024 3600 600 86400 60
@            NS    ns1
@            NS    ns2
@            MX    10 mail
@            CAA   0 issue "ca.example.net"
ns1          A     192.0.2.1
ns2          AAAA  2001:db8::2
mail         A     192.0.2.3
www          A     192.0.2.10
www          AAAA  2001:db8::10
www          TXT   "text" "more"
alias        CNAME www
out          CNAME target.example.net.
far          CNAME www.sub2.example.org.
broken       CNAME nx
loop1        CNAME loop2
loop2        CNAME loop1
a.ent        A     192.0.2.11
*.w          A     192.0.2.20
x.y.w        TXT   "exists"
*.cw         CNAME www
dn           DNAME w
grow         DNAME a.grow
sub          NS    ns.sub
sub          NS    ns2
sub          DS    12345 13 2 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
ns.sub       A     192.0.2.40
_s._tcp      SRV   10 100 443 www
_s._tcp      SRV   10 100 444 host.w
svc          HTTPS 0 svc2
svc2         HTTPS 1 . alpn=h2
svc2         A     192.0.2.12
t65400       TYPE65400 \\# 3 010203
a\\.b\\000\\255 TXT "octets"
ptr          PTR   www
naptr        NAPTR 1 2 "u" "E2U+sip" "!^.*$!sip:i@example.org!" .
${many.map((i) => `big A 198.51.100.${i}`).join('\n')}
${many.map((i) => `huge TXT "${String(i).padStart(250, '0')}"`).join('\n')}
${many.map((i) => `mx MX ${i} host${i}\nhost${i} A 203.0.113.${i}`).join('\n')}
`,
  'sub2.example.org.': `
$TTL 60
@   SOA ns hostmaster 7 3600 600 86400 30
@   NS  ns
ns  A   192.0.2.50
www A   192.0.2.51
*   TXT "any"
`,
  '2.0.192.in-addr.arpa.': '@ 60 SOA ns.example.org. h 1 2 3 4 5\n@ 60 NS ns.example.org.\n10 60 PTR www.example.org.',
}

export const names: readonly WireName[] = Object.entries(zones).flatMap(([origin, text]) => {
  const owners = new Set(parseZoneFile(text, { origin: parseName(origin), file: origin }).map(({ owner }) => owner))
  return [...owners].filter((owner) => !/^.(host|mx)\d/.test(owner))
})

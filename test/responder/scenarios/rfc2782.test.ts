/** Additional addresses: RFC 2782 for SRV, RFC 1035 3.3.9 for MX, RFC 9460 4.1 for HTTPS. */
import { scenario } from '../scenario.ts'

const zone = `
$TTL 300
@       SOA ns hostmaster 1 3600 600 86400 60
@       NS  ns
ns      A   192.0.2.1
www     A   192.0.2.10
www     AAAA 2001:db8::10
_s._tcp SRV 10 100 443 www
_s._tcp SRV 20 100 8443 www
_s._tcp SRV 20 100 443 www.example.net.
svc     HTTPS 1 www alpn=h2
here    SVCB 0 www
none    SRV 0 0 0 .
text    TXT "www"
`
const ADDRESSES = ['www.example.org. 300 A 192.0.2.10', 'www.example.org. 300 AAAA 2001:db8::10']

scenario('RFC 2782, RFC 9460 4.1: addresses of the hosts that an answer names', { 'example.org.': zone }, [
  {
    ask: '_s._tcp.example.org. SRV +tcp',
    says: 'NOERROR aa',
    answer: [
      '_s._tcp.example.org. 300 SRV 10 100 443 www.example.org.',
      '_s._tcp.example.org. 300 SRV 20 100 8443 www.example.org.',
      '_s._tcp.example.org. 300 SRV 20 100 443 www.example.net.',
    ],
    additional: ADDRESSES,
  },
  {
    ask: 'svc.example.org. HTTPS',
    says: 'NOERROR aa',
    answer: ['svc.example.org. 300 HTTPS 1 www.example.org. alpn="h2"'],
    additional: ADDRESSES,
  },
  {
    ask: 'here.example.org. SVCB',
    says: 'NOERROR aa',
    answer: ['here.example.org. 300 SVCB 0 www.example.org.'],
    additional: ADDRESSES,
  },
  { ask: 'none.example.org. SRV', says: 'NOERROR aa', answer: ['none.example.org. 300 SRV 0 0 0 .'] },
  { ask: 'text.example.org. TXT', says: 'NOERROR aa', answer: ['text.example.org. 300 TXT "www"'] },
])

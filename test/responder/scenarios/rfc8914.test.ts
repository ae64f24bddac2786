/** RFC 8914: why a request failed. */
import { scenario } from '../scenario.ts'

const zones = { 'example.org.': '@ 300 SOA ns h 1 3600 600 86400 60\n@ 300 NS ns\nns 300 A 192.0.2.1' }
const NEGATIVE = ['example.org. 60 SOA ns.example.org. h.example.org. 1 3600 600 86400 60']
const [PROHIBITED, NOT_AUTHORITATIVE, NOT_SUPPORTED] = ['15:0012', '15:0014', '15:0015']

scenario('RFC 8914 3, 4', zones, [
  { ask: 'www.example.net. A +edns', says: 'REFUSED', options: [NOT_AUTHORITATIVE] },
  { ask: 'www.example.net. A +dnssec +tcp', says: 'REFUSED', options: [NOT_AUTHORITATIVE] },
  { ask: 'www.example.net. A', says: 'REFUSED' }, // without EDNS there is no place for it
  { ask: 'ns.example.org. A +edns class=7', says: 'REFUSED', options: [NOT_AUTHORITATIVE] },
  { ask: 'example.org. AXFR +edns +tcp', says: 'REFUSED', options: [PROHIBITED] },
  { ask: 'example.org. IXFR +edns', says: 'REFUSED', options: [PROHIBITED] },
  { ask: 'example.org. SOA +edns opcode=5', says: 'REFUSED', options: [NOT_SUPPORTED] },
  // The rcode says it all.
  { ask: 'nx.example.org. A +edns', says: 'NXDOMAIN aa', authority: NEGATIVE },
  { ask: 'ns.example.org. A +edns opcode=15', says: 'NOTIMP' },
  { ask: 'ns.example.org. A +edns=1', says: 'BADVERS' },
])

scenario('not told', zones, [{ ask: 'www.example.net. A +edns', says: 'REFUSED' }], { extendedErrors: false })

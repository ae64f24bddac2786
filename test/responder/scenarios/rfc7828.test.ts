/** RFC 7828: how long a TCP connection may idle. */
import { scenario } from '../scenario.ts'

const zones = { 'example.org.': '@ 300 SOA ns h 1 3600 600 86400 60\n@ 300 NS ns\nns 300 A 192.0.2.1' }
const NS = { says: 'NOERROR aa', answer: ['ns.example.org. 300 A 192.0.2.1'] }
const TEN_SECONDS = '11:0064' // in tenths (3.1)

scenario('RFC 7828 3.3', zones, [
  { ask: 'ns.example.org. A +edns +ednsopt=11: +tcp', ...NS, options: [TEN_SECONDS] },
  { ask: 'ns.example.org. A +edns +ednsopt=11: +tls', ...NS, options: [TEN_SECONDS] },
  { ask: 'ns.example.org. A +edns +ednsopt=11:', ...NS }, // 3.3.1: never over UDP
  { ask: 'ns.example.org. A +edns +ednsopt=11: +https', ...NS },
  { ask: 'ns.example.org. A +edns +tcp', ...NS },
  { ask: 'example.net. A +edns +ednsopt=11: +tcp', says: 'REFUSED', options: ['15:0014', TEN_SECONDS] },
])

scenario('not told', zones, [{ ask: 'ns.example.org. A +edns +ednsopt=11: +tcp', ...NS }], { keepalive: false })

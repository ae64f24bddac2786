/** RFC 2308: negative answers carry the SOA, and the lesser of its TTL and MINIMUM is how long they hold. */
import { scenario } from '../scenario.ts'

const shortMinimum = '@ 3600 SOA ns h 1 3600 600 86400 60\n@ 300 NS ns\nns 300 A 192.0.2.1'
const shortTtl = '@ 5 SOA ns h 1 3600 600 86400 60\n@ 300 NS ns\nns 300 A 192.0.2.1'
const soa = (ttl: number) => [`example.org. ${ttl} SOA ns.example.org. h.example.org. 1 3600 600 86400 60`]

scenario('RFC 2308 5: MINIMUM is less than the TTL', { 'example.org.': shortMinimum }, [
  { ask: 'nx.example.org. A', says: 'NXDOMAIN aa', authority: soa(60) },
  { ask: 'ns.example.org. TXT', says: 'NOERROR aa', authority: soa(60) },
  { ask: 'example.org. A', says: 'NOERROR aa', authority: soa(60) },
  { ask: 'example.org. SOA', says: 'NOERROR aa', answer: soa(3600) },
])

scenario('RFC 2308 5: the TTL is less than MINIMUM', { 'example.org.': shortTtl }, [
  { ask: 'nx.example.org. A', says: 'NXDOMAIN aa', authority: soa(5) },
  { ask: 'ns.example.org. TXT', says: 'NOERROR aa', authority: soa(5) },
])

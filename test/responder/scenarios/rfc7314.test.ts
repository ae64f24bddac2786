/** RFC 7314: how long a zone may be served without a refresh. */
import { scenario } from '../scenario.ts'

const SOA = 'ns.example.org. h.example.org. 1 3600 600 86400 60'
const zones = {
  'example.org.': `@ 300 SOA ns h 1 3600 600 86400 60\n@ 300 NS ns\nns 300 A 192.0.2.1\nalias 300 CNAME @`,
}
const EXPIRE = '9:00015180' // 86400
const ASKED = '+edns +ednsopt=9:'
const APEX = { says: 'NOERROR aa', answer: [`example.org. 300 SOA ${SOA}`] }
const NEGATIVE = [`example.org. 60 SOA ${SOA}`]

scenario('RFC 7314 2, 3.2', zones, [
  { ask: `example.org. SOA ${ASKED}`, ...APEX, options: [EXPIRE] },
  { ask: `example.org. SOA ${ASKED} +tcp`, ...APEX, options: [EXPIRE] },
  { ask: 'example.org. SOA +edns', ...APEX },
  { ask: `ns.example.org. A ${ASKED}`, says: 'NOERROR aa', answer: ['ns.example.org. 300 A 192.0.2.1'] },
  { ask: `ns.example.org. SOA ${ASKED}`, says: 'NOERROR aa', authority: NEGATIVE },
  { ask: `example.org. ANY ${ASKED}`, ...APEX },
  {
    ask: `alias.example.org. SOA ${ASKED}`,
    says: 'NOERROR aa',
    answer: ['alias.example.org. 300 CNAME example.org.', ...APEX.answer],
  },
  { ask: `example.net. SOA ${ASKED}`, says: 'REFUSED', options: ['15:0014'] },
])

scenario('not told', zones, [{ ask: `example.org. SOA ${ASKED}`, ...APEX }], { expire: false })

/** RFC 5001: the name of the node that answers, for those who ask for it. */
import { scenario } from '../scenario.ts'

const zones = { 'example.org.': '@ 300 SOA ns h 1 3600 600 86400 60\n@ 300 NS ns\nns 300 A 192.0.2.1' }
const NS = { says: 'NOERROR aa', answer: ['ns.example.org. 300 A 192.0.2.1'] }
const NODE_1 = `3:${Buffer.from('node-1').toString('hex')}`

scenario('RFC 5001 2', zones, [
  { ask: 'ns.example.org. A +edns +ednsopt=3:', ...NS, options: [NODE_1] },
  { ask: 'ns.example.org. A +edns +ednsopt=3: +tcp', ...NS, options: [NODE_1] },
  { ask: 'ns.example.org. A +edns +ednsopt=3:00', ...NS, options: [NODE_1] }, // 2.1: what it holds is ignored
  { ask: 'ns.example.org. A +edns', ...NS },
  { ask: 'ns.example.org. A', ...NS },
  { ask: 'ns.example.org. A +edns=1 +ednsopt=3:', says: 'BADVERS' },
  // What fails is what one wants to know of who it was.
  { ask: 'example.org. AXFR +edns +ednsopt=3:', says: 'REFUSED', options: ['15:0012', NODE_1] },
  { ask: 'ns.example.org. A +edns +ednsopt=3: opcode=2', says: 'NOTIMP', options: [NODE_1] },
  { ask: 'example.org. SOA +edns +ednsopt=3: opcode=5', says: 'REFUSED', options: ['15:0015', NODE_1] },
  { ask: 'ns.example.org. A +edns +ednsopt=3: +ednsopt=10:01', says: 'FORMERR', options: [NODE_1] },
])

scenario(
  'those who are refused by a rule, and those whose cookie is a bad one',
  zones,
  [
    { ask: 'ns.example.org. TXT +edns +ednsopt=3:', says: 'REFUSED', options: ['15:0012', NODE_1] },
    {
      ask: 'ns.example.org. A +edns +ednsopt=3: +ednsopt=10:2464c4abcf10c957 from=198.51.100.100',
      says: 'BADCOOKIE',
      options: ['10:2464c4abcf10c957010000005cf79f111f8130c3eee29480', NODE_1],
    },
  ],
  { acl: [{ action: 'block', types: ['TXT'] }], cookies: { required: true } },
)

scenario(
  'a name of its own',
  zones,
  [{ ask: 'ns.example.org. A +edns +ednsopt=3:', ...NS, options: [`3:${Buffer.from('ü').toString('hex')}`] }],
  { nsid: { id: 'ü' } },
)

scenario('none', zones, [{ ask: 'ns.example.org. A +edns +ednsopt=3:', ...NS }], { nsid: false })

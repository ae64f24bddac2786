/** RFC 9471: the glue of a referral. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeQuery } from '../../../shared/dns/encode-query.ts'
import type { ResourceRecord } from '../../../shared/dns/message.ts'
import { parseName } from '../../../shared/dns/name.ts'
import { answering, ask, fromTransport, scenario } from '../scenario.ts'

const many = Array.from({ length: 12 }, (_, i) => i + 1)
const zone = `
$TTL 300
@        SOA  ns hostmaster 1 3600 600 86400 60
@        NS   ns
ns       A    192.0.2.1
sub      NS   ns.other
sub      NS   ns.sub
sub      NS   ns.example.net.
ns.sub   A    192.0.2.40
ns.sub   AAAA 2001:db8::40
other    NS   ns.other
ns.other A    192.0.2.41
big      NS   ns.other
${many.map((i) => `big NS a-name-server-with-a-long-name-${i}.big\na-name-server-with-a-long-name-${i}.big A 192.0.2.${i}`).join('\n')}
`

scenario('RFC 9471 3: glue at or below the cut first, then what is known of siblings', { 'example.org.': zone }, [
  {
    ask: 'x.sub.example.org. A',
    says: 'NOERROR',
    authority: [
      'sub.example.org. 300 NS ns.other.example.org.',
      'sub.example.org. 300 NS ns.sub.example.org.',
      'sub.example.org. 300 NS ns.example.net.',
    ],
    additional: [
      'ns.sub.example.org. 300 A 192.0.2.40',
      'ns.sub.example.org. 300 AAAA 2001:db8::40',
      'ns.other.example.org. 300 A 192.0.2.41',
    ],
  },
])

test('RFC 9471 3.1: TC if glue below the cut does not fit, and no TC for lack of the rest', () => {
  const answer = answering({ 'example.org.': zone })
  const whole = ask(answer, 'x.big.example.org. A +tcp')
  assert.equal(whole.tc, false)
  assert.deepEqual(lastOctets(whole.additional), [...many, 41])

  const query = encodeQuery({ id: 1, name: parseName('x.big.example.org.'), type: 1 })
  const size = (answer(query, fromTransport('tcp'))?.length ?? 0) + OPT
  const withoutSibling = ask(answer, `x.big.example.org. A +edns +bufsize=${size - 1}`)
  assert.equal(withoutSibling.tc, false)
  assert.deepEqual(lastOctets(withoutSibling.additional), many)

  const cut = ask(answer, `x.big.example.org. A +edns +bufsize=${size - ADDRESS_RR - 1}`)
  assert.equal(cut.tc, true)
  assert.equal(cut.authority.length, many.length + 1)
})

// ---------------------------------------------------------------------------

const OPT = 11
const ADDRESS_RR = 16

function lastOctets(records: readonly ResourceRecord[]): (number | undefined)[] {
  return records.map(({ rdata }) => rdata.at(-1))
}

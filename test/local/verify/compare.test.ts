import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Compared, difference, isForeign, quarantine } from '../../../local/verify/compare.ts'
import { canonicalName } from '../../../shared/dns/name.ts'
import { emptyRow } from '../../../shared/mirror/plan.ts'

const name = canonicalName('www.example.org')
const one = { ttl: 60, rdata: ['192.0.2.1'] }
const two = { ttl: 60, rdata: ['192.0.2.1', '192.0.2.2'] }
const row = { ...emptyRow(name), applied: { A: one } }
const refusal = { code: 'invalid' as const, message: 'AWS says no', at: 0 }
const both: Compared = { name, type: 'A', registered: true, served: one, listed: { rrset: one }, row }

describe('the difference', () => {
  const cases: [title: string, change: Partial<Compared>, expected: string | undefined][] = [
    ['none', {}, undefined],
    ['missing', { listed: undefined }, 'missing in Route 53: www.example.org. A'],
    ['left over', { registered: false, served: undefined }, 'not registered: www.example.org. A'],
    ['not served', { served: undefined }, 'not answered: www.example.org. A'],
    ['neither has it', { served: undefined, listed: undefined }, 'not answered: www.example.org. A'],
    [
      'another TTL',
      { listed: { rrset: { ...one, ttl: 61 } } },
      'differs: www.example.org. A: the responder has 60 192.0.2.1, Route 53 61 192.0.2.1',
    ],
    [
      'other data',
      { served: two },
      'differs: www.example.org. A: the responder has 60 192.0.2.1, 192.0.2.2, Route 53 60 192.0.2.1',
    ],
    [
      'no plain records',
      { listed: { rrset: undefined } },
      'differs: www.example.org. A: the responder has 60 192.0.2.1, Route 53 an alias or a routing policy',
    ],
  ]
  for (const [title, change, expected] of cases) {
    test(title, () => assert.equal(difference({ ...both, ...change }), expected))
  }
})

test('foreign is what is neither registered nor noted as ours', () => {
  assert.equal(isForeign(both), false)
  assert.equal(isForeign({ ...both, row: undefined }), false)
  assert.equal(isForeign({ ...both, registered: false }), false)
  assert.equal(isForeign({ ...both, registered: false, row: emptyRow(name) }), true)
  assert.equal(isForeign({ ...both, registered: false, type: 'TXT' }), true)
})

test('what is in quarantine: the very type, and only as long as it is registered', () => {
  const refused = { ...both, row: { ...row, refused: { A: refusal } } }
  assert.equal(quarantine(refused), 'quarantined: www.example.org. A: AWS says no')
  assert.equal(quarantine({ ...refused, type: 'AAAA' }), undefined)
  assert.equal(quarantine({ ...refused, registered: false }), undefined)
})

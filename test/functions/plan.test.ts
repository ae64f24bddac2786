/** What functions get for names, in presentation format. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { canonicalName } from '../../shared/dns/name.ts'
import type { FoundFunction, FunctionNames, Publication } from '../../shared/functions/model.ts'
import { planNames } from '../../shared/functions/plan.ts'
import { byAddress, byName, functionNamed as fn, HOME, linesOf } from './found.ts'

const ADDRESSES = ['30 A 192.0.2.1', '30 AAAA 2001:db8::1']
const url = { url: 'https://abc.lambda-url.eu-west-1.on.aws/', authType: 'NONE' } as const

describe('the records of', () => {
  const cases: readonly [what: string, found: FoundFunction, names: FunctionNames, lines: readonly string[]][] = [
    ['a function', fn('pay'), byAddress, whole('pay', `"v=fn1" "arn=${HOME}pay" "auth=none"`)],
    [
      'one with capitals and underscores',
      fn('Pay_Me'),
      byAddress,
      whole('pay_me', `"v=fn1" "arn=${HOME}Pay_Me" "auth=none"`),
    ],
    ['one without the tag', fn('pay', { tags: { 'namestream:publish': 'yes' } }), byAddress, []],
    [
      'one with a name of its own',
      fn('stack-pay-1X2Y', { tags: { 'namestream:name': 'Pay' } }),
      byAddress,
      whole('pay', `"v=fn1" "arn=${HOME}stack-pay-1X2Y" "auth=none"`),
    ],
    [
      'one with a function URL',
      fn('pay', { urls: [url] }),
      byAddress,
      [
        ...whole('pay', `"v=fn1" "arn=${HOME}pay" "url=${url.url}" "auth=none"`),
        '_https._tcp.pay.fn.example.org. 30 SRV 0 0 443 abc.lambda-url.eu-west-1.on.aws.',
      ],
    ],
    [
      'one with aliases, of which one has a URL that wants IAM',
      fn('pay', {
        aliases: [alias('prod'), alias('Next')],
        urls: [{ ...url, qualifier: 'prod', authType: 'AWS_IAM' }],
      }),
      byAddress,
      [
        ...whole('pay', `"v=fn1" "arn=${HOME}pay" "auth=token"`),
        ...whole('prod.pay', `"v=fn1" "arn=${HOME}pay:prod" "url=${url.url}" "auth=token" "alias=prod"`),
        ...whole('next.pay', `"v=fn1" "arn=${HOME}pay:Next" "auth=token" "alias=Next"`),
        '_https._tcp.prod.pay.fn.example.org. 30 SRV 0 0 443 abc.lambda-url.eu-west-1.on.aws.',
      ],
    ],
    [
      'one that is for everybody whatever its URL',
      fn('pay', { urls: [{ ...url, authType: 'AWS_IAM' }], tags: { 'namestream:auth': 'none' } }),
      { ...byAddress, gateway: { kind: 'address', a: [], aaaa: ['2001:db8::1'], port: 80 } },
      [
        'pay.fn.example.org. 30 AAAA 2001:db8::1',
        `pay.fn.example.org. 30 TXT "v=fn1" "arn=${HOME}pay" "url=${url.url}" "auth=none"`,
        '_https._tcp.pay.fn.example.org. 30 SRV 0 0 443 abc.lambda-url.eu-west-1.on.aws.',
      ],
    ],
    [
      'one behind a load balancer: nothing beside the CNAME',
      fn('pay', { tags: { 'namestream:auth': 'token' } }),
      byName,
      [
        'pay.fn.example.org. 30 CNAME lb.example.net.',
        `_fn.pay.fn.example.org. 30 TXT "v=fn1" "arn=${HOME}pay" "auth=token"`,
      ],
    ],
    [
      'one whose gateway has a port of its own',
      fn('pay'),
      { ...byAddress, gateway: { kind: 'address', a: ['127.0.0.1'], aaaa: [], port: 8092 } },
      [
        'pay.fn.example.org. 30 A 127.0.0.1',
        `pay.fn.example.org. 30 TXT "v=fn1" "arn=${HOME}pay" "auth=none"`,
        '_http._tcp.pay.fn.example.org. 30 SRV 0 0 8092 pay.fn.example.org.',
      ],
    ],
  ]
  for (const [what, found, names, lines] of cases) {
    test(what, () => {
      const { desired, refusals } = planNames([found], names, [])
      assert.deepEqual(linesOf(desired), lines.toSorted())
      assert.deepEqual(refusals, [])
    })
  }

  test('versions: the newest ten', () => {
    const versions = Array.from({ length: 12 }, (_, i) => String(i + 1))
    const { desired } = planNames([fn('pay', { versions })], byAddress, [])
    const names = desired.map(({ name }) => name.split('.')[0])
    assert.deepEqual(names, ['pay', '12', '11', '10', '9', '8', '7', '6', '5', '4', '3'])
    assert.equal(desired[1]?.fn?.arn, `${HOME}pay:12`)
  })
})

describe('no name for', () => {
  const long = 'x'.repeat(64)
  const cases: readonly [
    what: string,
    found: FoundFunction,
    refusals: readonly [arn: string, code: string][],
    names?: string[],
  ][] = [
    ['64 characters', fn(long), [[long, 'name_too_long']]],
    ['64 characters, but with a tag one', fn(long, { tags: { 'namestream:name': 'short' } }), [], ['short']],
    ['an underscore in front', fn('_tcp'), [['_tcp', 'not_a_label']]],
    ['a hyphen in front', fn('-pay'), [['-pay', 'not_a_label']]],
    ['a tag of two labels', fn('pay', { tags: { 'namestream:name': 'a.b' } }), [['pay', 'not_a_label']]],
    ['an empty tag', fn('pay', { tags: { 'namestream:name': '' } }), [['pay', 'not_a_label']]],
    ['a tag auth of another kind', fn('pay', { tags: { 'namestream:auth': 'Token' } }), [['pay', 'unknown_tag_value']]],
    [
      'an alias that is no label',
      fn('pay', { aliases: [alias('_fn'), alias('a')] }),
      [['pay:_fn', 'not_a_label']],
      ['pay', 'a.pay'],
    ],
    ['an alias of 64 characters', fn('pay', { aliases: [alias(long)] }), [[`pay:${long}`, 'name_too_long']], ['pay']],
    [
      'aliases that differ in case only',
      fn('pay', { aliases: [alias('Prod'), alias('prod'), alias('next')] }),
      [
        ['pay:Prod', 'name_contested'],
        ['pay:prod', 'name_contested'],
      ],
      ['pay', 'next.pay'],
    ],
  ]
  for (const [what, found, refusals, names = []] of cases) {
    test(what, () => {
      const plan = planNames([found], byAddress, [])
      assert.deepEqual(
        plan.refusals.map(({ arn, code }) => [arn, code]),
        refusals.map(([name, code]) => [HOME + name, code]),
      )
      assert.deepEqual(namesIn(plan.desired), names)
      for (const { sentence } of plan.refusals) assert.match(sentence, /^.{20,}$/)
    })
  }

  test('the 101st alias', () => {
    const aliases = Array.from({ length: 101 }, (_, i) => alias(`a${String(i).padStart(3, '0')}`))
    const { desired, refusals } = planNames([fn('pay', { aliases })], byAddress, [])
    assert.deepEqual(
      [desired.length, refusals.map(({ arn, code }) => [arn, code])],
      [101, [[`${HOME}pay:a100`, 'too_many_aliases']]],
    )
  })

  test('what would be longer than a name may be', () => {
    const zone = canonicalName(`${'abcdefg.'.repeat(29)}org`)
    const { desired, refusals } = planNames([fn('payments')], { ...byAddress, zone }, [])
    assert.deepEqual([desired, refusals.map(({ code }) => code)], [[], ['name_too_long']])
  })
})

describe('where two want one name', () => {
  const [capital, small] = [fn('Pay', { aliases: [alias('prod')] }), fn('pay')]
  const tagged = fn('other', { tags: { 'namestream:name': 'PAY' } })

  test('none gets it if none has it', () => {
    for (const rivals of [
      [capital, small],
      [small, tagged],
      [tagged, small, capital],
    ]) {
      const { desired, refusals } = planNames(rivals, byAddress, [])
      assert.deepEqual([desired, refusals.map(({ code }) => code)], [[], rivals.map(() => 'name_contested')])
    }
  })

  test('it stays with the one that has it, in any order', () => {
    const had = planNames([capital], byAddress, []).desired
    for (const rivals of [
      [capital, small, tagged],
      [tagged, small, capital],
    ]) {
      const { desired, refusals } = planNames(rivals, byAddress, had)
      assert.deepEqual(linesOf(desired), linesOf(had))
      assert.deepEqual(
        refusals.map(({ arn, code }) => [arn, code]),
        rivals.filter((one) => one !== capital).map(({ arn }) => [arn, 'name_taken']),
      )
      assert.match(
        refusals[0]?.sentence ?? '',
        /^pay\.fn\.example\.org\. is that of arn:.*:Pay; give .* namestream:name$/,
      )
    }
  })

  test('it stays with one of which nothing was read', () => {
    const { desired, refusals } = planNames([small], byAddress, planNames([capital], byAddress, []).desired)
    assert.deepEqual([desired, refusals.map(({ code }) => code)], [[], ['name_taken']])
  })

  test('it goes to the other once the one that has it wants it no more', () => {
    const renamed = { ...capital, tags: { ...capital.tags, 'namestream:name': 'old' } }
    const { desired, refusals } = planNames([renamed, small], byAddress, planNames([capital], byAddress, []).desired)
    assert.deepEqual([namesIn(desired), refusals], [['old', 'pay', 'prod.old'], []])
  })
})

// ---------------------------------------------------------------------------

function alias(name: string) {
  return { name, version: '1' }
}

function whole(label: string, txt: string): string[] {
  return [...ADDRESSES, `30 TXT ${txt}`].map((rest) => `${label}.fn.example.org. ${rest}`)
}

/** Names of functions, relative to `fn.ZONE`. */
function namesIn(desired: readonly Publication[]): string[] {
  return desired.filter(({ fn }) => fn !== undefined).map(({ name }) => name.replace('.fn.example.org.', ''))
}

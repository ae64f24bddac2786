import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { functionsIn } from '../../functions/function-names/hints.ts'
import { PRINCIPAL } from '../../functions/function-names/registered.ts'
import { canonicalName } from '../../shared/dns/name.ts'
import { NamingError } from '../../shared/records/faults.ts'
import { FUNCTION_ID } from '../../shared/registrations/model.ts'
import { a } from '../contract/records.ts'
import { byAddress, byName, functionNamed as fn, HOME } from './found.ts'
import { called, tagged, world } from './world.ts'

const OFF = { tags: { 'namestream:publish': 'false' } }
const prod = { aliases: [{ name: 'prod', version: '1' }] }

describe('a reconcile', () => {
  test('publishes what is tagged, and withdraws it once it is not', async () => {
    const { deploy, remove, reconcile, answered, told } = await world()
    deploy(fn('Pay', prod), fn('list'), fn('internal', OFF))
    assert.deepEqual(await reconcile(), { functions: 4, published: 3, refused: 0, unread: 0 })
    assert.deepEqual(await answered(), ['list', 'pay', 'prod.pay'])
    deploy(fn('Pay', OFF))
    await reconcile()
    assert.deepEqual(await answered(), ['list'])
    remove('list')
    told()
    assert.deepEqual(await reconcile(), { functions: 3, published: 0, refused: 0, unread: 0 })
    assert.deepEqual(await answered(), [])
    assert.deepEqual(told('withdrawn'), [{ kind: 'withdrawn', name: 'list.fn.example.org.' }])
  })

  test('that finds all in step writes nothing and reads each once', async () => {
    const { deploy, reconcile, told, asked, names } = await world()
    deploy(fn('pay', prod))
    await reconcile()
    const before = (await names.read(canonicalName('pay.fn.example.org')))?.version
    told()
    asked()
    await reconcile()
    assert.deepEqual(told('registered', 'withdrawn', 'fault', 'refused'), [])
    assert.deepEqual(asked().sort(), ['list', 'read Self', 'read pay'])
    assert.equal((await names.read(canonicalName('pay.fn.example.org')))?.version, before)
  })

  test('moves all to another gateway', async () => {
    const first = await world()
    first.deploy(fn('pay'))
    await first.reconcile()
    Object.assign(first.parts, { names: byName })
    await first.reconcile()
    assert.deepEqual(await first.answered(), ['_fn.pay', 'pay'])
    const { rrsets } = (await first.names.read(canonicalName('pay.fn.example.org'))) ?? {}
    assert.deepEqual(Object.keys(rrsets ?? {}), ['CNAME'])
  })

  test('changes nothing by a list that breaks off, or without the function that runs', async () => {
    const { deploy, remove, reconcile, answered, hooks, options } = await world()
    deploy(fn('pay'), fn('list'))
    await reconcile()
    remove('pay')
    hooks.list = () => Promise.reject(new Error('TooManyRequestsException'))
    await assert.rejects(reconcile(), /TooManyRequests/)
    hooks.list = async () => {}
    options.own = `${HOME}Another`
    await assert.rejects(reconcile(), /^Error: Lambda listed 2 functions without .*:Another, which runs/)
    assert.deepEqual(await answered(), ['list', 'pay'])
  })

  test('leaves alone whoever cannot be read, and the name that it has', async () => {
    const { deploy, remove, reconcile, answered, hooks, told } = await world()
    deploy(fn('Pay', prod), fn('list'))
    await reconcile()
    deploy(fn('pay'))
    remove('list')
    hooks.read = async (name) => {
      if (name === 'Pay') throw new Error('throttled')
    }
    told()
    assert.deepEqual(await reconcile(), { functions: 3, published: 2, refused: 1, unread: 1 })
    assert.deepEqual(await answered(), ['pay', 'prod.pay'])
    assert.equal(told('fault').length, 1)
  })

  test('without time for more leaves the others as they are', async () => {
    const { deploy, remove, reconcile, answered, options } = await world()
    deploy(fn('a'), fn('b'), fn('c'))
    await reconcile()
    remove('a')
    let reads = 0
    options.mayRead = () => reads++ < 1
    assert.deepEqual(await reconcile(), { functions: 3, published: 2, refused: 0, unread: 2 })
    assert.deepEqual(await answered(), ['b', 'c'])
    options.mayRead = () => true
    options.mayWrite = () => false
    deploy(fn('d'))
    await reconcile()
    assert.deepEqual(await answered(), ['b', 'c'])
  })

  test('does not write what has changed since it was read', async () => {
    const { deploy, remove, reconcile, answered, hooks, told } = await world()
    deploy(fn('pay'))
    let reads = 0
    hooks.read = async (name) => {
      if (name === 'pay' && ++reads === 2) remove('pay')
    }
    await reconcile()
    assert.deepEqual(await answered(), [])
    assert.equal(told('overtaken').length, 1)
    deploy(fn('pay'))
    await reconcile()
    remove('pay')
    hooks.read = async (name) => {
      if (name === 'pay') deploy(fn('pay'))
    }
    await reconcile()
    assert.deepEqual(await answered(), ['pay'], 'it was there again')
  })

  test('puts right what somebody took away', async () => {
    const { deploy, reconcile, answered, names } = await world()
    deploy(fn('pay'))
    await reconcile()
    const record = await names.read(canonicalName('pay.fn.example.org'))
    assert.ok(record)
    await names.write({ ...record, version: record.version + 1, rrsets: {}, claims: {} }, record.version)
    assert.deepEqual(await answered(), [])
    await reconcile()
    assert.deepEqual(await answered(), ['pay'])
  })

  test('touches nothing that others have registered: it refuses the name', async () => {
    const { deploy, reconcile, answered, registry, told, registrations } = await world()
    const name = canonicalName('pay.fn.example.org')
    const other = { principal: 'token:0123456789abcdef', mayWrite: () => true }
    const theirs = { zone: byAddress.zone, id: FUNCTION_ID, rrsets: a(10, '192.0.2.9') }
    await registry.register({ ...theirs, name }, other)
    await registry.register({ ...theirs, name: canonicalName('mine.fn.example.org') }, other)
    await registry.register({ ...theirs, id: 'web-1', name: canonicalName('list.fn.example.org') }, other)
    deploy(fn('pay'), fn('list'))
    assert.deepEqual(await reconcile(), { functions: 3, published: 2, refused: 1, unread: 0 })
    const [refusal] = told('refused')
    assert.ok(refusal?.kind === 'refused')
    assert.equal(refusal.refusal.code, 'not_registered')
    assert.match(refusal.refusal.sentence, /^pay\.fn\.example\.org\.: /)
    assert.equal((await registrations.read(name, FUNCTION_ID))?.principal, other.principal)
    deploy(fn('pay', OFF), fn('list', OFF))
    await reconcile()
    assert.deepEqual(await answered(), ['list', 'mine', 'pay'])
  })

  test('refuses a name where a CNAME cannot stand', async () => {
    const { deploy, reconcile, registry, told } = await world(byName)
    const name = canonicalName('pay.fn.example.org')
    await registry.register(
      { zone: byName.zone, name, id: 'web', rrsets: a(10, '192.0.2.9') },
      { principal: 'local', mayWrite: () => true },
    )
    deploy(fn('pay'))
    await reconcile()
    assert.deepEqual(
      told('refused', 'fault').map(({ kind }) => kind),
      ['refused'],
    )
  })

  test('tells of a store that is away, and tries again', async () => {
    const { deploy, reconcile, answered, parts, registry, told } = await world()
    const away = () => Promise.reject(new NamingError('unavailable'))
    deploy(fn('pay'), fn('list'))
    Object.assign(parts, { registry: { register: away, withdraw: away } })
    await reconcile()
    assert.equal(told('fault').length, 2)
    Object.assign(parts, { registry })
    await reconcile()
    assert.deepEqual(await answered(), ['list', 'pay'])
  })
})

describe('an event', () => {
  test('publishes, renames and withdraws, and each event twice and late is as good', async () => {
    const { deploy, remove, hear, answered } = await world()
    const create = called('CreateFunction20150331', { functionName: 'pay' }, { functionArn: `${HOME}pay` })
    await hear(create)
    assert.deepEqual(await answered(), [], 'it is not there yet')
    deploy(fn('pay', prod))
    await hear(create, create, tagged('pay'))
    assert.deepEqual(await answered(), ['pay', 'prod.pay'])
    deploy(fn('pay', { tags: { 'namestream:name': 'till' }, ...prod }))
    await hear(called('TagResource20170331v2', { resource: `${HOME}pay` }))
    assert.deepEqual(await answered(), ['prod.till', 'till'])
    deploy(fn('pay'))
    await hear(called('DeleteAlias20150331', { functionName: 'pay', name: 'prod' }))
    assert.deepEqual(await answered(), ['pay'])
    remove('pay')
    await hear(create)
    assert.deepEqual(await answered(), [])
    await hear(called('DeleteFunction20150331', { functionName: `${HOME}pay` }))
    assert.deepEqual(await answered(), [])
  })

  test('in step costs reads only; many about one function are one; of what is not tagged one read', async () => {
    const { deploy, hear, reconcile, asked, told } = await world()
    deploy(fn('pay'), fn('internal', OFF))
    await reconcile()
    asked()
    told()
    const storm = Array.from({ length: 100 }, () =>
      called('UpdateFunctionConfiguration20150331v2', { functionName: 'pay:prod' }),
    )
    assert.deepEqual(await hear(...storm, tagged('internal')), { batchItemFailures: [] })
    assert.deepEqual(asked(), ['read pay', 'read internal'])
    assert.deepEqual(
      told().map(({ kind }) => kind),
      ['hint', 'hint'],
    )
  })

  test('that is garbage, or about another account, is told and dropped', async () => {
    const { hear, told, asked } = await world()
    const elsewhere = 'arn:aws:lambda:eu-west-1:999999999999:function:pay'
    const bodies = [
      '',
      'null',
      '{',
      '[]',
      '{"source":"aws.lambda"}',
      { ...called('X', {}), source: 'aws.s3' },
      called('ListFunctions20150331', {}),
      called('CreateFunction20150331', { functionName: 7 }),
      called('CreateFunction20150331', { functionName: 'a b' }),
      called('CreateFunction20150331', { functionName: elsewhere }),
      called('CreateFunction20150331', { functionName: '999999999999:function:pay' }),
      { ...tagged('pay'), resources: ['arn:aws:s3:::bucket'] },
      { ...tagged('pay'), resources: [elsewhere] },
      { ...tagged('pay'), resources: 'pay' },
    ]
    assert.deepEqual(await hear(...bodies), { batchItemFailures: [] })
    assert.deepEqual(
      told().map(({ kind }) => kind),
      bodies.map(() => 'unreadable'),
    )
    assert.deepEqual(asked(), [])
  })

  test('comes again if its function cannot be read, and the others of the batch do not', async () => {
    const { deploy, hear, hooks, answered, told } = await world()
    deploy(fn('pay'), fn('list'))
    hooks.read = async (name) => {
      if (name === 'pay') throw new Error('TooManyRequestsException')
    }
    assert.deepEqual(
      await hear(tagged('pay'), tagged('list'), called('CreateAlias20150331', { functionName: 'pay' })),
      {
        batchItemFailures: [{ itemIdentifier: 'm0' }, { itemIdentifier: 'm2' }],
      },
    )
    assert.deepEqual(await answered(), ['list'])
    assert.equal(told('fault').length, 1)
  })

  test('of a name that another function has is refused, whoever comes first', async () => {
    const { deploy, hear, answered, told } = await world()
    deploy(fn('Pay'))
    await hear(tagged('Pay'))
    deploy(fn('pay'), fn('till', { tags: { 'namestream:name': 'pay' } }))
    await hear(tagged('pay'), tagged('till'))
    assert.deepEqual(await answered(), ['pay'])
    const refused = told('refused').map((event) => event.kind === 'refused' && [event.refusal.arn, event.refusal.code])
    assert.deepEqual(refused, [
      [`${HOME}pay`, 'name_taken'],
      [`${HOME}till`, 'name_taken'],
    ])
  })

  test('of one of two that differ in case, both new: none gets the name', async () => {
    const { deploy, hear, answered, told } = await world()
    deploy(fn('Pay'), fn('pay'))
    await hear(tagged('Pay'))
    await hear(tagged('pay'))
    assert.deepEqual(await answered(), [])
    assert.deepEqual(told('refused').length, 2)
  })

  test('two in one batch that want one name by their tags: the first has it', async () => {
    const { deploy, hear, answered, told, registrations } = await world()
    deploy(fn('a', { tags: { 'namestream:name': 'pay' } }), fn('b', { tags: { 'namestream:name': 'pay' } }))
    await hear(tagged('a'), tagged('b'))
    assert.deepEqual(await answered(), ['pay'])
    assert.equal(told('refused').length, 1)
    const registered = await registrations.read(canonicalName('pay.fn.example.org'), FUNCTION_ID)
    assert.deepEqual([registered?.fn?.arn, registered?.principal], [`${HOME}a`, PRINCIPAL])
  })
})

test('functions are known by every way in which CloudTrail and tags name them', () => {
  for (const name of [
    'pay',
    'pay:prod',
    'pay:$LATEST',
    '123456789012:pay',
    '123456789012:function:pay:3',
    `${HOME}pay`,
    `${HOME}pay:prod`,
  ]) {
    const refs = functionsIn(JSON.stringify(called('UpdateAlias20150331', { functionName: name })), `${HOME}Self`)
    assert.deepEqual(refs, [{ arn: `${HOME}pay`, name: 'pay' }], name)
  }
})

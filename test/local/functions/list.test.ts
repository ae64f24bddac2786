import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listFunctions } from '../../../local/functions/list.ts'
import { parseListOptions } from '../../../local/functions/list-options.ts'
import { byAddress, functionNamed as fn, HOME } from '../../functions/found.ts'
import { world } from '../../functions/world.ts'

test('names with their functions, what is about to change, and what is refused', async () => {
  const { deploy, remove, reconcile, parts } = await world()
  const url = { url: 'https://a.example/', authType: 'AWS_IAM' } as const
  deploy(fn('pay', { urls: [url], aliases: [{ name: 'prod', version: '1' }] }), fn('gone'))
  await reconcile()
  remove('gone')
  deploy(fn('new'), fn('Foo'), fn('foo'))
  const { source, registered } = parts
  const lines = (await listFunctions({ source, registered, zone: byAddress.zone })).split('\n')
  assert.deepEqual(lines.slice(0, 4), [
    `gone.fn.example.org. ${HOME}gone auth=none to be withdrawn`,
    `pay.fn.example.org. ${HOME}pay auth=token https://a.example/`,
    `prod.pay.fn.example.org. ${HOME}pay:prod auth=token`,
    `new.fn.example.org. ${HOME}new to be published`,
  ])
  assert.match(lines[4] ?? '', /^refused arn:.*:Foo name_contested: arn:.*:foo would be foo\.fn\.example\.org\., too; /)
  assert.match(lines[5] ?? '', /^refused arn:.*:foo name_contested: /)
  assert.deepEqual(lines.slice(6), [''])
})

test('options', () => {
  assert.equal(parseListOptions(['--help']), undefined)
  assert.deepEqual(parseListOptions(['--zone', 'Example.org', '--lambda', 'http://l']), {
    zone: 'example.org.',
    data: undefined,
    dynamoDb: undefined,
    lambda: 'http://l',
  })
  assert.throws(() => parseListOptions(['--zone', 'a..b']), /^Error: --zone: the name has an empty label$/)
  assert.throws(() => parseListOptions(['--zones']), /npm run functions -- --help lists the options$/)
})

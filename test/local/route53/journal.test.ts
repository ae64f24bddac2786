import assert from 'node:assert/strict'
import { appendFileSync, copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import {
  ChangeTagsForResourceCommand,
  DeleteHostedZoneCommand,
  GetChangeCommand,
  GetHostedZoneCommand,
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-route-53'
import { startRoute53 } from '../../../local/route53/route53.ts'
import { type Bench, bench, change as one, times } from './emulator.ts'

const folder = mkdtempSync(join(tmpdir(), 'namestream-route53-'))
after(() => rmSync(folder, { recursive: true, force: true }))
let files = 0
const newFile = () => join(folder, `journal ${files++}`)

test('what was accepted is there after a kill', async () => {
  const file = newFile()
  const first = await bench({ file, insyncMs: 3_600_000 })
  const [id, gone] = [await first.zone('example.org'), await first.zone('gone.example')]
  await first.zone('example.net')
  await first.client.send(
    new ChangeTagsForResourceCommand({
      ...about(id),
      AddTags: [
        { Key: 'k', Value: 'v' },
        { Key: 'l', Value: 'w' },
      ],
    }),
  )
  await first.client.send(new ChangeTagsForResourceCommand({ ...about(id), RemoveTagKeys: ['l'] }))
  await first.client.send(new DeleteHostedZoneCommand({ Id: gone }))
  await first.change(
    id,
    times(400, (n) => one('CREATE', `n${n}.*.example.org`, 'TXT', [`"${n} \\303\\244"`])),
  )
  const changeId = await first.change(
    id,
    'UPSERT n0.*.example.org TXT 5 "new"\nDELETE n1.*.example.org TXT 60 "1 \\303\\244"',
  )
  await first.refusal(id, 'CREATE n0.*.example.org TXT 5 "new"')
  const before = await everything(first, id)

  // A copy is what a kill leaves: nothing is written at the end. The second one has been compacted.
  for (const copy of [newFile(), newFile()]) {
    copyFileSync(file, copy)
    const next = await bench({ file: copy, insyncMs: 3_600_000 })
    assert.deepEqual(await everything(next, id), before)
    const { ChangeInfo } = await next.client.send(new GetChangeCommand({ Id: changeId }))
    assert.deepEqual([ChangeInfo?.Status, ChangeInfo?.SubmittedAt], ['INSYNC', new Date(first.clock.now)])
    await assert.rejects(next.client.send(new GetHostedZoneCommand({ Id: gone })), { name: 'NoSuchHostedZone' })
    await assert.rejects(
      next.zone('example.org').then(() => next.zone('example.org')),
      { name: 'HostedZoneAlreadyExists' },
    )
    const later = await next.change(id, 'CREATE later.example.org A 60 192.0.2.1')
    assert.equal((await next.client.send(new GetChangeCommand({ Id: later }))).ChangeInfo?.Status, 'PENDING')
    await next.emulator.stop()
    const last = await bench({ file: copy })
    assert.equal((await everything(last, id)).sets.length, before.sets.length + 1)
    await last.emulator.stop()
  }
})

test('a line is there before the answer, also if the answer is lost', async () => {
  const file = newFile()
  const { zone, refusal, emulator } = await bench({ file })
  const id = await zone('example.org')
  emulator.inject({ effect: { kind: 'dropAfter' } })
  await refusal(id, 'CREATE a.example.org A 60 192.0.2.1')
  assert.match(readFileSync(file, 'utf8'), /"a\.example\.org\."/)
})

test('the file does not grow with what was undone', async () => {
  const file = newFile()
  const { zone, change, emulator } = await bench({ file })
  const id = await zone('example.org')
  for (const n of times(50, (n) => n)) await change(id, `UPSERT a.example.org A ${n} 192.0.2.1`)
  await emulator.stop()
  const lines = () => readFileSync(file, 'utf8').split('\n').length - 1
  assert.equal(lines(), 52)
  await (await bench({ file })).emulator.stop()
  assert.equal(lines(), 3)
})

describe('a torn last line', async () => {
  const file = newFile()
  const { zone, change, emulator } = await bench({ file })
  const id = await zone('example.org')
  await change(id, 'CREATE a.example.org A 60 192.0.2.1')
  const kept = readFileSync(file).length
  await change(id, 'CREATE b.example.org A 60 192.0.2.1')
  const whole = readFileSync(file).length
  await emulator.stop()

  for (const length of [kept + 1, whole - 10, whole - 1]) {
    test(`of ${length - kept} octets is left out`, async () => {
      const copy = newFile()
      copyFileSync(file, copy)
      truncateSync(copy, length)
      const torn = await bench({ file: copy })
      assert.deepEqual(await torn.sets(id), ['a.example.org. A 60 192.0.2.1'])
      await torn.change(id, 'CREATE c.example.org A 60 192.0.2.1')
      await torn.emulator.stop()
      const again = await bench({ file: copy })
      assert.equal((await again.sets(id)).length, 2)
    })
  }
})

describe('a file that cannot be used is told in one line, and left as it is', () => {
  const rows: [title: string, content: string, message: RegExp][] = [
    ['no JSON', 'hello\n', /line 1 is not a line of this journal/],
    ['other JSON', '{"kind":"past","changes":[]}\n{"kind":"other"}\n', /line 2 is not a line of this journal/],
    ['a number', '1\n', /line 1 is/],
    ['a torn line in the middle', '{"kind":"past","chan\n{"kind":"past","changes":[]}\n', /line 1 is/],
  ]
  for (const [title, content, message] of rows) {
    test(title, async () => {
      const file = newFile()
      writeFileSync(file, content)
      await assert.rejects(start(file), (error: Error) => {
        assert.match(error.message, new RegExp(`^cannot use ${file} for hosted zones: [^\n]*$`))
        assert.match(error.message, message)
        return true
      })
      assert.equal(readFileSync(file, 'utf8'), content)
    })
  }

  test('a folder', () => assert.rejects(start(folder), { message: /^cannot use .*EISDIR[^\n]*$/ }))
  test('in a folder that is not there', () =>
    assert.rejects(start(join(folder, 'none', 'file')), { message: /^cannot use .*ENOENT[^\n]*$/ }))
  test('an empty file is a new one', async () => {
    const file = newFile()
    appendFileSync(file, '')
    await (await start(file)).stop()
  })
})

// ---------------------------------------------------------------------------

function start(file: string) {
  return startRoute53({ endpoint: { host: '127.0.0.1', port: 0 }, file, log: () => {} })
}

function about(ResourceId: string) {
  return { ResourceType: 'hostedzone', ResourceId } as const
}

async function everything({ client, emulator }: Bench, id: string) {
  const zones = await client.send(new ListHostedZonesCommand())
  const zone = await client.send(new GetHostedZoneCommand({ Id: id }))
  const tags = await client.send(new ListTagsForResourceCommand(about(id)))
  const page = await client.send(new ListResourceRecordSetsCommand({ HostedZoneId: id, MaxItems: 300 }))
  return {
    zones: zones.HostedZones,
    zone: zone.DelegationSet,
    tags: tags.ResourceTagSet,
    page: page.ResourceRecordSets,
    sets: emulator.sets(id),
  }
}

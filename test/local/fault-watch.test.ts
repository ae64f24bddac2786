import assert from 'node:assert/strict'
import { test } from 'node:test'
import { faultWatch } from '../../local/fault-watch.ts'
import { canonicalName } from '../../shared/dns/name.ts'
import { memoryMirrorStore } from '../../shared/mirror/memory.ts'
import { memoryStore } from '../../shared/records/memory.ts'
import { newZone } from '../../shared/records/new-zone.ts'

test('a hosted zone that takes nothing is told once, and so is that it is over', async () => {
  const { zones } = memoryStore()
  const zone = canonicalName('example.org')
  await zones.add(newZone(zone))
  await zones.link(zone, 'Z1')
  await zones.add(newZone(canonicalName('example.net')))
  const store = memoryMirrorStore()
  const lines: string[] = []
  const look = faultWatch({ zones, store, tell: (line) => lines.push(line) })
  const note = (code: string) =>
    store.note('Z1', { fault: { code, message: `${code}, says AWS`, since: 0, retryAt: 1 } })
  await look()
  await note('AccessDenied')
  await look()
  await look()
  await note('NoSuchHostedZone')
  await look()
  await store.note('Z1', { fault: undefined })
  await look()
  await look()
  assert.deepEqual(lines, [
    'example.org.: the hosted zone Z1 takes nothing, which is tried again (AccessDenied, says AWS)',
    'example.org.: the hosted zone Z1 takes nothing, which is tried again (NoSuchHostedZone, says AWS); another one is made at the next start',
    'example.org.: the hosted zone Z1 takes changes again',
  ])
})

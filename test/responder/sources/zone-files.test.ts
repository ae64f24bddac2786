/** Zone files that are read again while they are served. */
import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, describe, test } from 'node:test'
import { createAnswer } from '../../../responder/answer.ts'
import { Counters, createCounterMemory } from '../../../responder/metrics/counters.ts'
import { type ZoneFilesSource, zoneFiles } from '../../../responder/sources/zone-files.ts'
import type { Update } from '../../../responder/zones/update.ts'
import { parseName } from '../../../shared/dns/name.ts'
import { ask, show } from '../scenario.ts'
import { Served } from '../served.ts'

const folder = mkdtempSync(join(tmpdir(), 'zone-files-test-'))
after(() => rmSync(folder, { recursive: true }))
const org = { origin: parseName('example.org.'), file: join(folder, 'org.zone') }
const net = { origin: parseName('example.net.'), file: join(folder, 'net.zone') }

let source: ZoneFilesSource
let served: Served
let published: (readonly Update[])[]
beforeEach(async () => {
  write(org.file, 1, 'www A 192.0.2.1\ngone A 192.0.2.2')
  write(net.file, 1, 'www A 192.0.2.3')
  served = new Served()
  published = []
  source = zoneFiles([org, net])
  await source.start((updates) => {
    published.push(updates)
    served.apply(updates)
  }, new AbortController().signal)
})

describe('a file that has changed', () => {
  test('is served whole and at once, and what it no longer has is gone', async () => {
    write(org.file, 2, 'www A 192.0.2.11\nnew A 192.0.2.12')
    const outcomes = await source.reread([org, net], false)
    assert.deepEqual(outcomes, [{ taken: true, line: `example.org. is served from ${org.file} with serial 2` }])
    assert.deepEqual(
      ['www', 'new', 'gone'].map((label) => addressOf(label)),
      ['192.0.2.11', '192.0.2.12', 'NXDOMAIN'],
    )
    assert.equal(addressOf('www', 'example.net.'), '192.0.2.3')
    assert.deepEqual([source.status().zones, source.status().names], [2, 3])
  })

  test('is served as before until the last step', async () => {
    const before = new Served(...published.flat())
    published = []
    write(org.file, 2, 'www A 192.0.2.11')
    await source.reread([org, net], false)
    for (const [i, updates] of published.entries()) {
      assert.equal(addressOf('www', 'example.org.', before), '192.0.2.1', `before step ${i}`)
      before.apply(updates)
    }
    assert.equal(addressOf('www', 'example.org.', before), '192.0.2.11')
    assert.ok(published.length >= 3)
  })

  for (const [serial, tells] of [
    [1, 'with serial 1, which has not risen from 1 though the zone has changed'],
    [0, 'with serial 0, which has not risen from 1 though the zone has changed'],
    [2147483648, 'with serial 2147483648'],
    [2147483649, 'with serial 2147483649, which has not risen from 1 though the zone has changed'],
  ] as const) {
    test(`tells ${tells}`, async () => {
      write(org.file, serial, 'www A 192.0.2.11')
      const [outcome] = await source.reread([org, net], false)
      assert.deepEqual(outcome, { taken: true, line: `example.org. is served from ${org.file} ${tells}` })
      assert.equal(addressOf('www'), '192.0.2.11')
    })
  }

  test('but says the same changes nothing', async () => {
    published = []
    appendFileSync(org.file, '; a remark\n')
    utimesSync(net.file, 1, 1)
    assert.deepEqual(await source.reread([org, net], true), [])
    assert.deepEqual(published, [])
  })

  test('by being replaced is noticed, size and time being equal', async () => {
    utimesSync(org.file, 5, 5)
    assert.deepEqual(await source.reread([org, net], false), [])
    const other = join(folder, 'other')
    write(other, 2, 'www A 192.0.2.7\ngone A 192.0.2.8')
    utimesSync(other, 5, 5)
    renameSync(other, org.file)
    await source.reread([org, net], false)
    assert.equal(addressOf('www'), '192.0.2.7')
  })
})

describe('a file that is not sound', () => {
  test('is refused with its reason, and the zone is served as it was', async () => {
    write(org.file, 2, 'www A nonsense')
    const [outcome, ...others] = await source.reread([org, net], false)
    assert.equal(outcome?.taken, false)
    assert.match(outcome?.line ?? '', /^example\.org\. is served as before: .*org\.zone:4: A: .*nonsense/)
    assert.deepEqual(others, [])
    assert.equal(addressOf('www'), '192.0.2.1')
  })

  test('is told once, again if somebody asks, and taken once it is sound', async () => {
    rmSync(org.file)
    assert.match((await source.reread([org, net], false))[0]?.line ?? '', /there is no such file$/)
    assert.deepEqual(await source.reread([org, net], false), [])
    assert.equal((await source.reread([org, net], true)).length, 1)
    write(org.file, 2, 'www A 192.0.2.11')
    assert.equal((await source.reread([org, net], false))[0]?.taken, true)
    assert.equal(addressOf('www'), '192.0.2.11')
  })
})

describe('a zone for which there is no room', () => {
  const crowded = () => zoneFiles([org])
  const full = (updates: readonly Update[]) => {
    if (updates.some(({ kind }) => kind === 'names')) throw new RangeError('the table is full')
    served.apply(updates)
  }

  test('keeps the source from starting', async () => {
    await assert.rejects(crowded().start(full, new AbortController().signal), /^RangeError: the table is full$/)
  })

  test('is refused, is served as it was, and is taken when there is', async () => {
    let publish: (updates: readonly Update[]) => void = (updates) => served.apply(updates)
    const source = crowded()
    await source.start((updates) => publish(updates), new AbortController().signal)
    write(org.file, 2, 'www A 192.0.2.11')
    publish = full
    const line = 'example.org. is served as before: the table is full'
    assert.deepEqual(await source.reread([org], false), [{ taken: false, line }])
    assert.equal(addressOf('www'), '192.0.2.1')
    publish = (updates) => served.apply(updates)
    assert.equal((await source.reread([org], true))[0]?.taken, true)
    assert.equal(addressOf('www'), '192.0.2.11')
    assert.equal(addressOf('gone'), 'NXDOMAIN')
  })
})

describe('another list of files', () => {
  const com = { origin: parseName('example.com.'), file: join(folder, 'com.zone') }

  test('adds and takes away zones', async () => {
    write(com.file, 7, 'www A 192.0.2.4')
    const outcomes = await source.reread([com, org], false)
    assert.deepEqual(
      outcomes.map(({ line }) => line),
      [`example.net. is no longer served from ${net.file}`, `example.com. is served from ${com.file} with serial 7`],
    )
    assert.equal(addressOf('www', 'example.com.'), '192.0.2.4')
    assert.equal(addressOf('www', 'example.net.'), 'REFUSED')
    assert.deepEqual([source.status().zones, source.status().names], [2, 3])
  })

  test('brings back a zone that was taken away', async () => {
    await source.reread([org], false)
    await source.reread([org, net], false)
    assert.equal(addressOf('www', 'example.net.'), '192.0.2.3')
  })

  test('moves a zone to another file', async () => {
    write(com.file, 2, 'www A 192.0.2.5')
    await source.reread([{ ...org, file: com.file }, net], false)
    assert.equal(addressOf('www'), '192.0.2.5')
  })

  test('with a zone that cannot be read does without it', async () => {
    const absent = { ...com, file: join(folder, 'absent') }
    const [outcome] = await source.reread([org, net, absent], false)
    assert.deepEqual(outcome, {
      taken: false,
      line: `example.com. is not served: ${absent.file}: there is no such file`,
    })
    assert.equal(addressOf('www', 'example.com.'), 'REFUSED')
    assert.equal(source.status().zones, 2)
  })
})

// ---------------------------------------------------------------------------

function write(file: string, serial: number, records: string): void {
  writeFileSync(file, `$TTL 300\n@ SOA ns h ${serial} 3600 600 86400 60\n@ NS ns\n${records}\n`)
}

function addressOf(label: string, origin = 'example.org.', { zones } = served): string {
  const report = (error: unknown) => assert.fail(String(error))
  const answer = createAnswer({ zones, counters: new Counters(createCounterMemory(1), 0), report })
  const { says, answer: records } = show(ask(answer, `${label}.${origin} A`))
  return records[0]?.split(' ').at(-1) ?? says.split(' ')[0] ?? ''
}

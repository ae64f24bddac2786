/** What is taken of files that have changed, and what is told of it. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, describe, test } from 'node:test'
import { readCertificate } from '../../responder/listeners/certificate.ts'
import { type ReloadOptions, Reloads } from '../../responder/reload.ts'
import { type Settings, type SomeSettings, settle } from '../../responder/settings.ts'
import type { Reread, ZoneFile } from '../../responder/sources/zone-files.ts'
import type { Change } from '../../responder/workers/messages.ts'
import { parseName } from '../../shared/dns/name.ts'
import { eventually } from '../eventually.ts'
import { makeCertificate } from './certificate.ts'

const folder = mkdtempSync(join(tmpdir(), 'reload-test-'))
after(() => rmSync(folder, { recursive: true }))
const files = { certificate: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }
const zone = (origin: string): ZoneFile => ({ origin: parseName(origin), file: origin })
const usual: SomeSettings = {
  dns: [{ host: '127.0.0.1', port: 5300 }],
  tls: [{ host: '127.0.0.1', port: 8853 }],
  zones: [zone('example.org.')],
  ...files,
}

let now: SomeSettings | Error
let changes: Change[]
let reread: { files: readonly ZoneFile[]; refused: boolean }[]
let outcomes: Reread[]
let told: string[]
let reloads: Reloads
beforeEach(() => {
  writeCertificate()
  now = usual
  changes = []
  reread = []
  outcomes = []
  told = []
  reloads = new Reloads(options())
})

test('where nothing has changed nothing is done, which is told to who asks', async () => {
  await reloads.look(false)
  assert.deepEqual([changes, told], [[], []])
  await reloads.look(true)
  assert.deepEqual([changes, told], [[], ['nothing has changed']])
  assert.deepEqual(counts(), [0, 0])
})

describe('the configuration', () => {
  test('gives links other settings', async () => {
    now = { ...usual, links: { any: false } }
    await reloads.look(false)
    await reloads.look(false)
    assert.deepEqual(changes, [{ links: { any: false } }])
    assert.deepEqual(told, ['the settings of links are taken anew'])
    assert.deepEqual(counts(), [1, 0])
  })

  test('that is not sound changes nothing, and is told once, or if somebody asks', async () => {
    now = new Error('namestream.json: "linsk" is not known here')
    for (const asked of [false, false, true, false]) await reloads.look(asked)
    const line = 'the configuration stays as it was: namestream.json: "linsk" is not known here'
    assert.deepEqual(told, [line, line])
    assert.deepEqual(changes, [])
    assert.deepEqual(counts(), [0, 2])
    now = { ...usual, links: { any: false } }
    await reloads.look(false)
    assert.equal(changes.length, 1)
    now = new Error('namestream.json: "linsk" is not known here')
    await reloads.look(false)
    assert.equal(told.at(-1), line, 'it is another fault, though it reads the same')
  })

  test('does not keep the files from being looked at', async () => {
    now = new Error('bad')
    writeCertificate()
    await reloads.look(false)
    assert.equal(changes.length, 1)
    assert.deepEqual(reread, [{ files: usual.zones, refused: false }])
  })

  test('names other zones', async () => {
    now = { ...usual, zones: [zone('example.net.')] }
    await reloads.look(true)
    assert.deepEqual(reread, [{ files: [zone('example.net.')], refused: true }])
  })

  test('tells what needs a restart, once, and takes the rest', async () => {
    now = {
      ...usual,
      dns: [{ host: '127.0.0.1', port: 53 }],
      tls: [],
      https: [{ host: '127.0.0.1', port: 443 }],
      control: { host: '127.0.0.1', port: 8080 },
      workers: 2,
      limits: { idleMs: 1000 },
      lameduckMs: 1000,
      intervalMs: 1000,
      links: { any: false },
    }
    await reloads.look(false)
    await reloads.look(false)
    const line = 'a restart is needed for: dns, tls.listen, https, tcp, health, workers, lameduck, interval'
    assert.deepEqual(told, [line, 'the settings of links are taken anew'])
    now = { ...usual, workers: 3 }
    await reloads.look(false)
    assert.equal(told[2], 'a restart is needed for: workers')
  })

  test('does not take the zones away by naming none', async () => {
    now = { ...usual, zones: [] }
    await reloads.look(false)
    assert.deepEqual(reread, [{ files: usual.zones, refused: false }])
    assert.deepEqual(told, ['a restart is needed for: zones (from files or from tables)'])
  })

  test('sets the time between two looks of its own, and may want none', async () => {
    now = { ...usual, reloadMs: 0 }
    await reloads.look(true)
    reloads.start()
    now = { ...usual, reloadMs: 20 }
    await reloads.look(true)
    await eventually(() => assert.ok(reread.length >= 5))
    assert.deepEqual(reread.at(-1)?.refused, false)
    now = { ...usual, reloadMs: 0 }
    await reloads.look(true)
  })
})

describe('looks of its own', () => {
  for (const [random, pauseMs] of [
    [0, 15_000],
    [0.5, 30_000],
    [0.999, 44_970],
  ] as const) {
    test(`come after ${pauseMs} ms`, (t) => {
      t.mock.timers.enable({ apis: ['setTimeout'] })
      const timed = new Reloads({ ...options(), random: () => random })
      timed.start()
      const looks: boolean[] = []
      timed.look = async (asked) => void looks.push(asked)
      t.mock.timers.tick(pauseMs - 1)
      assert.deepEqual(looks, [])
      t.mock.timers.tick(1)
      assert.deepEqual(looks, [false])
    })
  }
})

describe('the certificate', () => {
  test('is taken anew', async () => {
    const { cert, key } = writeCertificate()
    await reloads.look(false)
    await reloads.look(false)
    const [change, ...others] = changes
    assert.deepEqual([change?.secure?.certificate.chain, change?.secure?.certificate.key], [cert, key])
    assert.equal(change?.secure?.path, '/dns-query')
    assert.deepEqual(others, [])
    assert.match(told[0] ?? '', /^the certificate is taken anew, it ends \d{4}-/)
    assert.deepEqual(counts(), [1, 0])
  })

  test('of other files is taken, too', async () => {
    const other = join(folder, 'other.pem')
    const { cert, key } = makeCertificate()
    writeFileSync(other, cert + key)
    now = { ...usual, certificate: other, key: other }
    await reloads.look(false)
    assert.equal(changes[0]?.secure?.certificate.chain, cert + key)
  })

  test('whose key is not there yet is refused until it is', async () => {
    const { cert, key } = makeCertificate()
    writeFileSync(files.certificate, cert)
    await reloads.look(false)
    assert.deepEqual(told, [`the certificate stays as it was: ${files.key}: is not the key of ${files.certificate}`])
    writeFileSync(files.key, key)
    await reloads.look(false)
    assert.equal(changes[0]?.secure?.certificate.chain, cert)
    assert.deepEqual(counts(), [1, 1])
  })

  test('tells when it ends', async () => {
    const notAfter = new Date('2031-02-03T04:05:06Z')
    writeCertificate({ notAfter })
    await reloads.look(false)
    const figure = reloads.figures().find(({ name }) => name === 'namestream_certificate_expiry_seconds')
    assert.equal(figure?.value, notAfter.getTime() / 1000)
  })
})

test('what came of zone files is told and counted', async () => {
  outcomes = [
    { taken: true, line: 'one is served' },
    { taken: false, line: 'the other is served as before' },
  ]
  await reloads.look(false)
  assert.deepEqual(told, ['one is served', 'the other is served as before'])
  assert.deepEqual(counts(), [1, 1])
})

test('looks go on one after another, whatever one meets', async () => {
  let underWay = 0
  const slow = new Reloads({
    ...options(),
    reread: async () => {
      assert.equal(++underWay, 1)
      await new Promise((later) => setTimeout(later, 5))
      underWay--
      throw new Error('the thread could not be started')
    },
  })
  await Promise.all([slow.look(false), slow.look(true), slow.look(false)])
  assert.deepEqual(told, Array(3).fill('the thread could not be started'))
})

// ---------------------------------------------------------------------------

function options(): ReloadOptions {
  return {
    settings: settled(),
    certificate: readCertificate(files),
    read: settled,
    change: (change) => changes.push(change),
    reread: async (asked, refused) => {
      reread.push({ files: asked, refused })
      return outcomes
    },
    say: (line) => told.push(line),
  }
}

function settled(): Settings {
  if (now instanceof Error) throw now
  return settle({}, now, {})
}

function writeCertificate(options = {}) {
  const { cert, key } = makeCertificate(options)
  writeFileSync(files.certificate, cert)
  writeFileSync(files.key, key)
  return { cert, key }
}

/** Taken and refused so far. */
function counts(): (number | undefined)[] {
  return ['namestream_reloads_total', 'namestream_reload_failed_total'].map(
    (name) => reloads.figures().find((figure) => figure.name === name)?.value,
  )
}

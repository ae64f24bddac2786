import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, describe, test } from 'node:test'
import { findJava } from '../../local/java.ts'

// Programs that say what some Java says of itself; none of them is Java.
const root = mkdtempSync(join(tmpdir(), 'namestream-java-'))
const [home, path, data] = [join(root, 'home'), join(root, 'path'), join(root, 'data')]
const told: string[] = []
const { JAVA_HOME, PATH, HTTPS_PROXY } = process.env
after(() => {
  Object.assign(process.env, { PATH, ...(JAVA_HOME && { JAVA_HOME }), ...(HTTPS_PROXY && { HTTPS_PROXY }) })
  rmSync(root, { recursive: true, force: true })
})

beforeEach(() => {
  for (const folder of [home, path, data]) rmSync(folder, { recursive: true, force: true })
  told.length = 0
  process.env.PATH = path
  process.env.HTTPS_PROXY = 'http://127.0.0.1:9' // nothing can be fetched
  delete process.env.JAVA_HOME
})

test('JAVA_HOME comes first', async () => {
  process.env.JAVA_HOME = home
  install(join(home, 'bin'), 'openjdk version "21.0.2" 2024-01-16')
  install(path, 'openjdk version "17.0.15" 2025-04-15')
  assert.equal(await find(), join(home, 'bin', 'java'))
})

test('then what is on PATH, where JAVA_HOME has none or an old one', async () => {
  process.env.JAVA_HOME = home
  install(path, 'openjdk version "11" 2018-09-25')
  assert.equal(await find(), 'java')
  install(join(home, 'bin'), 'java version "1.8.0_392"')
  assert.equal(await find(), 'java')
})

test('then one that was fetched earlier', async () => {
  install(path, 'java version "1.8.0_392"')
  const earlier = join(data, 'java', 'jre', 'jdk-17.0.15+6-jre', 'bin')
  install(earlier, 'openjdk version "17.0.15" 2025-04-15')
  assert.equal(await find(), join(earlier, 'java'))
  assert.deepEqual(told, [])
})

describe('where there is none and none can be fetched', () => {
  const cases: [title: string, prepare: () => void, seen: RegExp][] = [
    ['nothing at all', () => {}, /^no Java 11 or later here: fetching one/],
    [
      'only Java 8',
      () => install(path, 'java version "1.8.0_392"'),
      /^no Java 11 or later here \(java is Java 8\): fetching one/,
    ],
    [
      'a stub that only complains',
      () => install(path, 'Unable to locate a Java Runtime', 1),
      /^no Java 11 or later here: fetching/,
    ],
  ]
  for (const [title, prepare, seen] of cases) {
    test(title, async () => {
      prepare()
      const message =
        /^DynamoDB Local needs Java 11 or later: [^\n]* none could be fetched \(ECONNREFUSED\)\. Install one [^\n]*$/
      await assert.rejects(find(), { message })
      assert.match(told.join('\n'), seen)
      assert.deepEqual(readdirSync(data), [], 'no half runtime is left')
    })
  }
})

// ---------------------------------------------------------------------------

function find(): Promise<string> {
  return findJava(data, (line) => told.push(line))
}

function install(folder: string, says: string, code = 0): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'java'), `#!/bin/sh\necho '${says}' >&2\nexit ${code}\n`)
  chmodSync(join(folder, 'java'), 0o755)
}

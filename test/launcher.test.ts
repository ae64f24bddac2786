import assert from 'node:assert/strict'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'

// run.mjs in a project of its own: it has one dependency, a package `node` in a file, so that npm needs no registry.
let projects = 0
const root = mkdtempSync(join(tmpdir(), 'namestream-launcher-'))
after(() => rmSync(root, { recursive: true, force: true }))
const template = join(root, 'template')
makeProject(template)

test('it installs what is missing, once, and runs the file with its arguments and exit code', async () => {
  const project = newProject()
  const first = await run(project, ['program.ts', 'one', 'two words'])
  assert.deepEqual(first, {
    code: 7,
    stdout: 'runs with one,two words on the Node of node_modules\n',
    stderr: first.stderr,
  })
  assert.match(first.stderr, /^Installing dependencies \(npm ci\)/)
  const second = await run(project, ['program.ts'])
  assert.equal(second.code, 7)
  assert.equal(second.stderr, '')
  assert.equal(existsSync(join(project, '.namestream', 'install.lock')), false)
})

describe('an installation that is not whole is made anew', () => {
  const installed = newProject()
  const harm: [title: string, path: string, text: string | undefined][] = [
    ['its Node is missing, as where install scripts were cut short', 'node_modules/node/bin/node', undefined],
    ['npm did not come to its end', 'node_modules/.package-lock.json', undefined],
    [
      'the lockfile asks for another version',
      'node_modules/.package-lock.json',
      '{"packages":{"node_modules/node":{"version":"1.0.0"}}}',
    ],
    ['npm’s record is cut off', 'node_modules/.package-lock.json', '{"packages":{"node_mod'],
  ]
  for (const [title, path, text] of harm) {
    test(title, async () => {
      await run(installed, ['program.ts'])
      rmSync(join(installed, path))
      if (text !== undefined) writeFileSync(join(installed, path), text)
      const { code, stderr } = await run(installed, ['program.ts'])
      assert.match(stderr, /^Installing dependencies/)
      assert.equal(code, 7)
    })
  }
})

test('of two first runs at once one installs and the other waits', async () => {
  const project = newProject()
  const both = await Promise.all([run(project, ['program.ts', 'a']), run(project, ['program.ts', 'b'])])
  assert.deepEqual(
    both.map(({ code }) => code),
    [7, 7],
  )
  assert.equal(both.filter(({ stderr }) => stderr.startsWith('Installing')).length, 1)
  assert.equal(both.filter(({ stderr }) => stderr.startsWith('Another process is installing')).length, 1)
})

test('the install lock of a process that has died is void', async () => {
  const project = newProject()
  const { pid } = spawnSync(process.execPath, ['-e', ''])
  mkdirSync(join(project, '.namestream'))
  writeFileSync(join(project, '.namestream', 'install.lock'), String(pid))
  assert.equal((await run(project, ['program.ts'])).code, 7)
})

test('where npm fails, the last line says so in words', async () => {
  const project = newProject()
  writeJson(join(project, 'package.json'), { name: 'project', dependencies: { absent: '1.0.0' } })
  const { code, stdout, stderr } = await run(project, ['program.ts'])
  assert.equal(code, 1)
  assert.equal(stdout, '')
  assert.match(
    stderr,
    /\nnamestream: npm ci ended with \d+ \(its messages are above\); is the package registry reachable\?\n$/,
  )
  assert.equal(existsSync(join(project, '.namestream', 'install.lock')), false)
})

test('without npm', async () => {
  const { code, stderr } = await run(newProject(), ['program.ts'], { PATH: '/nonexistent' })
  assert.equal(code, 1)
  assert.match(stderr, /\nnamestream: cannot start npm: spawn npm ENOENT\n$/)
})

describe('a signal while it installs ends npm as well', () => {
  for (const [file, code] of [
    ['local/main.ts', 0],
    ['program.ts', 143],
  ] as const) {
    test(`exit code ${code} for ${file}`, async () => {
      const project = newProject()
      const child = start(project, [file])
      await once(child.stderr, 'data')
      const holders = await eventuallyTwo(join(project, '.namestream', 'install.lock'))
      child.kill('SIGTERM')
      const [ended] = await once(child, 'close')
      assert.equal(ended, code)
      assert.equal(existsSync(`/proc/${holders[1]}`), false, 'npm is gone')
      assert.equal(existsSync(join(project, '.namestream', 'install.lock')), false)
    })
  }
})

test('without a file it says how it is used', async () => {
  const { code, stderr } = await run(newProject(), [])
  assert.equal(code, 1)
  assert.equal(stderr, 'namestream: usage: node run.mjs FILE [ARGUMENT...]\n')
})

// ---------------------------------------------------------------------------

function newProject(): string {
  const project = join(root, String(++projects))
  cpSync(template, project, { recursive: true })
  return project
}

function makeProject(folder: string): void {
  mkdirSync(join(folder, 'node', 'bin'), { recursive: true })
  mkdirSync(join(folder, 'local'))
  writeJson(join(folder, 'node', 'package.json'), { name: 'node', version: '24.0.0' })
  writeFileSync(join(folder, 'node', 'bin', 'node'), `#!/bin/sh\nFROM=node_modules exec '${process.execPath}' "$@"\n`)
  chmodSync(join(folder, 'node', 'bin', 'node'), 0o755)
  npm(folder, 'pack', './node')
  writeJson(join(folder, 'package.json'), {
    name: 'project',
    version: '1.0.0',
    dependencies: { node: 'file:node-24.0.0.tgz' },
  })
  npm(folder, 'install', '--package-lock-only', '--offline')
  copyFileSync(fileURLToPath(new URL('../run.mjs', import.meta.url)), join(folder, 'run.mjs'))
  const program = `console.log(\`runs with \${process.argv.slice(2)} on the Node of \${process.env.FROM}\`)\nprocess.exit(7)\n`
  writeFileSync(join(folder, 'program.ts'), program)
  writeFileSync(join(folder, 'local', 'main.ts'), program)
}

function npm(folder: string, ...args: string[]): void {
  execFileSync('npm', args, { cwd: folder, env: cleanEnvironment(), stdio: ['ignore', 'ignore', 'pipe'] })
}

function writeJson(path: string, value: unknown): void {
  writeFileSync(path, JSON.stringify(value))
}

function start(project: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  return spawn(process.execPath, [join(project, 'run.mjs'), ...args], {
    cwd: project,
    env: { ...cleanEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

async function run(project: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = start(project, args, env)
  const said = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text) => {
      said[name] += text
    })
  }
  const [code] = await once(child, 'close')
  return { code, ...said }
}

/** The environment without what an npm around this test run has put there. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^npm_|^NODE_TEST_CONTEXT$|^INIT_CWD$/i.test(name))
  return Object.fromEntries(kept)
}

/** The two processes of the install lock: run.mjs and npm. */
async function eventuallyTwo(lock: string): Promise<string[]> {
  for (;;) {
    const holders = existsSync(lock) ? readFileSync(lock, 'utf8').split(' ') : []
    if (holders.length === 2) return holders
    await new Promise(setImmediate)
  }
}

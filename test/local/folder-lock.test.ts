import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { lockFolder } from '../../local/folder-lock.ts'

const MODULE = fileURLToPath(new URL('../../local/folder-lock.ts', import.meta.url))
const root = mkdtempSync(join(tmpdir(), 'namestream-lock-'))
after(() => rmSync(root, { recursive: true, force: true }))

test('a folder is claimed once, and free again after its release', () => {
  const folder = join(root, 'new', 'below')
  const release = lockFolder(folder)
  assert.throws(() => lockFolder(folder), {
    message: new RegExp(`^${folder} is in use by another stack \\(process ${process.pid}\\)`),
  })
  release()
  lockFolder(folder)()
  assert.deepEqual(readdirSync(folder), [], 'nothing is left behind')
})

test('the claim of a process that was killed is void', async () => {
  const folder = join(root, 'killed')
  const script = `import(${JSON.stringify(MODULE)}).then(({ lockFolder }) => { lockFolder(${JSON.stringify(folder)}); console.log('held'); setInterval(() => {}, 1000) })`
  const holder = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(holder.stdout, 'data')
  assert.throws(() => lockFolder(folder), /in use by another stack/)
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  lockFolder(folder)()
})

test('a process id that belongs to another process by now does not count', () => {
  const folder = join(root, 'reused')
  lockFolder(folder)()
  writeFileSync(join(folder, 'lock'), `${process.pid} 1`) // started at another time
  lockFolder(folder)()
})

test('of many who find a dead claim one gets the folder', async () => {
  const folder = join(root, 'contended')
  const dead = spawnSync(process.execPath, ['-e', '']).pid
  lockFolder(folder)()
  writeFileSync(join(folder, 'lock'), `${dead} 1`)
  const script = `import(${JSON.stringify(MODULE)}).then(({ lockFolder }) => { try { lockFolder(${JSON.stringify(folder)}); console.log('held') } catch { console.log('refused') } process.stdin.on('end', () => process.exit(0)).resume() })`
  const claims = Array.from({ length: 6 }, () =>
    spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] }),
  )
  const said = await Promise.all(claims.map(async ({ stdout }) => String((await once(stdout, 'data'))[0]).trim()))
  for (const { stdin } of claims) stdin.end()
  await Promise.all(claims.map((claim) => once(claim, 'exit')))
  assert.deepEqual(said.sort(), ['held', 'refused', 'refused', 'refused', 'refused', 'refused'])
})

test('a folder that cannot be made is said in one line', () => {
  writeFileSync(join(root, 'file'), '')
  for (const folder of [join(root, 'file', 'below'), '/proc/none', '/proc/none/below']) {
    assert.throws(() => lockFolder(folder), { message: /^cannot use .* for data: [^\n]*$/ })
  }
})

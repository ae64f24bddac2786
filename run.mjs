// Runs one of the project's TypeScript files on the Node of `node_modules`, after installing what is missing or stale.
// Plain JavaScript, so that any Node from 20 on can run it: `node run.mjs FILE [ARGUMENT...]`.
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('.', import.meta.url))
const [file, ...args] = process.argv.slice(2)

if (!installed()) install()
const child = spawn(`${root}node_modules/node/bin/node`, [`${root}${file}`, ...args], { stdio: 'inherit', cwd: root })
child.on('error', (error) => fail(`cannot run Node from node_modules: ${error.message}`))
// Ctrl-C reaches the whole process group, so the child has it already; SIGTERM comes to this process alone.
process.on('SIGINT', () => {})
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))

/** True if npm's own record of what it installed agrees with the lockfile. */
function installed() {
  const wanted = packages('package-lock.json')
  const present = packages('node_modules/.package-lock.json')
  if (!wanted || !present) return false
  return Object.entries(wanted).every(
    ([path, entry]) => path === '' || entry.optional || entry.devOptional || present[path]?.version === entry.version,
  )
}

function packages(path) {
  try {
    return JSON.parse(readFileSync(root + path, 'utf8')).packages
  } catch {
    return undefined
  }
}

function install() {
  process.stderr.write('Installing dependencies (npm ci), about a minute the first time ...\n')
  const result = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  if (result.error) fail(`cannot start npm: ${result.error.message}`)
  if (result.status !== 0) fail(`npm ci ended with ${result.status ?? result.signal}; its messages are above`)
}

function fail(message) {
  process.stderr.write(`namestream: ${message}\n`)
  process.exit(1)
}

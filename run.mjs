// Runs one of the project's TypeScript files on the Node of `node_modules`, after installing what is missing or stale.
// Plain JavaScript, so that any Node from 20 on can run it: `node run.mjs FILE [ARGUMENT...]`.
import { spawn } from 'node:child_process'
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('.', import.meta.url))
const windows = process.platform === 'win32'
const nodeBinary = `${root}node_modules/node/bin/node${windows ? '.exe' : ''}`
const installLock = `${root}.namestream/install.lock`
const [file, ...args] = process.argv.slice(2)

let locked = false // true while this process holds the install lock
let endChild = () => {} // what a signal does at the moment

if (!file) fail('usage: node run.mjs FILE [ARGUMENT...]')
if (Number(process.versions.node.split('.')[0]) < 20) fail(`Node 20 or later is needed, this is ${process.version}`)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => endChild(signal))
if (!installed()) await withInstallLock(async () => installed() || (await install()))
run()

/** Starts the file. It ends with this process: the channel between them closes even where this process is killed. */
function run() {
  const child = spawn(nodeBinary, [`${root}${file}`, ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    // What becomes of the sources without types is kept: to make it anew takes each thread a tenth of a second and 15 MB.
    env: { NODE_COMPILE_CACHE: `${root}.namestream/compiled`, ...process.env },
  })
  endChild = (signal) => child.kill(signal)
  child.on('error', (error) => fail(`cannot run Node from node_modules: ${error.message}`))
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
  // npm does not always live to pass a signal on; under npm, a new parent means that npm is gone.
  const parent = process.ppid
  if (process.env.npm_lifecycle_event) setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 1000).unref()
}

/** True if npm's own record of what it installed agrees with the lockfile and the install scripts have run. */
function installed() {
  const wanted = packages('package-lock.json')
  const present = packages('node_modules/.package-lock.json')
  if (!wanted || !present || !existsSync(nodeBinary)) return false
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
  return new Promise((resolve) => {
    // A process group of its own, so that npm's own children end with it.
    const npm = spawn(
      'npm',
      [
        'ci',
        '--no-audit',
        '--no-fund',
        '--loglevel=error',
        '--fetch-retry-mintimeout=1000',
        '--fetch-retry-maxtimeout=9000',
      ],
      {
        cwd: root,
        stdio: ['ignore', 2, 2],
        shell: windows,
        detached: !windows,
      },
    )
    writeFileSync(installLock, `${process.pid} ${npm.pid}`) // npm outlives this process where that is killed
    let stoppedBy
    endChild = (signal) => {
      stoppedBy = signal
      killGroup(npm) // half an installation is no worse than none: it is found out and begun anew
    }
    npm.on('error', (error) => fail(`cannot start npm: ${error.message}`))
    npm.on('exit', (code, signal) => {
      if (stoppedBy) exitBySignal(stoppedBy)
      if (code !== 0)
        fail(`npm ci ended with ${code ?? signal} (its messages are above); is the package registry reachable?`)
      if (!installed()) fail('npm ci left out parts: are install scripts switched off (npm config get ignore-scripts)?')
      endChild = () => {}
      resolve()
    })
  })
}

function killGroup(child) {
  try {
    if (child.pid) process.kill(windows ? child.pid : -child.pid, 'SIGKILL')
  } catch {
    // it has ended meanwhile
  }
}

/** A signal is the usual way to end a server, so that is no failure. */
function exitBySignal(signal) {
  const isServer = file === 'local/main.ts' || file === 'responder/main.ts'
  release()
  process.exit(isServer ? 0 : 128 + constants.signals[signal])
}

// ---------------------------------------------------------------------------
// The lock: a file that holds the ids of the processes that install. Whoever finds it waits for its turn.

async function withInstallLock(work) {
  mkdirSync(`${root}.namestream`, { recursive: true })
  endChild = exitBySignal
  for (let told = false; !acquire(); ) {
    if (!told)
      process.stderr.write(`Another process is installing the dependencies, waiting for it (${installLock}) ...\n`)
    told = true
    await new Promise((later) => setTimeout(later, 300))
  }
  try {
    await work()
  } finally {
    release()
  }
}

function acquire() {
  const own = `${installLock}.${process.pid}`
  try {
    writeFileSync(own, String(process.pid))
    linkSync(own, installLock) // fails if it is there, and never shows an empty file
    locked = true
  } catch (error) {
    if (error.code !== 'EEXIST') fail(`cannot write ${installLock}: ${error.message}`)
    dropStale(own)
  } finally {
    rmSync(own, { force: true })
  }
  return locked
}

/** Takes away the lock of processes that have died; where another was quicker, puts back what it took. */
function dropStale(own) {
  try {
    const holders = readFileSync(installLock, 'utf8')
    if (holders.split(' ').map(Number).some(isAlive)) return
    renameSync(installLock, own)
    if (readFileSync(own, 'utf8') !== holders) linkSync(own, installLock)
  } catch {
    // another process was quicker
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
  return !isZombie(pid)
}

/** Ended, but its parent has not asked for its exit code yet. */
function isZombie(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') Z ')
  } catch {
    return false
  }
}

function release() {
  if (locked) rmSync(installLock, { force: true })
  locked = false
}

function fail(message) {
  release()
  process.stderr.write(`namestream: ${message}\n`)
  process.exit(1)
}

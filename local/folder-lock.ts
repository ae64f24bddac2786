import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * Claims a folder, made if missing, for this process; gives the function that lets it go. The claim of a process that
 * died is void. Throws an Error of one line if another process holds the folder or the folder cannot be written.
 */
export function lockFolder(folder: string): () => void {
  const lock = join(folder, 'lock')
  const own = `${lock}.${process.pid}`
  const claim = `${process.pid} ${startTime(process.pid)}`
  try {
    makeFolder(folder)
    writeFileSync(own, claim)
  } catch (error) {
    throw new Error(`cannot use ${folder} for data: ${(error as Error).message}`, { cause: error })
  }
  try {
    for (;;) {
      if (link(own, lock)) return () => release(lock, claim)
      const holder = read(lock)
      if (holder !== undefined && isAlive(holder)) {
        const [pid] = holder.split(' ')
        throw new Error(
          `${folder} is in use by another stack (process ${pid}); end that, or take another with --data FOLDER`,
        )
      }
      if (holder !== undefined) dropStale(lock, holder)
    }
  } finally {
    rmSync(own, { force: true })
  }
}

// ---------------------------------------------------------------------------

/** With its parents. Node's own way to do that never returns where nothing can be made in a folder, as in /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder) && statSync(folder).isDirectory()) return
  if (!existsSync(dirname(folder))) makeFolder(dirname(folder))
  try {
    mkdirSync(folder)
  } catch (error) {
    if (!existsSync(folder) || !statSync(folder).isDirectory()) throw error // else another process was quicker
  }
}

/** True if the link was made; it is the claim, atomic and never half written. */
function link(own: string, lock: string): boolean {
  try {
    linkSync(own, lock)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** A process id comes back in time, also after a reboot; together with the start time it does not. */
function isAlive(holder: string): boolean {
  const [pid = '', started = ''] = holder.split(' ')
  try {
    process.kill(Number(pid), 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  return started === '' || startTime(Number(pid)) === started
}

/** Of a process, in ticks since boot; empty where there is no /proc, and for a process that only waits to be buried. */
function startTime(pid: number): string {
  const stat = read(`/proc/${pid}/stat`) ?? ''
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' ? '' : (fields[19] ?? '')
}

/** Two may find the same dead claim: who takes away a living one instead puts it back. */
function dropStale(lock: string, holder: string): void {
  const taken = `${lock}.stale.${process.pid}`
  try {
    renameSync(lock, taken)
  } catch {
    return // another was quicker
  }
  if (read(taken) !== holder) link(taken, lock)
  rmSync(taken, { force: true })
}

function release(lock: string, claim: string): void {
  if (read(lock) === claim) rmSync(lock, { force: true })
}

import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { install } from 'njre'

const LEAST = 11 // what DynamoDB Local needs
const FETCHED = 17

/**
 * The path of a Java runtime of version 11 or later: JAVA_HOME's, the first on PATH, one fetched earlier, or one that
 * is fetched now into `folder`. `tell` hears of the fetching. Throws an Error of one line if there is none to be had.
 */
export async function findJava(folder: string, tell: (line: string) => void): Promise<string> {
  const home = process.env.JAVA_HOME
  const present = [...(home ? [join(home, 'bin', 'java')] : []), 'java', ...fetched(folder)]
  const seen: string[] = []
  for (const java of present) {
    const version = await javaVersion(java)
    if (version !== undefined && version >= LEAST) return java
    if (version !== undefined) seen.push(`${java} is Java ${version}`)
  }
  tell(`no Java ${LEAST} or later here${seen.length > 0 ? ` (${seen.join(', ')})` : ''}: fetching one, about 45 MB ...`)
  return fetchJava(folder).catch((error) => {
    throw new Error(
      `DynamoDB Local needs Java ${LEAST} or later: none was found in JAVA_HOME and on PATH, and none could be fetched (${reasonOf(error)}). Install one (Debian: apt-get install openjdk-17-jre-headless) or set JAVA_HOME`,
      { cause: error },
    )
  })
}

// ---------------------------------------------------------------------------

/** The major version; undefined if it does not run. Java 8 and before call themselves 1.8. */
async function javaVersion(java: string): Promise<number | undefined> {
  try {
    const { stderr } = await promisify(execFile)(java, ['-version'], { timeout: 20_000 })
    const [, first, second] = /version "(\d+)(?:\.(\d+))?/.exec(stderr) ?? []
    return first === undefined ? undefined : Number(first === '1' ? second : first)
  } catch {
    return undefined
  }
}

/** Fetches into a folder of its own and renames it, so that a download cut short is never taken for a runtime. */
async function fetchJava(folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true })
  const partial = mkdtempSync(join(folder, 'java.partial-'))
  const clean = () => rmSync(partial, { recursive: true, force: true })
  process.on('exit', clean) // a signal may come meanwhile
  try {
    await install(FETCHED, { type: 'jre', installPath: join(partial, 'here') })
    rmSync(join(folder, 'java'), { recursive: true, force: true })
    renameSync(partial, join(folder, 'java'))
  } finally {
    clean()
    process.off('exit', clean)
  }
  const [java] = fetched(folder)
  if (java === undefined || (await javaVersion(java)) === undefined) throw new Error('what was fetched does not run')
  return java
}

function fetched(folder: string): string[] {
  try {
    const found = readdirSync(join(folder, 'java'), { recursive: true, encoding: 'utf8' })
    return found.filter((path) => /(^|[\\/])bin[\\/]java(\.exe)?$/.test(path)).map((path) => join(folder, 'java', path))
  } catch {
    return []
  }
}

function reasonOf(error: NodeJS.ErrnoException): string {
  return error.code ?? error.message
}

/** The content of the image, built without Docker and run as a process that has nothing else. */
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { createInterface } from 'node:readline'
import { after } from 'node:test'
import { promisify } from 'node:util'
import { type Endpoint, parseEndpoint } from '../../../responder/listeners/endpoint.ts'
import { container } from '../../../shared/container.ts'

const root = join(import.meta.dirname, '../../..')
const children: ChildProcess[] = []
const [image, elsewhere] = [scratch(), scratch()]
const user = unprivileged()
after(() => {
  for (const child of children) child.kill('SIGKILL')
})

/** Builds it with the script that the Dockerfile uses, and takes away the right to write there. */
export async function buildImage(): Promise<void> {
  await promisify(execFile)(process.execPath, [join(root, 'responder/image.ts'), image])
  for (const file of contentOf(image)) chmodSync(join(image, file.name), file.isFolder ? 0o555 : 0o444)
  for (const folder of [image, elsewhere]) chmodSync(folder, 0o555)
}

/** Every file with its size and time of change, and what the process left behind where it was started. */
export function filesOf(): string[] {
  const built = contentOf(image).map(({ name, isFolder }) => {
    const { size, mtimeMs } = statSync(join(image, name))
    return isFolder ? `${name}/ ${mtimeMs}` : `${name} ${size} ${mtimeMs}`
  })
  return [...built, ...readdirSync(elsewhere)]
}

/** Runs a bundle of the image with these variables and no others. */
export function runImage(env: NodeJS.ProcessEnv, bundle: string = container.entry): ChildProcess {
  const child = spawn(process.execPath, [join(image, bundle)], { cwd: elsewhere, env, ...user })
  children.push(child)
  return child
}

export interface Running {
  readonly dns: Endpoint
  readonly health: string
  /** All lines on stdout, those that come later, too. */
  readonly lines: readonly string[]
}

/** Waits until the process says ready. */
export async function untilReady(child: ChildProcess): Promise<Running> {
  const lines: string[] = []
  const reader = createInterface({ input: child.stdout as NodeJS.ReadableStream })
  await new Promise<void>((resolve, reject) => {
    reader.on('line', (line) => {
      lines.push(line)
      if (line === 'ready') resolve()
    })
    reader.on('close', () => reject(new Error('the process ended before it was ready')))
  })
  const told = (what: string) => lines.find((line) => line.startsWith(what))?.slice(what.length) ?? ''
  const { port } = parseEndpoint(told('DNS over UDP and TCP: '))
  return { dns: { host: '127.0.0.1', port }, health: told('health, ready, metrics: '), lines }
}

/** The exit code, and what was said on stderr. */
export async function finished(child: ChildProcess): Promise<{ code: number; err: string }> {
  let err = ''
  child.stderr?.on('data', (chunk) => {
    err += chunk
  })
  const [code] = (await once(child, 'close')) as [number]
  return { code, err }
}

// ---------------------------------------------------------------------------

/** Root may write where nobody may: tests that are run by root run the image as the user that it has, if that one can run Node. */
function unprivileged(): { uid?: number; gid?: number } {
  const ids = { uid: Number(container.user), gid: Number(container.user) }
  if (process.getuid?.() !== 0) return {}
  return spawnSync(process.execPath, ['--version'], ids).status === 0 ? ids : {}
}

function contentOf(folder: string): { name: string; isFolder: boolean }[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return entries.map((entry) => ({
    name: relative(folder, join(entry.parentPath, entry.name)),
    isFolder: entry.isDirectory(),
  }))
}

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'namestream-image-'))
  process.on('exit', () => {
    for (const { name, isFolder } of contentOf(folder)) if (isFolder) chmodSync(join(folder, name), 0o755)
    chmodSync(folder, 0o755)
    rmSync(folder, { recursive: true, force: true })
  })
  return folder
}

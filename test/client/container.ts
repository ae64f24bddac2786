/** The container entry as a process, and what stands around a container on ECS. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'

export interface Container {
  readonly child: ChildProcess
  /** What it has written so far. */
  readonly out: { stdout: string; stderr: string }
  /** The exit code, when it has ended. */
  readonly ended: Promise<number>
}

const ENTRY = fileURLToPath(new URL('../../client/container.ts', import.meta.url))

/** Ends with the test. */
export function startContainer(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  entry = ENTRY,
): Container {
  const env = { PATH: process.env.PATH ?? '', ...environment }
  const child = spawn(process.execPath, [entry, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env, detached: true })
  const out = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => {
    out.stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    out.stderr += chunk
  })
  after(() => killGroup(child))
  return { child, out, ended: once(child, 'close').then(([code]) => code as number) }
}

/** A command that runs until SIGTERM, which it tells, with the time, on stdout; it ends with code 3. */
export const SERVICE = [
  process.execPath,
  '-e',
  `for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) process.on(signal, () => {
     console.log(signal, Date.now())
     if (signal !== 'SIGHUP') setTimeout(() => process.exit(3), 20)
   })
   setInterval(() => {}, 1000)
   console.log('runs')`,
]

/** What a task sees of ECS: its metadata and the credentials of its role. */
export interface Ecs {
  readonly environment: Readonly<Record<string, string>>
  /** Requests for metadata that fail first. */
  failing: number
  network: object
}

/** Ends with the test. */
export async function startEcs(): Promise<Ecs> {
  const server = createServer(({ url, headers }, response) => {
    if (url === '/v4/abc/task') {
      if (ecs.failing-- > 0) return void response.writeHead(500).end('not yet')
      const Containers = [{ DockerId: 'c1', Networks: [ecs.network] }]
      const TaskARN = 'arn:aws:ecs:eu-central-1:111122223333:task/default/158d1c8083dd49d6b527399fd6414f5c'
      return void response.end(JSON.stringify({ Cluster: 'default', TaskARN, Containers }))
    }
    if (url === '/credentials' && headers.authorization === 'Bearer of-the-task') {
      const Expiration = new Date(Date.now() + 6 * 3_600_000).toISOString()
      return void response.end(JSON.stringify({ ...TASK_ROLE, Expiration }))
    }
    response.writeHead(404).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const ecs = {
    environment: {
      AWS_REGION: 'eu-central-1',
      ECS_CONTAINER_METADATA_URI_V4: `${base}/v4/abc`,
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${base}/credentials`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: 'Bearer of-the-task',
    },
    failing: 0,
    network: {
      NetworkMode: 'awsvpc',
      IPv4Addresses: ['192.0.2.7'],
      IPv6Addresses: ['2001:db8::7'],
      MACAddress: '0a:de:f6:10:51:e5',
    } as object,
  }
  return ecs
}

export const TASK_ROLE = {
  AccessKeyId: 'AKIDTASK',
  SecretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  Token: 'session/token==',
}

// ---------------------------------------------------------------------------

/** The command outlives a process that is killed. */
function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid) process.kill(-pid, 'SIGKILL')
  } catch {
    // all of it has ended
  }
}

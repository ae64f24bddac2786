import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../test/machine.ts'
import { dnsClient } from './dns-client.ts'
import { type CpuTime, cpuSince, cpuTime, ready, stop, withDescendants } from './process.ts'
import { percentile, printTable } from './table.ts'

const ZONE = 'bench.example.org.'
const WRITES = 500
const CLIENTS = 32
const THROUGHPUT_SECONDS = 8

/** The way of a write on one machine: from the HTTP 200 to the new answer, and how many writes a second it takes. */
export async function benchRegistration(): Promise<void> {
  const [http, dns, health] = [await freePort(), await freePort(), await freePort()]
  const main = join(import.meta.dirname, '../local/main.ts')
  const listen = ['--http', `127.0.0.1:${http}`, '--dns', `127.0.0.1:${dns}`, '--health', `127.0.0.1:${health}`]
  const stack = spawn(process.execPath, [main, ...listen, '--zone', ZONE, '--ephemeral'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  try {
    await ready(stack)
    const url = `http://127.0.0.1:${http}/dynapi`
    await latency(url, dns)
    await throughput(url, stack)
  } finally {
    await stop(stack)
  }
}

// ---------------------------------------------------------------------------

async function latency(url: string, dnsPort: number): Promise<void> {
  const client = await dnsClient(dnsPort)
  const write: number[] = []
  const answer: number[] = []
  for (let i = 0; i < WRITES; i++) {
    const name = `n${i % 50}` // every name is written ten times, so most writes change an answer that is served
    const address = `198.18.${i >> 8}.${i & 255}`
    const started = performance.now()
    await put(url, name, address)
    const acknowledged = performance.now()
    while (!(await client.ask(`${name}.${ZONE}`, 1000))?.includes(address)) {
      if (performance.now() - acknowledged > 30_000) throw new Error(`${name} did not answer with ${address} in 30 s`)
      await new Promise((later) => setTimeout(later, 1))
    }
    write.push(acknowledged - started)
    answer.push(performance.now() - acknowledged)
    await new Promise((later) => setTimeout(later, Math.random() * 100)) // no lock-step with the pollers
  }
  client.close()
  const row = (label: string, times: number[]) => {
    times.sort((a, b) => a - b)
    return [label, ...[0.5, 0.9, 0.99, 1].map((share) => percentile(times, share).toFixed(0))]
  }
  printTable(
    `Registration, ${WRITES} writes one after another (milliseconds)`,
    ['', 'p50', 'p90', 'p99', 'max'],
    [row('PUT until 200', write), row('200 until the new answer', answer)],
  )
}

async function throughput(url: string, stack: ChildProcess): Promise<void> {
  const parts = processes(stack)
  const before = parts.map(({ pid }) => cpuTime(pid))
  const started = performance.now()
  const until = started + THROUGHPUT_SECONDS * 1000
  const times: number[] = []
  await Promise.all(
    Array.from({ length: CLIENTS }, async (_, client) => {
      for (let i = 0; performance.now() < until; i++) {
        const sent = performance.now()
        await put(url, `c${client}-${i}`, `198.19.${client}.${i & 255}`)
        times.push(performance.now() - sent)
      }
    }),
  )
  const seconds = (performance.now() - started) / 1000
  const cores = ({ user, system }: CpuTime) => ((user + system) / seconds).toFixed(2)
  times.sort((a, b) => a - b)
  const busy = parts.map(({ label, pid }, i) => `${label} ${cores(cpuSince(pid, before[i] as CpuTime))}`).join(', ')
  printTable(
    `Registration, ${CLIENTS} concurrent clients, ${THROUGHPUT_SECONDS} s`,
    ['writes/s', 'p50 ms', 'p99 ms', 'cores busy'],
    [
      [
        (times.length / seconds).toFixed(0),
        percentile(times, 0.5).toFixed(0),
        percentile(times, 0.99).toFixed(0),
        busy,
      ],
    ],
  )
}

async function put(url: string, name: string, address: string): Promise<void> {
  const body = JSON.stringify({ zone: ZONE, name, type: 'A', address, ttl: 60 })
  const response = await fetch(url, { method: 'PUT', body })
  const text = await response.text()
  if (response.status !== 200 || text !== 'OK') throw new Error(`PUT ${name}: ${response.status} ${text}`)
}

/** The processes whose CPU bounds a write: the stack, DynamoDB Local below it, and this client. */
function processes(stack: ChildProcess): { label: string; pid: number }[] {
  const pid = stack.pid as number
  const java = withDescendants(pid).find((child) => readFileSync(`/proc/${child}/comm`, 'latin1').trim() === 'java')
  if (java === undefined) throw new Error('DynamoDB Local is not among the processes of the stack')
  return [
    { label: 'stack', pid },
    { label: 'DynamoDB Local', pid: java },
    { label: 'clients', pid: process.pid },
  ]
}

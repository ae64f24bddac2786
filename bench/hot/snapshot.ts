import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type DynamoDb, startDynamoDb } from '../../local/dynamodb.ts'
import { findJava } from '../../local/java.ts'
import { writeItems } from '../../shared/aws/batch.ts'
import { dynamoDbClient } from '../../shared/aws/client.ts'
import { createTables } from '../../shared/aws/create-tables.ts'
import { itemOf } from '../../shared/aws/items.ts'
import { type Table, tableVariables } from '../../shared/aws/tables.ts'
import { dynamoDbZoneStore } from '../../shared/aws/zone-store.ts'
import { newZone } from '../../shared/records/new-zone.ts'
import { testCredentials } from '../../test/dynamodb.ts'
import { freePort, residentMb } from '../../test/machine.ts'
import { type CpuTime, cpuSince, cpuTime, cpuTimeOfThreads, startResponderOn, stop } from '../process.ts'
import { printTable } from '../table.ts'
import { addressOf, BENCH_APEX, benchName } from '../zone.ts'
import { CLIENT_CPU, type HotOptions, SERVER_CPU } from './options.ts'

/** All names from DynamoDB Local to `/ready`, beside a scan that does nothing with what it reads. On all cores, as users have it. */
export async function benchSnapshot({ items }: HotOptions): Promise<void> {
  const root = join(import.meta.dirname, '../..')
  const say = (line: string) => process.stdout.write(`${line}\n`)
  const dynamoDb = await startDynamoDb({ java: await findJava(join(root, '.namestream'), say) })
  try {
    const environment = { ...testCredentials(dynamoDb.endpoint), ...names() }
    Object.assign(process.env, environment)
    const filling = await seconds(() => fill(items))
    say(`\n${items.toLocaleString('en')} items written in ${filling.toFixed(0)} s`)
    await scan(items, dynamoDb) // warm-up of DynamoDB Local
    const bare = await scan(items, dynamoDb)
    const rows = [bare, await snapshot(dynamoDb), await scan(items, dynamoDb), await snapshot(dynamoDb)]
    const cells = rows.map((row) => [
      row.label,
      row.seconds.toFixed(1),
      (row.seconds / bare.seconds).toFixed(2),
      row.dynamoDb.toFixed(1),
      row.main.toFixed(1),
      row.dynamoDb > row.main ? 'DynamoDB Local' : row.label,
      row.memory,
    ])
    const head = ['', 'seconds', 'of bare', 'CPU s, DynamoDB Local', 'CPU s, reader', 'busier', 'RSS MB']
    printTable(
      `Snapshot of ${items.toLocaleString('en')} names from DynamoDB Local (aim ≤ 2 × a bare scan)`,
      head,
      cells,
    )
  } finally {
    await dynamoDb.stop()
  }
}

// ---------------------------------------------------------------------------

const WRITTEN_AT_ONCE = 5000
const PAUSE_MS = 10

interface Row {
  readonly label: string
  readonly seconds: number
  /** CPU seconds of DynamoDB Local, and those of the thread that reads: what has the most of the time bounds it. */
  readonly dynamoDb: number
  readonly main: number
  readonly memory: string
}

function names(): Record<string, string> {
  return Object.fromEntries(Object.entries(tableVariables).map(([table, variable]) => [variable, table]))
}

async function fill(items: number): Promise<void> {
  const client = dynamoDbClient()
  const tables = Object.keys(tableVariables).map((table) => [table, table])
  await createTables(client, Object.fromEntries(tables) as Record<Table, string>)
  await dynamoDbZoneStore(client, 'zones').add(newZone(BENCH_APEX))
  const by = { principal: 'local', at: Date.now() }
  for (let at = 0; at < items; at += WRITTEN_AT_ONCE) {
    const requests = Array.from({ length: Math.min(WRITTEN_AT_ONCE, items - at) }, (_, i) => {
      const rrsets = { A: { ttl: 300, rdata: [addressOf(at + i)] } }
      const record = { name: benchName(`n${at + i}`), zone: BENCH_APEX, version: by.at, rrsets, by }
      return { PutRequest: { Item: itemOf({ ...record, writeId: crypto.randomUUID() }) } }
    })
    await writeItems(client, 'names', requests)
  }
  client.destroy()
}

async function scan(items: number, { pid }: DynamoDb): Promise<Row> {
  const before = cpuTime(pid)
  let said = ''
  const taken = await seconds(async () => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'scan.ts')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    for await (const chunk of child.stdout) said += chunk
  })
  const { items: read, cpu } = JSON.parse(said) as { items: number; cpu: number }
  if (read !== items) throw new Error(`${read} items were scanned instead of ${items}`)
  return { label: 'bare scan', seconds: taken, dynamoDb: total(cpuSince(pid, before)), main: cpu, memory: '' }
}

async function snapshot({ pid }: DynamoDb): Promise<Row> {
  const [dns, health] = [await freePort(), await freePort()]
  const args = ['--dns', `127.0.0.1:${dns}`, '--health', `127.0.0.1:${health}`]
  const before = cpuTime(pid)
  const child = startResponderOn(`${SERVER_CPU},${CLIENT_CPU}`, args)
  child.stderr?.pipe(process.stderr)
  try {
    const taken = await seconds(async () => {
      while (!(await isReady(health))) {
        if (child.exitCode !== null) throw new Error('the responder ended before it was ready')
        await sleep(PAUSE_MS)
      }
    })
    const dynamoDb = total(cpuSince(pid, before))
    const ours = cpuTimeOfThreads(child.pid as number).get('MainThread')
    const memory = residentMb(child.pid as number).toFixed(0)
    return { label: 'responder', seconds: taken, dynamoDb, main: ours ? total(ours) : Number.NaN, memory }
  } finally {
    await stop(child)
  }
}

function isReady(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/ready`).then(
    async (response) => {
      await response.arrayBuffer()
      return response.ok
    },
    () => false,
  )
}

async function seconds(run: () => Promise<void>): Promise<number> {
  const started = performance.now()
  await run()
  return (performance.now() - started) / 1000
}

function total({ user, system }: CpuTime): number {
  return user + system
}

import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { setups } from './chain/settings.ts'
import { printTable } from './table.ts'

/** What links cost: CPU from the octets of a question to those of its answer, without sockets, with each optional link on alone. */
export async function benchChain(): Promise<void> {
  const run = join(import.meta.dirname, 'chain/run.ts')
  const rows: string[][] = []
  let head: string[] = []
  for (const setup of Object.keys(setups)) {
    const { stdout } = await promisify(execFile)(process.execPath, [run, setup])
    const measured = JSON.parse(stdout) as Record<string, number>
    head = ['µs of user CPU', ...Object.keys(measured)]
    rows.push([setup, ...Object.values(measured).map((microseconds) => microseconds.toFixed(2))])
  }
  printTable('The chain: decode, links, lookup, encode, in one process (least of 12 rounds)', head, rows)
}

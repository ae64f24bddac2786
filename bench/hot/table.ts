import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { printTable } from '../table.ts'
import type { HotOptions } from './options.ts'
import type { Asked, Changed, Size } from './table-run.ts'

/** The answer table alone, without sockets: how large it is, how fast it takes changes, what counting costs its readers. */
export async function benchTable({ names, seconds, tenMillion }: HotOptions): Promise<void> {
  const sizes: string[][] = []
  for (const count of tenMillion ? [names, 10_000_000] : [names]) {
    for (const label of ['short', 'long']) {
      const { filledIn, used, octets, resident, example } = await run<Size>('size', count, label)
      const each = (all: number) => (all / count).toFixed(0)
      const mb = (all: number) => (all / 1e6).toFixed(0)
      sizes.push([
        count.toLocaleString('en'),
        example,
        each(used),
        each(octets),
        mb(octets),
        mb(resident),
        filledIn.toFixed(1),
      ])
    }
  }
  const sizeHead = ['names', 'such as', 'octets each, in use', 'all', 'MB', 'MB resident, process', 'filled in s']
  printTable('The answer table (aim: ≤ 130 octets a name; 10,000,000 names in ≤ 2 GB)', sizeHead, sizes)

  const changes: string[][] = []
  for (const readers of [0, 1]) {
    const { changed, asked } = await run<Changed>('changes', names, seconds, readers)
    changes.push([String(readers), ...[changed, asked].map((one) => Math.round(one).toLocaleString('en'))])
  }
  const title = `Changes of the table, ${names.toLocaleString('en')} names (aim: ≥ 200,000 a second while it is read)`
  printTable(title, ['threads that read', 'RRsets changed/s', 'questions answered/s'], changes)

  const least = { with: { ...NEVER }, without: { ...NEVER } }
  for (let left = TURNS; left > 0; left--) {
    for (const counting of ['with', 'without'] as const) {
      const { hit, absent } = await run<Asked>('asked', counting)
      least[counting].hit = Math.min(least[counting].hit, hit)
      least[counting].absent = Math.min(least[counting].absent, absent)
    }
  }
  const cells = (['hit', 'absent'] as const).map((kind) => {
    const [counted, free] = [least.with[kind], least.without[kind]]
    return [kind, counted.toFixed(0), free.toFixed(0), (counted - free).toFixed(0)]
  })
  printTable(
    'The fast path in one process (least of many rounds)',
    ['', 'ns a question', 'not counted', 'so metrics take'],
    cells,
  )
}

// ---------------------------------------------------------------------------

const TURNS = 3
const NEVER = { hit: Number.POSITIVE_INFINITY, absent: Number.POSITIVE_INFINITY }

/** Each in a process of its own, as V8 compiles for what it meets, and memory is never as small again. */
async function run<T>(...args: readonly (string | number)[]): Promise<T> {
  const program = join(import.meta.dirname, 'table-run.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args.map(String)])
  return JSON.parse(stdout) as T
}

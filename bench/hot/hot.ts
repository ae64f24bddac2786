import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { benchNames } from './names.ts'
import type { HotOptions } from './options.ts'
import { benchSnapshot } from './snapshot.ts'
import { benchTable } from './table.ts'
import { benchTalk } from './talk.ts'
import { benchUpdates } from './updates.ts'

const parts: Readonly<Record<string, (options: HotOptions) => Promise<void>>> = {
  names: benchNames,
  talk: benchTalk,
  updates: benchUpdates,
  table: benchTable,
  snapshot: benchSnapshot,
}

/**
 * The path of ordinary questions, beside what bounds it: all parts, or those that are named.
 *
 *     npm run bench -- hot [names|talk|updates|table|snapshot ...] [OPTION...]
 *
 *     --names N        names where there are to be many (default 1000000)
 *     --items N        names in DynamoDB Local, which takes some 3,000 a second (default 200000)
 *     --seconds N      how long each load lasts (default 8)
 *     --ten-million    a table of 10,000,000 names, too
 */
export async function benchHot(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      names: { type: 'string', default: '1000000' },
      items: { type: 'string', default: '200000' },
      seconds: { type: 'string', default: '8' },
      'ten-million': { type: 'boolean', default: false },
    },
  })
  const unknown = positionals.find((name) => !(name in parts))
  if (unknown !== undefined)
    throw new Error(`hot has no part "${unknown}"; there are: ${Object.keys(parts).join(', ')}`)
  const folder = mkdtempSync(join(tmpdir(), 'namestream-bench-'))
  const [names, items, seconds] = [count('names'), count('items'), count('seconds')]
  const options = { folder, names, items, seconds, tenMillion: values['ten-million'] }
  try {
    for (const name of positionals.length > 0 ? positionals : Object.keys(parts)) await parts[name]?.(options)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }

  function count(option: 'names' | 'items' | 'seconds'): number {
    const number = Number(values[option])
    if (!Number.isInteger(number) || number < 1) throw new Error(`--${option}: "${values[option]}" is not a number`)
    return number
  }
}

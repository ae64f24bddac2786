import { mkdirSync, readFileSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/** How far each shard of one stream was read. */
export interface Checkpoints {
  /** Sequence number of the last record that is done with; undefined at the beginning of the shard. */
  after(shard: string): string | undefined
  /** Shards that were read to their end. */
  drained(): ReadonlySet<string>
  advance(shard: string, sequenceNumber: string): Promise<void>
  finish(shard: string): Promise<void>
  /** Forgets the shards that the stream no longer has. */
  keepOnly(shards: ReadonlySet<string>): Promise<void>
}

export function memoryCheckpoints(): Checkpoints {
  return checkpoints({}, async () => {})
}

/**
 * Checkpoints in a file that is replaced as a whole, so that it is never half written. A file that cannot be read, or is
 * of another stream, counts as none: records are then sent again from the oldest on, which the functions bear. So they do
 * where the file cannot be written; `log` hears of both.
 */
export function fileCheckpoints(file: string, streamArn: string, log: (line: string) => void): Checkpoints {
  mkdirSync(dirname(file), { recursive: true })
  let failing = false
  return checkpoints(load(file, streamArn, log), async (shards) => {
    try {
      await replace(file, JSON.stringify({ streamArn, shards }))
      failing = false
    } catch (error) {
      if (!failing)
        log(`${file} cannot be written, after a restart records are sent again: ${(error as Error).message}`)
      failing = true
    }
  })
}

// ---------------------------------------------------------------------------

type Shards = Record<string, { readonly after?: string; readonly drained?: true }>

function checkpoints(shards: Shards, write: (shards: Shards) => Promise<void>): Checkpoints {
  let writing = Promise.resolve()
  const save = () => {
    writing = writing.then(() => write(shards))
    return writing
  }
  return {
    after: (shard) => shards[shard]?.after,
    drained: () => new Set(Object.keys(shards).filter((shard) => shards[shard]?.drained)),
    advance(shard, sequenceNumber) {
      shards[shard] = { after: sequenceNumber }
      return save()
    },
    finish(shard) {
      shards[shard] = { drained: true }
      return save()
    },
    async keepOnly(present) {
      const gone = Object.keys(shards).filter((shard) => !present.has(shard))
      for (const shard of gone) delete shards[shard]
      if (gone.length > 0) await save()
    },
  }
}

function load(file: string, streamArn: string, log: (line: string) => void): Shards {
  try {
    const stored = JSON.parse(readFileSync(file, 'utf8'))
    if (stored.streamArn !== streamArn) return {}
    if (!areShards(stored.shards)) throw new Error('it holds no sequence numbers')
    return stored.shards
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      log(`${file} cannot be read, the stream is read from its oldest record on: ${(error as Error).message}`)
    }
    return {}
  }
}

async function replace(file: string, text: string): Promise<void> {
  const handle = await open(`${file}.new`, 'w')
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(`${file}.new`, file)
}

function areShards(value: unknown): value is Shards {
  if (typeof value !== 'object' || value === null) return false
  return Object.values(value).every(
    ({ after, drained }: { after?: unknown; drained?: unknown }) => drained === true || /^\d+$/.test(String(after)),
  )
}

import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openStream } from '../shared/aws/stream-reader.ts'
import { fileCheckpoints, memoryCheckpoints } from './event-source/checkpoints.ts'
import type { FeedSettings } from './event-source/delivery.ts'
import { type EventSource, startEventSource } from './event-source/event-source.ts'
import type { Pattern } from './event-source/filter.ts'
import { failureRecord } from './event-source/given-up.ts'
import { functionArn, invoke, type LocalFunction } from './lambda.ts'

/** As the deployed event source mapping has them; its batching window is 0 too. */
export const FEED_SETTINGS: FeedSettings = {
  batchSize: 100,
  maxRetries: 100,
  maxAgeMs: 12 * 3600 * 1000,
  bisect: true,
  reportFailures: true,
}

export interface FeedOptions {
  readonly table: string
  readonly fn: LocalFunction
  /** Folder of the checkpoint and of what is given up; undefined if nothing is kept. */
  readonly data: string | undefined
  readonly log: (line: string) => void
  /** Hears of each batch that is given up. */
  readonly gaveUp?: () => void
  readonly settings?: FeedSettings
  /** The function gets only the records that match. */
  readonly filter?: Pattern
}

/** Feeds the stream of a table to a function of this stack. What it gives up is told and appended to a file, as JSON lines. */
export async function startFeed(options: FeedOptions): Promise<EventSource> {
  const { table, fn, data, log, gaveUp, settings = FEED_SETTINGS, filter } = options
  const reader = await openStream(table)
  const { streamArn } = reader
  const tell = (line: string) => log(`${fn.name}: ${line}`)
  return startEventSource({
    reader,
    invoke: (event) => invoke(fn, event),
    settings,
    filter,
    checkpoints: data
      ? fileCheckpoints(join(data, `${fn.name}.checkpoint.json`), streamArn, tell)
      : memoryCheckpoints(),
    log: tell,
    async giveUp(records, why) {
      gaveUp?.()
      const record = { ...why, records, streamArn, functionArn: functionArn(fn.name), at: Date.now() }
      const line = JSON.stringify(failureRecord(record))
      const file = data && join(data, `${fn.name}.given-up.jsonl`)
      const kept = file ? await append(file, line) : line
      tell(`gave up ${records.length} stream record${records.length === 1 ? '' : 's'} (${why.condition}): ${kept}`)
    },
  })
}

// ---------------------------------------------------------------------------

/** Where the line is to be found: in the file, or right here if that cannot be written. */
async function append(file: string, line: string): Promise<string> {
  try {
    await appendFile(file, `${line}\n`)
    return `see ${file}`
  } catch {
    return line
  }
}

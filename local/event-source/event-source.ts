import type { DynamoDBRecord } from 'aws-lambda'
import type { StreamReader } from '../../shared/aws/stream-reader.ts'
import type { Now } from '../../shared/records/ports.ts'
import { abortableSleep, type Sleep } from '../sleep.ts'
import type { Checkpoints } from './checkpoints.ts'
import type { FeedSettings, GiveUpCondition } from './delivery.ts'
import type { Pattern } from './filter.ts'
import { readShard } from './shard.ts'
import { readableShards } from './shards.ts'

export interface EventSourceOptions {
  readonly reader: StreamReader
  /** Invokes the function with a DynamoDB stream event; rejects if it failed. */
  readonly invoke: (event: { readonly Records: readonly DynamoDBRecord[] }) => Promise<unknown>
  readonly settings: FeedSettings
  /** Records that do not match are passed over; absent: none is. */
  readonly filter?: Pattern | undefined
  readonly checkpoints: Checkpoints
  /** Takes what the function will not get again. */
  readonly giveUp: (records: readonly DynamoDBRecord[], why: GivingUp) => Promise<void>
  /** What went wrong and when it was over, one line each. */
  readonly log: (line: string) => void
  /** Time between two readings of a shard that has nothing new. Lambda's is 250 ms. */
  readonly pollMs?: number
  /** Time between two looks for new shards. */
  readonly listMs?: number
  readonly now?: Now
  readonly sleep?: Sleep
}

export interface GivingUp {
  readonly shard: string
  readonly condition: GiveUpCondition
  readonly invocations: number
  /** Whether the last invocation threw; undefined if there was none. */
  readonly threw: boolean | undefined
}

export interface EventSource {
  /** Lets invocations under way end, then stops. */
  stop(): Promise<void>
}

/**
 * Feeds a table's stream to a function as a Lambda event source mapping does: from the oldest record on, each shard in
 * order, shards side by side but a child only after its parent. While the stream cannot be read it keeps trying.
 */
export function startEventSource(options: EventSourceOptions): EventSource {
  const { reader, checkpoints, log, listMs = 2000, sleep = abortableSleep } = options
  const running = new Map<string, Reading>()
  let stopped = false
  let look = new AbortController() // aborted to look for new shards at once
  const following = follow()
  return {
    async stop() {
      stopped = true
      look.abort()
      for (const { end } of running.values()) end.abort()
      await following
    },
  }

  async function follow(): Promise<void> {
    let failing = false
    while (!stopped) {
      look = new AbortController()
      try {
        await startReadable()
        if (failing) log('the stream can be read again')
        failing = false
      } catch (error) {
        if (!failing) log(`the stream cannot be read, trying again: ${(error as Error).message}`)
        failing = true
      }
      await sleep(listMs, look.signal)
    }
    await Promise.all(Array.from(running.values(), ({ done }) => done))
  }

  async function startReadable(): Promise<void> {
    const listed = await reader.shards()
    if (listed.length === 0) return // a stream that is just being made
    const ids = new Set(listed.map(({ id }) => id))
    await checkpoints.keepOnly(ids)
    for (const [id, { end }] of running) if (!ids.has(id)) end.abort()
    for (const { id } of readableShards(listed, checkpoints.drained())) {
      if (!running.has(id) && !stopped) start(id)
    }
  }

  function start(shard: string): void {
    const end = new AbortController()
    const done = readShard(shard, options, end.signal).finally(() => {
      running.delete(shard)
      look.abort()
    })
    running.set(shard, { done, end })
  }
}

// ---------------------------------------------------------------------------

interface Reading {
  readonly done: Promise<void>
  readonly end: AbortController
}

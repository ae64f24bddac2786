import { type DynamoDb, type DynamoDbOptions, startDynamoDb } from './dynamodb.ts'
import { abortableSleep } from './sleep.ts'

export interface Database {
  readonly endpoint: string
  stop(): Promise<void>
}

/**
 * DynamoDB Local that is started again, at the same address and on the same data, where it ends by itself. After
 * `MAX_ATTEMPTS` without a quiet minute it stays down, and so it does where its data went with it. `tell` hears of both.
 */
export async function keepDynamoDb(options: DynamoDbOptions, tell: (line: string) => void): Promise<Database> {
  const stopped = new AbortController()
  let current = await startDynamoDb(options)
  const { endpoint } = current
  const watching = watch()
  return {
    endpoint,
    async stop() {
      stopped.abort()
      await current.stop()
      await watching
    },
  }

  async function watch(): Promise<void> {
    for (let attempts = 0; ; ) {
      const since = performance.now()
      await current.ended
      if (stopped.signal.aborted) return
      if (options.data === undefined) {
        return tell(
          'DynamoDB Local ended, and with it all that it had in memory (--ephemeral). Names are answered as they were, but nothing can be registered until a new start',
        )
      }
      if (performance.now() - since > QUIET_MS) attempts = 0
      tell('DynamoDB Local ended by itself, starting it again. Names are answered from memory meanwhile')
      const restarted = await restart(attempts)
      if (restarted === undefined) return
      current = restarted
      attempts++
      tell('DynamoDB Local is up again')
    }
  }

  async function restart(earlier: number): Promise<DynamoDb | undefined> {
    let reason = 'it ends again and again'
    for (let attempt = earlier; attempt < MAX_ATTEMPTS; attempt++) {
      await abortableSleep(attempt * PAUSE_MS, stopped.signal)
      if (stopped.signal.aborted) return undefined
      try {
        const started = await startDynamoDb({ ...options, port: Number(new URL(endpoint).port) })
        if (!stopped.signal.aborted) return started
        await started.stop()
        return undefined
      } catch (error) {
        reason = (error as Error).message
      }
    }
    tell(`${reason}. Names are answered from memory, but nothing can be registered until a new start`)
    return undefined
  }
}

// ---------------------------------------------------------------------------

const MAX_ATTEMPTS = 5
const PAUSE_MS = 1000
const QUIET_MS = 60_000

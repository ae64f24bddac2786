/** What AWS itself measures of functions, APIs and queues, measured here. */
import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda'
import type { Metric } from '../../shared/metrics/series.ts'
import type { Now } from '../../shared/records/ports.ts'
import type { LocalFunction } from '../lambda.ts'
import type { Values } from './store.ts'

/** The id of the local stack's HTTP API. */
export const API = 'local'

/** A function whose invocations are measured as Lambda does: one that overruns its time has failed then. */
export function measuredFunction(fn: LocalFunction, values: Values, now: Now = Date.now): LocalFunction {
  const add = (name: string, value: number) => values.add(functionMetric(name, fn.name), value, now())
  return {
    ...fn,
    async handler(event, context) {
      const began = performance.now()
      const age = ageOf(event, now())
      if (age !== undefined) add('IteratorAge', age)
      let ended = false
      const end = (errors: 0 | 1) => {
        if (ended) return
        ended = true
        add('Invocations', 1)
        add('Errors', errors)
        add('Duration', performance.now() - began)
      }
      const overrun = setTimeout(() => end(1), fn.timeoutMs)
      try {
        const result = await fn.handler(event, context)
        end(0)
        return result
      } catch (error) {
        end(1)
        throw error
      } finally {
        clearTimeout(overrun)
      }
    },
  }
}

/** Hears of each answer of the HTTP API. */
export function measuredApi(values: Values, now: Now = Date.now): (status: number, ms: number) => void {
  return (status, ms) => {
    const figures = {
      Count: 1,
      '4xx': Math.floor(status / 100) === 4 ? 1 : 0,
      '5xx': status >= 500 ? 1 : 0,
      Latency: ms,
    }
    for (const [name, value] of Object.entries(figures)) values.add(apiMetric(name), value, now())
  }
}

/** What feeds have given up since the start, as messages in the queue of each. */
export class GivenUpMessages {
  readonly #values: Values
  readonly #messages = new Map<string, number>()

  /** Of these functions. */
  constructor(values: Values, functions: readonly string[]) {
    this.#values = values
    for (const fn of functions) this.#messages.set(fn, 0)
  }

  add(fn: string): void {
    this.#messages.set(fn, (this.#messages.get(fn) ?? 0) + 1)
  }

  /** Tells how many there are, which SQS does from time to time. */
  tell(at: number): void {
    for (const [fn, messages] of this.#messages) this.#values.add(queueMetric(queueOf(fn)), messages, at)
  }
}

/** The name of the queue of what a function's feed has given up. */
export function queueOf(fn: string): string {
  return `${fn}-given-up`
}

export function functionMetric(name: string, FunctionName: string): Metric {
  return { namespace: 'AWS/Lambda', name, dimensions: { FunctionName } }
}

export function apiMetric(name: string): Metric {
  return { namespace: 'AWS/ApiGateway', name, dimensions: { ApiId: API } }
}

export function queueMetric(QueueName: string): Metric {
  return { namespace: 'AWS/SQS', name: 'ApproximateNumberOfMessagesVisible', dimensions: { QueueName } }
}

// ---------------------------------------------------------------------------

/** How old the oldest record of a stream event is, in milliseconds; undefined for another event. */
function ageOf(event: unknown, now: number): number | undefined {
  const { Records } = (event ?? {}) as Partial<DynamoDBStreamEvent>
  if (!Array.isArray(Records) || Records.some(({ dynamodb }) => dynamodb === undefined)) return undefined
  const created = Records.map(createdAt)
  return created.length === 0 ? undefined : Math.max(0, now - Math.min(...created))
}

/**
 * DynamoDB Local rounds the time of a stream record down to the minute. Names and segments say themselves when they were
 * written; of anything else it is at least not made older than it is.
 */
function createdAt({ dynamodb }: DynamoDBRecord): number {
  const { at, by } = dynamodb?.NewImage ?? {}
  const written = at?.N ?? by?.M?.at?.N
  return written === undefined ? ((dynamodb?.ApproximateCreationDateTime ?? 0) + 60) * 1000 : Number(written)
}

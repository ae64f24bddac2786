import { randomUUID } from 'node:crypto'
import type { SQSEvent } from 'aws-lambda'
import { sqsEvent } from './event.ts'
import { failedOf } from './failed.ts'

export interface DelayQueueOptions {
  readonly name: string
  /** How long a message that failed is out of sight until it comes again, in milliseconds. */
  readonly visibilityMs?: number
  /** How often a message may come until it is given up. */
  readonly maxReceives?: number
  /** Hears of each message that is given up. */
  readonly gaveUp?: (body: string) => void
}

/** Takes a batch, and says by `batchItemFailures` what of it failed; rejects if all has. */
export type Consumer = (event: SQSEvent) => Promise<unknown>

/** A message that is kept, or comes. */
export interface Message {
  readonly id: string
  readonly body: string
  /** Milliseconds since the epoch. */
  readonly sentAt: number
  readonly receives: number
}

/**
 * A queue in memory, as SQS is where messages are kept back: each comes once its delay is over, in batches, in no certain
 * order, and again if it failed. What waits when the process ends is lost.
 */
export class DelayQueue {
  readonly name: string
  readonly #visibilityMs: number
  readonly #maxReceives: number
  readonly #gaveUp: (body: string) => void
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #due: Message[] = []
  readonly #running = new Set<Promise<void>>()
  #consumer: Consumer | undefined
  #stopped = false

  constructor({ name, visibilityMs = 5_000, maxReceives = 3, gaveUp = () => {} }: DelayQueueOptions) {
    this.name = name
    this.#visibilityMs = visibilityMs
    this.#maxReceives = maxReceives
    this.#gaveUp = gaveUp
  }

  /** Has whatever comes from now on, and what has come already, go to this consumer. */
  feed(consumer: Consumer): void {
    this.#consumer = consumer
    this.#pump()
  }

  /** Takes a message; gives its id. */
  send(body: string, delayMs: number): string {
    const id = randomUUID()
    this.#keep({ id, body, sentAt: Date.now(), receives: 0 }, delayMs)
    return id
  }

  /** Delivers nothing more; resolves once nothing is being taken any more. */
  async stop(): Promise<void> {
    this.#stopped = true
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
    await Promise.all(this.#running)
  }

  #keep(message: Message, ms: number): void {
    if (this.#stopped) return
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      this.#due.push(message)
      this.#pump()
    }, ms)
    this.#timers.add(timer)
  }

  #pump(): void {
    const consumer = this.#consumer
    while (consumer !== undefined && !this.#stopped && this.#due.length > 0 && this.#running.size < MAX_AT_ONCE) {
      const batch = this.#due.splice(0, BATCH).map((message) => ({ ...message, receives: message.receives + 1 }))
      const running = this.#deliver(consumer, batch).finally(() => {
        this.#running.delete(running)
        this.#pump()
      })
      this.#running.add(running)
    }
  }

  async #deliver(consumer: Consumer, batch: readonly Message[]): Promise<void> {
    const all = batch.map(({ id }) => id)
    const failed = await consumer(sqsEvent(this.name, batch)).then(
      (result) => failedOf(result, all),
      () => all,
    )
    for (const message of batch) {
      if (!failed.includes(message.id)) continue
      if (message.receives < this.#maxReceives) this.#keep(message, this.#visibilityMs)
      else this.#gaveUp(message.body)
    }
  }
}

// ---------------------------------------------------------------------------

/** As the deployed event source mapping has it. */
const BATCH = 10
/** Batches that are taken side by side. */
const MAX_AT_ONCE = 5

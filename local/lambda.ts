import { randomUUID } from 'node:crypto'
import type { Context } from 'aws-lambda'
import type { FoundFunction } from '../shared/functions/model.ts'

/** A Lambda function that runs in this process. */
export interface LocalFunction {
  readonly name: string
  readonly handler: (event: never, context: Context) => Promise<unknown>
  readonly timeoutMs: number
  /** What Lambda would tell of it, for who asks; absent: it is untagged and has neither aliases nor URLs. */
  readonly published?: Pick<FoundFunction, 'tags' | 'aliases' | 'versions' | 'urls'>
}

/**
 * Invokes a function as Lambda does: event and result cross as JSON, and after its time the function has failed.
 * Rejects with what the handler threw. An invocation that overran its time goes on, as a thread of ours cannot be
 * stopped, but nobody hears of its result. Once `ending` is aborted the function is told that no time is left.
 */
export async function invoke(fn: LocalFunction, event: unknown, ending?: AbortSignal): Promise<unknown> {
  const context = contextOf(fn, ending)
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    const overrun = new Error(`the function did not end within ${fn.timeoutMs / 1000} s`)
    overrun.name = 'Sandbox.Timedout' // as Lambda calls it
    timer = setTimeout(() => reject(overrun), fn.timeoutMs)
  })
  try {
    const result = await Promise.race([fn.handler(plain(event) as never, context), timeout])
    return plain(result)
  } finally {
    clearTimeout(timer)
  }
}

/** Thrown by a function that has no room for another invocation, which is then refused as Lambda does it. */
export class Throttled extends Error {
  override name = 'TooManyRequestsException'
}

/** ARN of a function of this stack; region and account are those of DynamoDB Local. */
export function functionArn(name: string): string {
  return `arn:aws:lambda:ddblocal:000000000000:function:${name}`
}

// ---------------------------------------------------------------------------

function contextOf({ name, timeoutMs }: LocalFunction, ending: AbortSignal | undefined): Context {
  const deadline = Date.now() + timeoutMs
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: name,
    functionVersion: '$LATEST',
    invokedFunctionArn: functionArn(name),
    memoryLimitInMB: '512',
    awsRequestId: randomUUID(),
    logGroupName: `/aws/lambda/${name}`,
    logStreamName: 'local',
    getRemainingTimeInMillis: () => (ending?.aborted ? 0 : deadline - Date.now()),
    done() {},
    fail() {},
    succeed() {},
  }
}

function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value))
}

import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import type { AskMirror } from '../mirror/task.ts'

/** Environment variable with the name of the mirror's function. */
export const MIRROR_FUNCTION = 'MIRROR_FUNCTION'

/** The name of the mirror's function from the environment; throws an Error if it is not there. */
export function mirrorFunction(environment: NodeJS.ProcessEnv = process.env): string {
  const name = environment[MIRROR_FUNCTION]
  if (!name) throw new Error(`the environment variable ${MIRROR_FUNCTION} must name the function of the mirror`)
  return name
}

/** Asks the function of that name, without waiting for it. Region, credentials and endpoint come from the environment. */
export function askMirrorFunction(functionName: string): AskMirror {
  const client = new LambdaClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
  })
  return async (task) => {
    await client.send(
      new InvokeCommand({ FunctionName: functionName, InvocationType: 'Event', Payload: JSON.stringify(task) }),
    )
  }
}

/** Invokes a function and gives what it returns, once it has; rejects with what it threw, or when the signal is aborted. */
export type Invoke = (event: unknown, signal: AbortSignal) => Promise<unknown>

/** Invocations of the function of that name. What fails is not tried again: whoever asks measures the time. */
export function invokeFunction(functionName: string): Invoke {
  const client = new LambdaClient({ maxAttempts: 1, requestHandler: { connectionTimeout: 1_000 } })
  return async (event, abortSignal) => {
    const command = new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(event) })
    const { FunctionError, Payload } = await client.send(command, { abortSignal })
    const result = JSON.parse(Payload?.transformToString() || 'null')
    if (FunctionError === undefined) return result
    throw new Error(`${functionName} failed: ${result?.errorMessage ?? FunctionError}`)
  }
}

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

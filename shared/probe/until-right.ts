import type { Server } from './ask.ts'
import { type Answer, describe } from './message.ts'

export interface UntilRight {
  readonly servers: readonly Server[]
  readonly ask: (server: Server, signal: AbortSignal) => Promise<Answer>
  readonly isRight: (answer: Answer) => boolean
  /** From question to question, whether there was an answer or not. */
  readonly everyMs: number
  /** Ends it. */
  readonly signal: AbortSignal
}

/**
 * Asks each server again and again, all side by side, until all have answered right: gives the answers that were. Rejects
 * when the signal is aborted, and tells what each of the others said last.
 */
export async function untilRight({ servers, signal, ...rest }: UntilRight): Promise<readonly Answer[]> {
  if (servers.length === 0) throw new Error('there is no server to ask')
  const outcomes = await Promise.allSettled(servers.map((server) => untilOneIs({ server, signal, ...rest })))
  const missing = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.message] : []))
  if (missing.length > 0) throw new Error(`no right answer of ${missing.join(', ')}`)
  return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
}

// ---------------------------------------------------------------------------

type UntilOneIs = Omit<UntilRight, 'servers'> & { readonly server: Server }

async function untilOneIs({ server, ask, isRight, everyMs, signal }: UntilOneIs): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const over = new AbortController()
  let last = 'no answer'
  const look = () =>
    ask(server, over.signal).then(
      (answer) => {
        last = describe(answer)
        if (isRight(answer)) resolve(answer)
      },
      (error: Error) => {
        last = error.message
      },
    )
  const end = () => reject(new Error(`${server.host}:${server.port} (${last})`))
  const timer = setInterval(look, everyMs)
  signal.addEventListener('abort', end, { once: true })
  if (signal.aborted) end()
  else void look()
  return promise.finally(() => {
    clearInterval(timer)
    signal.removeEventListener('abort', end)
    over.abort()
  })
}

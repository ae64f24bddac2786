import type { InferOutput } from 'valibot'
import { type Ask, ask, askTcp } from '../../shared/probe/ask.ts'
import type { LookupReply, lookupEvent } from '../../shared/probe/lookup.ts'
import { type Answer, holdsAddress, type Question } from '../../shared/probe/message.ts'
import { resolved } from '../../shared/probe/servers.ts'
import { untilRight } from '../../shared/probe/until-right.ts'

/**
 * Asks DNS servers until all their answers are right. `now` is a clock that never jumps. Whatever servers answer, or do
 * not, is told in the reply and is no error.
 */
export async function lookUp(task: InferOutput<typeof lookupEvent>, now: () => number): Promise<Outcome> {
  const began = now()
  const outcome = task.task === 'warm' ? await warm(task) : await find(task, now)
  return { tookMs: now() - began, ...outcome }
}

type Outcome = Omit<LookupReply, 'cold'>

// ---------------------------------------------------------------------------

/** So close are times told. */
const EVERY_MS = 50
const TCP_EVERY_MS = 250
const TCP_MS = 5_000

type Task<T> = Extract<InferOutput<typeof lookupEvent>, { readonly task: T }>

async function warm({ servers, name, withinMs }: Task<'warm'>): Promise<Omit<Outcome, 'tookMs'>> {
  try {
    const isRight = ({ serial }: Answer) => serial !== undefined
    const answers = await until({ servers, question: { name, type: 'SOA' }, ask, isRight, everyMs: EVERY_MS, withinMs })
    return { serials: answers.flatMap(({ serial }) => serial ?? []) }
  } catch (error) {
    return { failure: (error as Error).message }
  }
}

async function find(
  { servers, name, address, withinMs }: Task<'find'>,
  now: () => number,
): Promise<Omit<Outcome, 'tookMs'>> {
  const isRight = (answer: Answer) => holdsAddress(answer, address)
  const asked = { servers, question: { name, type: 'A' }, isRight } as const
  try {
    await until({ ...asked, ask, everyMs: EVERY_MS, withinMs })
  } catch (error) {
    return { failure: (error as Error).message }
  }
  const foundAt = now()
  const tcp = { ...asked, ask: askTcp, everyMs: TCP_EVERY_MS, withinMs: Math.min(withinMs, TCP_MS) }
  const failure = await until(tcp).then(
    () => undefined,
    (error: Error) => `over TCP: ${error.message}`,
  )
  return { sinceMs: now() - foundAt, ...(failure !== undefined && { failure }) }
}

interface Asked {
  readonly servers: Task<'find'>['servers']
  readonly question: Question
  readonly ask: Ask
  readonly isRight: (answer: Answer) => boolean
  readonly everyMs: number
  readonly withinMs: number
}

async function until({ servers, question, ask, withinMs, ...rest }: Asked): Promise<readonly Answer[]> {
  return untilRight({
    ...rest,
    servers: await resolved(servers),
    ask: (server, signal) => ask(server, question, signal),
    signal: AbortSignal.timeout(withinMs),
  })
}

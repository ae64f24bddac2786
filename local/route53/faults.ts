import { PRIOR_REQUEST } from './admission.ts'
import { ApiError, type ErrorCode, InvalidChangeBatch } from './api-error.ts'
import { type BatchChange, told } from './model.ts'
import { NameProblem, type R53Name, readName } from './names.ts'

/** Something that goes wrong with coming requests, as long as it stays injected. */
export interface Fault {
  /** The requests it hits; absent: all. */
  readonly when?: (request: FaultRequest) => boolean
  /** How many requests it hits before it goes away by itself; absent: any number. */
  readonly times?: number
  readonly effect: FaultEffect
}

/** A request as faults see it. */
export interface FaultRequest {
  readonly operation: string
  /** Without prefix; undefined where the operation has none. */
  readonly hostedZoneId: string | undefined
  /** Of a change batch, with names in Route 53's form; empty where there is none, or none that can be read. */
  readonly changes: readonly BatchChange[]
}

export type FaultEffect =
  /** Answers with an error of AWS; nothing is carried out. */
  | { readonly kind: 'error'; readonly code: FaultCode }
  /** Breaks the connection before anything is carried out. */
  | { readonly kind: 'dropBefore' }
  /** Carries the request out and breaks the connection: the answer is lost. */
  | { readonly kind: 'dropAfter' }
  /** Waits before it carries the request out; the hosted zone is busy meanwhile. */
  | { readonly kind: 'hang'; readonly ms: number }
  /** Refuses every batch that has an offender in it with InvalidChangeBatch. */
  | Poison

export interface Poison {
  readonly kind: 'poison'
  readonly offender: { readonly name: string; readonly type: string } | ((change: BatchChange) => boolean)
  readonly message: string
  /** Whether messages name their record as AWS does, `… [name='x.example.org.', type='A']`; else there is one message. */
  readonly named: boolean
  /** Names the first offender of the batch only. */
  readonly firstOnly?: boolean
}

export type FaultCode = keyof typeof MESSAGES

/** The faults that are injected at the moment. */
export class Faults {
  readonly #faults = new Map<Fault, { left: number }>()

  inject(fault: Fault): () => void {
    const own = { ...fault } // the same fault may be injected twice
    this.#faults.set(own, { left: fault.times ?? Number.POSITIVE_INFINITY })
    return () => this.#faults.delete(own)
  }

  /** The effects on a request, in the order of injection. A fault that does not apply is not used up. */
  strike(request: FaultRequest): readonly FaultEffect[] {
    const struck: FaultEffect[] = []
    for (const [{ when, effect }, count] of this.#faults) {
      const hits = count.left > 0 && (when === undefined || when(request)) && applies(effect, request)
      if (!hits) continue
      count.left--
      struck.push(effect)
    }
    return struck
  }
}

/** What a fault answers; undefined if it is one that does not answer. */
export function faultError(effect: FaultEffect, request: FaultRequest): ApiError | undefined {
  if (effect.kind === 'error') return new ApiError(effect.code, MESSAGES[effect.code](request))
  if (effect.kind !== 'poison') return undefined
  if (!effect.named) return new InvalidChangeBatch([effect.message])
  const offenders = offendersOf(effect, request).slice(0, effect.firstOnly ? 1 : undefined)
  return new InvalidChangeBatch(offenders.map(({ set }) => `${effect.message} ${told(set)}`))
}

/** The name in Route 53's form, or as it is where it has none. */
export function readNameSoftly(text: string): R53Name {
  try {
    return readName(text)
  } catch (error) {
    if (error instanceof NameProblem) return text
    throw error
  }
}

// ---------------------------------------------------------------------------

/** The codes that can be injected, with AWS's texts. */
const MESSAGES = {
  AccessDenied: ({ operation, hostedZoneId }: FaultRequest) =>
    `User: arn:aws:iam::000000000000:user/local is not authorized to perform: route53:${operation} on resource: arn:aws:route53:::hostedzone/${hostedZoneId ?? '*'}`,
  InternalFailure: () => 'The request processing has failed because of an unknown error, exception or failure.',
  NoSuchHostedZone: ({ hostedZoneId }: FaultRequest) => `No hosted zone found with ID: ${hostedZoneId ?? ''}`,
  PriorRequestNotComplete: () => PRIOR_REQUEST,
  ServiceUnavailable: () => 'The request has failed due to a temporary failure of the server.',
  Throttling: () => 'Rate exceeded',
} satisfies Partial<Record<ErrorCode, (request: FaultRequest) => string>>

function applies(effect: FaultEffect, request: FaultRequest): boolean {
  return effect.kind !== 'poison' || offendersOf(effect, request).length > 0
}

function offendersOf({ offender }: Poison, { changes }: FaultRequest): readonly BatchChange[] {
  if (typeof offender === 'function') return changes.filter(offender)
  const name = readNameSoftly(offender.name)
  return changes.filter(({ set }) => set.name === name && set.type === offender.type)
}

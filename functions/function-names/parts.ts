import type { FunctionRef } from '../../shared/functions/arn.ts'
import type { FunctionNames, Publication, Refusal } from '../../shared/functions/model.ts'
import type { FunctionSource } from '../../shared/functions/ports.ts'
import type { Registry } from '../../shared/registrations/registry.ts'

/** What function-names works with. */
export interface Parts {
  readonly source: FunctionSource
  readonly registry: Pick<Registry, 'register' | 'withdraw'>
  /** What is registered of functions, as of now. */
  readonly registered: () => Promise<readonly Publication[]>
  readonly names: FunctionNames
  readonly report: (event: FunctionNamesEvent) => void
}

/** What happens, for log and metrics. */
export type FunctionNamesEvent =
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'registered' | 'withdrawn'; readonly name: string; readonly arn?: string | undefined }
  /** A function that could not be read, or a name that could not be written: it stays as it is until the next time. */
  | { readonly kind: 'fault'; readonly about: string; readonly error: unknown }
  /** It changed between reading and writing: left to whoever hears of that, or to the next reconcile. */
  | { readonly kind: 'overtaken'; readonly ref: FunctionRef }
  | { readonly kind: 'hint'; readonly ref: FunctionRef }
  /** An event that says of no function here that it changed. */
  | { readonly kind: 'unreadable'; readonly text: string }
  | { readonly kind: 'reconciled'; readonly counts: ReconcileCounts }

export interface ReconcileCounts {
  /** Listed. */
  readonly functions: number
  /** Functions, aliases and versions that have a name. */
  readonly published: number
  readonly refused: number
  /** Functions that could not be read, or not in time. */
  readonly unread: number
}

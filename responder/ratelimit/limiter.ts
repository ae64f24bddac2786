import { clientsIn, type WordsOfClients } from '../clients.ts'
import { Accounts } from './accounts.ts'
import { Hash } from './hash.ts'
import { KINDS, type Kind } from './subject.ts'

/** What is allowed: answers of one kind that are the same, and answers at all, a second and prefix. */
export interface RateSettings {
  readonly rate: number
  readonly rates: Readonly<Partial<Record<Kind, number | undefined>>>
  readonly all: number
  readonly slip: number
  readonly prefix4: number
  readonly prefix6: number
  readonly exempt?: readonly string[] | undefined
}

/** Tells which answers are too many, by accounts that all threads keep together. */
export class Limiter {
  readonly #settings: RateSettings
  readonly #accounts: Accounts
  readonly #isExempt: WordsOfClients | undefined
  /** Allowed a second, by the number of the kind. */
  readonly #rates: readonly number[]
  readonly #hash = new Hash()
  /** The hashes of the prefix alone. */
  #first = 0
  #second = 0
  #limited = 0

  constructor(settings: RateSettings, accountMemory: SharedArrayBuffer) {
    this.#settings = settings
    this.#accounts = new Accounts(accountMemory)
    this.#isExempt = settings.exempt && clientsIn(settings.exempt).words
    this.#rates = KINDS.map((kind) => settings.rates[kind] ?? settings.rate)
  }

  /** True for clients that may have what they want. Their addresses come as words, see `wordsOf`. */
  isFree(client: Uint32Array): boolean {
    return this.#isExempt?.(client) ?? false
  }

  /** Begins an answer; the name that it is about is to be added to what comes back. */
  begin(client: Uint32Array, kind: number, type: number): Hash {
    const { prefix4, prefix6 } = this.#settings
    const hash = this.#hash
    hash.start(this.#accounts.seed)
    hash.prefix(client, prefix4, prefix6)
    this.#first = hash.first
    this.#second = hash.second
    hash.word(kind + 1)
    hash.word(type)
    return hash
  }

  /**
   * Whether the answer that was begun may be sent now, in milliseconds. Takes from the account of all only what is sent: one
   * flood is not to use up what is for other answers.
   */
  isWithin(kind: number, now: number): boolean {
    const { all } = this.#settings
    const allowed = this.#rates[kind] as number
    const { first, second } = this.#hash
    if (allowed > 0 && !this.#accounts.take(first, second, allowed, now)) return false
    return all === 0 || this.#accounts.take(this.#first, this.#second, all, now)
  }

  /** Of answers that are too many, whether this one is sent empty and truncated; the others are not sent at all. */
  slips(): boolean {
    const { slip } = this.#settings
    this.#limited++
    return slip > 0 && this.#limited % slip === 0
  }
}

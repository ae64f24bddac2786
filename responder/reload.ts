import { isDeepStrictEqual } from 'node:util'
import { type Certificate, expiryOf, expiryWords, readCertificate } from './listeners/certificate.ts'
import type { Figure } from './metrics/prometheus.ts'
import type { Settings } from './settings.ts'
import type { Reread, ZoneFile } from './sources/zone-files.ts'
import type { Change } from './workers/messages.ts'

export interface ReloadOptions {
  /** The settings that the server was started with. */
  readonly settings: Settings
  readonly certificate: Certificate | undefined
  /** Reads the settings as they are now. Throws an Error that says what is wrong. */
  readonly read: () => Settings
  /** Takes them from the next request on. */
  readonly change: (change: Change) => void
  /** Reads zone files again; absent where zones come from elsewhere. */
  readonly reread: ((files: readonly ZoneFile[], refused: boolean) => Promise<readonly Reread[]>) | undefined
  readonly say: (line: string) => void
  readonly random?: () => number
}

/**
 * Takes what has changed in the configuration, the certificate and the zone files. What is not sound is refused and told,
 * and what holds stays. Looks go on one after another: those that are asked for, and its own from time to time.
 */
export class Reloads {
  readonly #options: ReloadOptions
  /** What holds now, as far as it can change. */
  #settings: Settings
  #certificate: Certificate | undefined
  #done = 0
  #failed = 0
  #lines = 0 // that were told
  /** What was told of each part that is refused, not to tell it again at each look. */
  readonly #told = new Map<string, string>()
  #last: Promise<void> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined
  #started = false

  constructor(options: ReloadOptions) {
    this.#options = options
    this.#settings = options.settings
    this.#certificate = options.certificate
  }

  /** From now on it looks by itself, too. */
  start(): void {
    this.#started = true
    this.#arm()
  }

  /** Looks at all files; if somebody has asked for it, at those that were refused, too. Never rejects. */
  look(asked: boolean): Promise<void> {
    this.#last = this.#last
      .then(() => this.#look(asked))
      .catch((error: Error) => this.#count(false, error.message))
      .then(() => this.#arm())
    return this.#last
  }

  figures(): Figure[] {
    const certificate = this.#certificate
    return [
      counter('namestream_reloads_total', 'Times that a changed file was taken.', this.#done),
      counter('namestream_reload_failed_total', 'Times that a changed file was refused.', this.#failed),
      ...(certificate === undefined ? [] : [expiry(certificate)]),
    ]
  }

  /** After half of the usual time up to one and a half: not at the same time as others who were started at the same time. */
  #arm(): void {
    clearTimeout(this.#timer)
    const { reloadMs } = this.#settings
    const { random = Math.random } = this.#options
    if (this.#started && reloadMs > 0)
      this.#timer = setTimeout(() => void this.look(false), reloadMs * (0.5 + random())).unref()
  }

  async #look(asked: boolean): Promise<void> {
    const before = this.#lines
    await this.#takeAll(asked)
    if (asked && this.#lines === before) this.#say('nothing has changed')
  }

  async #takeAll(asked: boolean): Promise<void> {
    this.#try('the configuration', asked, () => this.#takeSettings(asked))
    this.#try('the certificate', asked, () => this.#takeCertificate())
    const { reread } = this.#options
    if (reread === undefined) return
    for (const { taken, line } of await reread(this.#settings.zones, asked)) this.#count(taken, line)
  }

  #takeSettings(asked: boolean): void {
    const { read, settings: first, change } = this.#options
    const [before, now] = [this.#settings, read()]
    this.#tellOfRestart(first, now, asked)
    // Whether zones come from files at all was decided at the start.
    const zones = (first.zones.length === 0) === (now.zones.length === 0) ? now.zones : before.zones
    this.#settings = { ...now, zones }
    if (isDeepStrictEqual(before.links, now.links)) return
    change({ links: now.links })
    this.#count(true, 'the settings of links are taken anew')
  }

  #takeCertificate(): void {
    const { change, settings: first } = this.#options
    const files = this.#settings.secure?.files
    const before = this.#certificate
    if (files === undefined || first.secure === undefined || before === undefined) return
    const certificate = readCertificate(files)
    if (certificate.chain === before.chain && certificate.key === before.key) return
    this.#certificate = certificate
    change({ secure: { certificate, path: first.secure.path } })
    this.#count(true, `the certificate is taken anew, ${expiryWords(certificate)}`)
  }

  #tellOfRestart(first: Settings, now: Settings, asked: boolean): void {
    const [before, after] = [fixed(first), fixed(now)]
    const names = Object.keys(before).filter((name) => !isDeepStrictEqual(before[name], after[name]))
    const line = names.length === 0 ? '' : `a restart is needed for: ${names.join(', ')}`
    if (line !== '' && (asked || line !== this.#told.get('restart'))) this.#say(line)
    this.#told.set('restart', line)
  }

  #try(what: string, asked: boolean, take: () => void): void {
    try {
      take()
      this.#told.delete(what)
    } catch (error) {
      const reason = (error as Error).message
      if (asked || reason !== this.#told.get(what)) this.#count(false, `${what} stays as it was: ${reason}`)
      this.#told.set(what, reason)
    }
  }

  #count(taken: boolean, line: string): void {
    if (taken) this.#done++
    else this.#failed++
    this.#say(line)
  }

  #say(line: string): void {
    this.#lines++
    this.#options.say(line)
  }
}

// ---------------------------------------------------------------------------

/** The settings that hold until a restart, by the name that they have in the file. */
function fixed({ dns, secure, control, workers, limits, lameduckMs, intervalMs, zones }: Settings) {
  const fixed: Readonly<Record<string, unknown>> = {
    dns,
    'tls.listen': secure?.tls ?? [],
    https: secure?.https.length ? { listen: secure.https, path: secure.path } : undefined,
    tcp: limits,
    health: control,
    workers,
    lameduck: lameduckMs,
    interval: intervalMs,
    'zones (from files or from tables)': zones.length > 0,
  }
  return fixed
}

function counter(name: string, help: string, value: number): Figure {
  return { kind: 'counter', name, help, value }
}

function expiry(certificate: Certificate): Figure {
  const value = expiryOf(certificate).getTime() / 1000
  const help = 'When the certificate ends, in seconds since 1970.'
  return { kind: 'gauge', name: 'namestream_certificate_expiry_seconds', help, value }
}

import { ROW_BYTES } from '../metrics/counters.ts'
import {
  bucketOf,
  dnssecRequests,
  dropped,
  duration,
  type Family,
  RATE_DROPPED,
  RATE_TRUNCATED,
  ROW_LENGTH,
  rateLimited,
  requestSeries,
  requestSize,
  requests,
  responseSeries,
  responseSize,
  responses,
  seriesWidth,
  transportSeries,
} from '../metrics/families.ts'

/** Counts what the chain and its link `metrics` would have counted, into the same row; places are worked out beforehand. */
export class Tally {
  readonly #row: Float64Array
  #answered = 0

  constructor(memory: SharedArrayBuffer, thread: number) {
    this.#row = new Float64Array(memory, thread * ROW_BYTES, ROW_LENGTH)
  }

  /** An answer of so many octets to a question of so many. */
  add(type: number, dnssecOk: boolean, asked: number, rcode: number, sent: number): void {
    const row = this.#row
    this.#addRequest(type, dnssecOk)
    const response = responsePlaces[rcode] as number
    row[response] = (row[response] as number) + 1
    const askedIn = requestSize.at + (sizePlaces[asked] as number)
    row[askedIn] = (row[askedIn] as number) + 1
    row[ASKED_SUM] = (row[ASKED_SUM] as number) + asked
    const sentIn = responseSize.at + (sizePlaces[sent] as number)
    row[sentIn] = (row[sentIn] as number) + 1
    row[SENT_SUM] = (row[SENT_SUM] as number) + sent
  }

  /** A question that gets no answer. */
  drop(type: number, dnssecOk: boolean): void {
    this.#addRequest(type, dnssecOk)
    this.#row[dropped.at] = (this.#row[dropped.at] as number) + 1
  }

  /** An answer was one too many. */
  limit(slips: boolean): void {
    const place = rateLimited.at + (slips ? RATE_TRUNCATED : RATE_DROPPED)
    this.#row[place] = (this.#row[place] as number) + 1
  }

  /** All that were added since took so long, in seconds: they are answered together. */
  took(seconds: number): void {
    if (this.#answered === 0) return
    const row = this.#row
    const place = duration.at + bucketOf(duration, seconds)
    row[place] = (row[place] as number) + this.#answered
    row[DURATION_SUM] = (row[DURATION_SUM] as number) + this.#answered * seconds
    this.#answered = 0
  }

  #addRequest(type: number, dnssecOk: boolean): void {
    const row = this.#row
    const request = type < requestPlaces.length ? (requestPlaces[type] as number) : placeOfRequest(type)
    row[request] = (row[request] as number) + 1
    if (dnssecOk) row[dnssecRequests.at + UDP] = (row[dnssecRequests.at + UDP] as number) + 1
    this.#answered++
  }
}

// ---------------------------------------------------------------------------

const UDP = transportSeries('udp')
const ASKED_SUM = sumPlace(requestSize, UDP)
const SENT_SUM = sumPlace(responseSize, UDP)
const DURATION_SUM = sumPlace(duration, 0)
const requestPlaces = Uint16Array.from({ length: 512 }, (_, type) => placeOfRequest(type))
const responsePlaces = Uint16Array.from({ length: 16 }, (_, rcode) => responses.at + responseSeries(rcode))
/** Where a size is counted, from the beginning of its family on. */
const sizePlaces = Uint16Array.from(
  { length: 1 << 13 },
  (_, size) => UDP * seriesWidth(requestSize) + bucketOf(requestSize, size),
)

function placeOfRequest(type: number): number {
  return requests.at + requestSeries('udp', type)
}

function sumPlace(family: Family, series: number): number {
  return family.at + series * seriesWidth(family) + family.bounds.length + 1
}

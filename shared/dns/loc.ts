import { type Field, RdataError } from './rdata-fields.ts'
import { shown, type Words } from './words.ts'

/**
 * All of LOC (RFC 1876): a place on Earth with its size, and how exact that is. The canonical form gives each part, with
 * as many digits as BIND writes. Sizes have one digit on the wire: others are cut off, as appendix A of the RFC does.
 */
export const location: Field = {
  parse(words, out) {
    const latitude = parseAngle(words, LATITUDE)
    const longitude = parseAngle(words, LONGITUDE)
    const altitude = parseMetres(words.take('altitude'), 'altitude', -BELOW, 0xffffffff - BELOW)
    out.u8(VERSION)
    for (const [what, usual] of PRECISION) {
      const word = words.left > 0 ? words.take(what) : usual
      out.u8(packSize(parseMetres(word, what, 0, MAX_SIZE)))
    }
    out.u32(latitude)
    out.u32(longitude)
    out.u32(altitude + BELOW)
  },

  format(rdata) {
    if (rdata.u8() !== VERSION) throw new RdataError('the version must be 0')
    const precision = PRECISION.map(([what]) => formatSize(rdata.u8(), what))
    const angles = [formatAngle(rdata.u32(), LATITUDE), formatAngle(rdata.u32(), LONGITUDE)]
    const altitude = `${((rdata.u32() - BELOW) / 100).toFixed(2)}m`
    return [...angles, altitude, ...precision].join(' ')
  },

  copy(from, to) {
    to.bytes(from.take(SIZE))
  },
}

// ---------------------------------------------------------------------------

const VERSION = 0
const SIZE = 16
const EQUATOR = 2 ** 31 // and the prime meridian
const DEGREE = 3_600_000 // in thousandths of a second
const BELOW = 10_000_000 // in centimetres, how deep altitudes begin
const MAX_SIZE = 9_000_000_000

interface Angle {
  readonly what: string
  readonly degrees: number
  /** The direction that is counted up, and the other. */
  readonly up: string
  readonly down: string
}

const LATITUDE: Angle = { what: 'latitude', degrees: 90, up: 'N', down: 'S' }
const LONGITUDE: Angle = { what: 'longitude', degrees: 180, up: 'E', down: 'W' }

/** What stands before the angles on the wire and behind them in text, and what it is if it is not given (RFC 1876 3). */
const PRECISION = [
  ['size', '1m'],
  ['horizontal precision', '10000m'],
  ['vertical precision', '10m'],
] as const

function parseAngle(words: Words, angle: Angle): number {
  const { what, degrees, up, down } = angle
  let size = DEGREE * parseNumber(words.take(what), /^\d{1,3}$/, `the degrees of ${what}`, degrees)
  let word = words.take(what)
  if (isNumber(word)) {
    size += (DEGREE / 60) * parseNumber(word, /^\d{1,2}$/, `the minutes of ${what}`, 59)
    word = words.take(what)
  }
  if (isNumber(word)) {
    size += Math.round(1000 * parseNumber(word, /^\d{1,2}(\.\d{1,3})?$/, `the seconds of ${what}`, 59.999))
    word = words.take(what)
  }
  if (size > degrees * DEGREE) throw new RdataError(`the ${what} must be at most ${degrees} degrees`)
  const direction = word.toUpperCase()
  if (direction !== up && direction !== down) {
    throw new RdataError(`the ${what} must end with ${up} or ${down}, not ${shown(word)}`)
  }
  return EQUATOR + (direction === up ? size : -size)
}

function formatAngle(value: number, { what, degrees, up, down }: Angle): string {
  const size = Math.abs(value - EQUATOR)
  if (size > degrees * DEGREE) throw new RdataError(`the ${what} must be at most ${degrees} degrees`)
  const minutes = Math.floor(size / (DEGREE / 60))
  const seconds = ((size % (DEGREE / 60)) / 1000).toFixed(3)
  return `${Math.floor(minutes / 60)} ${minutes % 60} ${seconds} ${value < EQUATOR ? down : up}`
}

function isNumber(word: string): boolean {
  return /^\d/.test(word)
}

function parseNumber(word: string, form: RegExp, what: string, most: number): number {
  if (!form.test(word) || Number(word) > most) {
    throw new RdataError(`${what} must be a number from 0 to ${most}, not ${shown(word)}`)
  }
  return Number(word)
}

/** In centimetres. */
function parseMetres(word: string, what: string, least: number, most: number): number {
  const metres = /^(-?\d{1,8}(?:\.\d{1,2})?)m?$/i.exec(word)?.[1]
  const centimetres = Math.round(Number(metres) * 100)
  if (!(centimetres >= least && centimetres <= most)) {
    throw new RdataError(`the ${what} must be in metres from ${least / 100} to ${most / 100}, not ${shown(word)}`)
  }
  return centimetres
}

/** A digit and the power of ten, of centimetres. */
function packSize(centimetres: number): number {
  let digit = centimetres
  let power = 0
  while (digit >= 10) {
    digit = Math.floor(digit / 10)
    power++
  }
  return (digit << 4) | power
}

function formatSize(octet: number, what: string): string {
  const digit = octet >> 4
  const power = octet & 15
  if (digit > 9 || power > 9) throw new RdataError(`the ${what} must be a digit and a power of ten`)
  return digit === 0 || power < 2 ? `${((digit * 10 ** power) / 100).toFixed(2)}m` : `${digit * 10 ** (power - 2)}m`
}

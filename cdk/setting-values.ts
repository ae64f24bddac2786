/** Values that settings of the network are made of: ids of AWS, lists, blocks of IPv4 addresses. */
import { isIPv4 } from 'node:net'
import { SettingsError } from './settings-error.ts'

export const VPC_ID = /^vpc-[0-9a-f]{8,17}$/
export const SUBNET_ID = /^subnet-[0-9a-f]{8,17}$/
export const ZONE_NAME = /^[a-z]{2}(-[a-z]+)+-\d[a-z]$/ // of an availability zone, eu-central-1a

/** Of a setting's value: how to say what it must be, for an error. */
export interface Form {
  readonly setting: string
  /** Ends the sentence that begins with the setting's name and "must be". */
  readonly must: string
}

export function refuse({ setting, must }: Form, given: unknown): never {
  throw new SettingsError(
    `${setting} must be ${must}, it is ${given === undefined ? 'not set' : JSON.stringify(given)}`,
  )
}

/** A list of texts, from the command line as one text with commas. Each is of the form, and none is there twice. */
export function readList(form: Form, given: unknown, isGood: (text: string) => boolean): readonly string[] {
  const texts: unknown = typeof given === 'string' ? given.split(',').map((text) => text.trim()) : given
  if (!Array.isArray(texts) || texts.length === 0) return refuse(form, given)
  if (!texts.every((text) => typeof text === 'string' && isGood(text))) return refuse(form, given)
  if (new Set(texts).size < texts.length) throw new SettingsError(`${form.setting} names one twice`)
  return texts
}

/** One of these texts, or the first if none is given. */
export function readChoice<T extends string>(setting: string, given: unknown, choices: readonly [T, ...T[]]): T {
  const chosen = given === undefined ? choices[0] : choices.find((choice) => choice === given)
  return chosen ?? refuse({ setting, must: choices.join(' or ') }, given)
}

/** Off if not given. */
export function readSwitch(setting: string, given: unknown = false): boolean {
  if (given === true || given === 'true') return true
  return given === false || given === 'false' ? false : refuse({ setting, must: 'true or false' }, given)
}

/** The length of the prefix of a block of IPv4 addresses that begins at its first one; undefined if it is none. */
export function prefixOf(block: string): number | undefined {
  const [, address = '', digits = ''] = /^(.*)\/(\d{1,2})$/.exec(block) ?? []
  const prefix = Number(digits)
  if (!isIPv4(address) || prefix > 32) return undefined
  return numberOf(address) % 2 ** (32 - prefix) === 0 ? prefix : undefined
}

/** The address that comes `offset` after the first of a block. */
export function addressIn(block: string, offset: number): string {
  const number = numberOf(block.replace(/\/.*$/, '')) + offset
  return [24, 16, 8, 0].map((bits) => Math.floor(number / 2 ** bits) % 256).join('.')
}

// ---------------------------------------------------------------------------

function numberOf(address: string): number {
  return address.split('.').reduce((number, octet) => number * 256 + Number(octet), 0)
}

import {
  array,
  integer,
  ipv4,
  ipv6,
  literal,
  maxValue,
  minValue,
  number,
  object,
  parse,
  pipe,
  string,
  variant,
} from 'valibot'
import { canonicalName } from '../dns/name.ts'
import type { FunctionNames } from './model.ts'

/** Environment variables of function-names. */
export const functionVariables = {
  zone: 'FUNCTIONS_ZONE',
  /** JSON: `{"kind": "address", "a": […], "aaaa": […], "port"}` or `{"kind": "cname", "target", "port"}`. */
  gateway: 'FUNCTIONS_GATEWAY',
} as const

/** Of the records, in seconds: one that is withdrawn is forgotten so soon. */
const TTL = 30

/** Reads the environment. Throws an Error that says which variable is wrong. */
export function readFunctionNames(environment: Readonly<Record<string, string | undefined>>): FunctionNames {
  return {
    zone: read(functionVariables.zone, 'name a zone', canonicalName),
    gateway: read(functionVariables.gateway, 'tell where the gateway is', (text) => {
      const given = parse(gateway, JSON.parse(text))
      return given.kind === 'cname' ? { ...given, target: canonicalName(given.target) } : given
    }),
    ttl: TTL,
  }

  function read<T>(variable: string, must: string, parsed: (text: string) => T): T {
    try {
      return parsed(environment[variable] ?? '')
    } catch (cause) {
      throw new Error(`the environment variable ${variable} must ${must}`, { cause })
    }
  }
}

// ---------------------------------------------------------------------------

const port = pipe(number(), integer(), minValue(1), maxValue(65_535))

const gateway = variant('kind', [
  object({ kind: literal('address'), a: array(pipe(string(), ipv4())), aaaa: array(pipe(string(), ipv6())), port }),
  object({ kind: literal('cname'), target: string(), port }),
])

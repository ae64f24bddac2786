import { NamingError } from '../records/faults.ts'

/**
 * The parameters of a query string. Throws NamingError `invalid_query` for one that is not among `known`, or is there
 * twice: a parameter that is misspelled would go unnoticed otherwise.
 */
export function readQuery<K extends string>(text: string, known: readonly K[]): Partial<Record<K, string>> {
  const query: Partial<Record<K, string>> = {}
  for (const [key, value] of new URLSearchParams(text)) {
    const parameter = known.find((one) => one === key)
    if (parameter === undefined) {
      throw new NamingError('invalid_query', `the parameter ${JSON.stringify(key)} is not known here`)
    }
    if (query[parameter] !== undefined)
      throw new NamingError('invalid_query', `the parameter ${parameter} is given twice`)
    query[parameter] = value
  }
  return query
}

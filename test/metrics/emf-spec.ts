/** What a line of metrics must be for CloudWatch to take it, and to be one of ours. */
import { catalogue, definitionOf, NAMESPACE, SERVICE, type Service, ZONE } from '../../shared/metrics/catalogue.ts'
import type { Line } from './printed.ts'

/**
 * What is wrong with a line by CloudWatch's "Specification: Embedded metric format", and by what CloudWatch takes as name,
 * dimension and value of a metric (API reference, MetricDatum and Dimension).
 */
export function faultsOf(line: Line): string[] {
  const faults: string[] = []
  const check = (holds: boolean, fault: string) => holds || faults.push(fault)
  const { Timestamp, CloudWatchMetrics } = Object(line._aws)
  check(Buffer.byteLength(JSON.stringify(line)) <= 256 * 1024, 'the line is too long')
  check(Number.isInteger(Timestamp) && Timestamp > 1e12, 'Timestamp is no time in milliseconds')
  if (!Array.isArray(CloudWatchMetrics) || CloudWatchMetrics.length === 0) return [...faults, 'no CloudWatchMetrics']
  for (const directive of CloudWatchMetrics) {
    const { Namespace, Dimensions, Metrics, ...others } = Object(directive)
    check(Object.keys(others).length === 0, 'a directive has other members')
    check(isText(Namespace, 255) && !Namespace.startsWith('AWS/'), 'Namespace')
    if (!isList(Dimensions, 1, Number.POSITIVE_INFINITY) || !isList(Metrics, 1, 100)) {
      return [...faults, 'a directive has no Dimensions, or no Metrics, or more than 100']
    }
    const targets = new Set<unknown>()
    for (const set of Dimensions) {
      check(isList(set, 0, 30), 'a set of dimensions is no list of 30 at the most')
      for (const name of isList(set, 0, 30) ? set : []) {
        check(isText(name, 250), `dimension ${name}`)
        const value = line[String(name)]
        check(isText(value, 1024) && /^ *[!-~][ -~]*$/.test(value), `value of the dimension ${name}`)
        targets.add(name)
      }
    }
    for (const metric of Metrics) {
      const { Name, Unit, StorageResolution = 60, ...rest } = Object(metric)
      check(Object.keys(rest).length === 0 && [1, 60].includes(StorageResolution), `definition of ${Name}`)
      check(isText(Name, 255) && !targets.has(Name), `name of the metric ${Name}`)
      check(UNITS.has(Unit), `unit of ${Name}`)
      const value = line[String(Name)]
      check(isNumber(value) || (isList(value, 1, 100) && value.every(isNumber)), `value of ${Name}`)
      targets.add(Name)
    }
  }
  return faults
}

/** What a line has that the catalogue has not. */
export function strangersIn(line: Line): string[] {
  const strangers: string[] = []
  const { [SERVICE]: service, [ZONE]: _, _aws, ...values }: Record<string, unknown> = line
  if (!Object.hasOwn(catalogue, String(service))) return [`service ${service}`]
  const dimensions = service === 'mirror' ? [SERVICE, ZONE] : [SERVICE]
  for (const { Namespace, Dimensions, Metrics } of Object(_aws).CloudWatchMetrics) {
    if (Namespace !== NAMESPACE) strangers.push(`namespace ${Namespace}`)
    if (Dimensions.length !== 1 || [...Dimensions[0]].sort().join() !== dimensions.join()) strangers.push('dimensions')
    for (const { Name, Unit } of Metrics) {
      if (definitionOf(service as Service, Name)?.unit !== Unit) strangers.push(`${service} ${Name} in ${Unit}`)
      delete values[Name]
    }
  }
  return [...strangers, ...Object.keys(values)]
}

// ---------------------------------------------------------------------------

const AMOUNTS = ['Bytes', 'Kilobytes', 'Megabytes', 'Gigabytes', 'Terabytes', 'Count']
AMOUNTS.push('Bits', 'Kilobits', 'Megabits', 'Gigabits', 'Terabits')
const UNITS = new Set([
  ...['Seconds', 'Microseconds', 'Milliseconds', 'Percent', 'None'],
  ...AMOUNTS.flatMap((amount) => [amount, `${amount}/Second`]),
])

function isText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length >= 1 && value.length <= longest
}

function isList(value: unknown, shortest: number, longest: number): value is unknown[] {
  return Array.isArray(value) && value.length >= shortest && value.length <= longest
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value)
}

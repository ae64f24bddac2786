import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatName, type Name, parseName } from '../shared/dns/name.ts'
import { randomNumbers } from '../test/random.ts'

export const BENCH_ZONE = 'bench.example.org.'
export const BENCH_APEX = nameOf(BENCH_ZONE)

/** Files of one benchmark zone: its master file and dnsperf's questions, every name once in random order. */
export interface BenchZone {
  readonly names: number
  readonly zoneFile: string
  readonly queryFile: string
}

/** Writes a zone with one A record a name and its question file. */
export function writeBenchZone(folder: string, names: number): BenchZone {
  const zone = ['$TTL 300', '@ IN SOA ns1 hostmaster 1 3600 600 86400 60', '@ IN NS ns1', 'ns1 IN A 198.18.0.1']
  const queries: string[] = []
  for (let i = 0; i < names; i++) {
    zone.push(`n${i} IN A ${addressOf(i)}`)
    queries.push(`n${i}.${BENCH_ZONE} A`)
  }
  shuffle(queries)
  const zoneFile = join(folder, `${names}.zone`)
  const queryFile = join(folder, `${names}.queries`)
  writeFileSync(zoneFile, `$ORIGIN ${BENCH_ZONE}\n${zone.join('\n')}\n`)
  writeFileSync(queryFile, `${queries.join('\n')}\n`)
  return { names, zoneFile, queryFile }
}

/** A name of that zone as the store has it. */
export function benchName(label: string): Name {
  return nameOf(`${label}.${BENCH_ZONE}`)
}

/** Of RFC 2544's benchmark range, in which there are 131,072. */
export function addressOf(i: number): string {
  return `198.${18 + ((i >> 16) & 1)}.${(i >> 8) & 255}.${i & 255}`
}

/** Writes questions for other names of that zone, none of which exists, every one once. */
export function writeAbsentQueries(folder: string, count: number): string {
  const random = randomNumbers(0x61627365)
  const letters = () => random(2 ** 32).toString(36)
  const file = join(folder, `${count}.absent`)
  writeFileSync(file, Array.from({ length: count }, (_, i) => `x${letters()}${i}.${BENCH_ZONE} A\n`).join(''))
  return file
}

// ---------------------------------------------------------------------------

/** Fisher-Yates with a fixed seed, so that every run asks in the same order. */
function shuffle(items: string[]): void {
  const random = randomNumbers(0x6e616d65)
  for (let i = items.length - 1; i > 0; i--) {
    const j = random(i + 1)
    const held = items[i] as string
    items[i] = items[j] as string
    items[j] = held
  }
}

function nameOf(text: string): Name {
  return formatName(parseName(text))
}

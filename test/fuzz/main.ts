/** Runs too long for the tests: damaged packets, hostile clients, random zones beside other name servers. */
import { parseArgs } from 'node:util'
import { printTable } from '../../bench/table.ts'
import { runPackets } from './packets/run.ts'
import { comparePeers, type Report } from './peers/run.ts'
import { attackSockets } from './sockets/run.ts'

const USAGE = `Usage: npm run fuzz -- [packets|sockets|peers] [OPTION...]

  packets            damaged packets through decoder, chain and encoder (the usual)
  sockets            hostile clients of a responder that runs as a process of its own
  peers              random zones, served by NSD, Knot DNS and BIND, too

  --seed S           the same run again; without it a random one, which is printed
  --packets N        so many packets (default 1000000)
  --zones N          so many sets of zones beside the others (default 2000)
  --minutes M        end after so long; sockets: go on for so long (default 1)
  --help             print this
`

const AT_ONCE = 500 // sets of zones that the servers load

try {
  await main()
} catch (error) {
  process.stderr.write(`fuzz: ${(error as Error).message}\n${(error as Error).cause ?? ''}\n`)
  process.exit(1)
}

// ---------------------------------------------------------------------------

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seed: { type: 'string' },
      packets: { type: 'string' },
      zones: { type: 'string' },
      minutes: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  const [suite = 'packets', ...rest] = positionals
  if (values.help) return say(USAGE.trimEnd())
  const run = { packets: fuzzPackets, sockets: fuzzSockets, peers: fuzzPeers }[suite]
  if (run === undefined || rest.length > 0) throw new Error(`no such run: ${positionals.join(' ')} (see --help)`)
  const seed = number('seed', Math.floor(Math.random() * 2 ** 31))
  const minutes = values.minutes === undefined ? undefined : number('minutes', 1)
  const until = minutes === undefined ? undefined : Date.now() + minutes * 60_000
  say(`seed ${seed}`)
  await run(seed, number('packets', 1_000_000), number('zones', 2000), until)

  function number(option: 'seed' | 'packets' | 'zones' | 'minutes', otherwise: number): number {
    const text = values[option]
    if (text !== undefined && !/^\d+(\.\d+)?$/.test(text)) throw new Error(`--${option}: "${text}" is not a number`)
    return text === undefined ? otherwise : Number(text)
  }
}

async function fuzzPackets(seed: number, packets: number, _: number, until?: number): Promise<void> {
  const report = runPackets({ seed, packets, mixtures: 14, tell: say, ...(until !== undefined && { until }) })
  const mb = (octets: number) => (octets / 1e6).toFixed(1)
  printTable(
    'Damaged packets, none of which got a reply with a fault',
    ['packets', 'CPU µs each', 'slowest 1,000', 'heap MB more', 'RSS MB more'],
    [
      [
        report.packets.toLocaleString('en'),
        report.meanMicros.toFixed(1),
        report.slowestMicros.toFixed(1),
        mb(report.heapGrowth),
        mb(report.rssGrowth),
      ],
    ],
  )
  printTable('Replies by the four bits of rcode in the header', ['rcode', 'packets'], [...report.replies].sort())
}

async function fuzzSockets(seed: number, _: number, __: number, until = Date.now() + 60_000): Promise<void> {
  const { rounds, rss } = await attackSockets(seed, () => Date.now() < until)
  say(`${rounds} rounds; RSS in MB after each: ${rss.map(Math.round).join(' ')}`)
}

async function fuzzPeers(seed: number, _: number, zones: number, until = Number.POSITIVE_INFINITY): Promise<void> {
  const sums = new Map<string, number>()
  let different = 0
  for (let left = zones, next = seed; left > 0 && Date.now() < until; left -= AT_ONCE, next++) {
    const report = await comparePeers(next, Math.min(left, AT_ONCE))
    for (const [key, count] of countsOf(report)) sums.set(key, (sums.get(key) ?? 0) + count)
    different += report.differences.length
    for (const difference of report.differences) say(`seed ${next}\n${difference}`)
    say(`seed ${next}: ${report.zones} zones, ${report.differences.length} differences`)
  }
  printTable('Answers beside those of others', ['', 'answers'], [...sums].sort())
  if (different > 0) throw new Error(`${different} answers differ in what no rule allows`)
}

function countsOf({ compared, rules, outcomes }: Report): [string, number][] {
  return [...compared, ...rules, ...outcomes].map(([key, count]) => [key, count])
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

import { hasTool } from '../test/machine.ts'
import { benchChain } from './chain.ts'
import { benchHot } from './hot/hot.ts'
import { benchMirror } from './mirror/mirror.ts'
import { benchPeers, benchQueries } from './queries.ts'
import { benchRegistration } from './registration.ts'
import { soak } from './soak/soak.ts'
import { benchTransports } from './transports.ts'

const suites: Readonly<Record<string, () => Promise<void>>> = {
  registration: benchRegistration,
  mirror: benchMirror,
  chain: benchChain,
  queries: benchQueries,
  transports: benchTransports,
  peers: benchPeers,
}

/** Those that take long, and options; each alone. */
const alone: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = { hot: benchHot, soak }

const USAGE = `Usage: npm run bench -- [NAME...]

  ${Object.keys(suites).join(', ')}
                     each prints its table; all but queries without NAME
  hot [PART...]      the hot path beside a floor in C and other name servers: names, talk, updates, table, snapshot
  soak               a responder under load while names come and go, its answers checked

  --names N --items N --seconds N --ten-million   of hot: names of the zone, of DynamoDB; time of a load
  --queries N --seed N                            of soak
  --help             print this
`

const asked = process.argv.slice(2)
if (asked.includes('--help')) {
  process.stdout.write(USAGE)
  process.exit(0)
}
const [first = '', ...rest] = asked
for (const tool of ['dnsperf', 'taskset'])
  if (!hasTool(tool)) fail(`the benchmarks need ${tool} (Debian: dnsperf, util-linux)`)
if (alone[first] !== undefined) await alone[first](rest).catch((error: Error) => fail(error.message))
else await runSuites()

// ---------------------------------------------------------------------------

async function runSuites(): Promise<void> {
  const unknown = asked.find((name) => !(name in suites))
  const all = [...Object.keys(suites), ...Object.keys(alone)]
  if (unknown !== undefined) fail(`no benchmark "${unknown}"; there are: ${all.join(', ')}`)
  const usual = Object.keys(suites).filter((name) => name !== 'queries') // which are among those of the peers
  for (const name of asked.length > 0 ? asked : usual) await suites[name]?.()
}

function fail(message: string): never {
  process.stderr.write(`bench: ${message}\n`)
  process.exit(1)
}

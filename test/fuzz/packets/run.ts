/** Damaged packets through the whole way from octets to octets, over every transport and many configurations. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Answer } from '../../../responder/answer.ts'
import type { From } from '../../../responder/link.ts'
import { TRANSPORTS } from '../../../responder/metrics/families.ts'
import { type Random, randomNumbers } from '../../random.ts'
import { answering, fromTransport } from '../../responder/scenario.ts'
import { type Configuration, configurations } from './configurations.ts'
import { readCorpus } from './corpus.ts'
import { Mutator } from './mutator.ts'
import { faultOf } from './oracle.ts'
import { names, zones } from './zones.ts'

export interface PacketRun {
  readonly seed: number
  readonly packets: number
  /** Mixtures of links, besides the usual ones and all of them. */
  readonly mixtures?: number
  /** When to end though not all packets are made, in milliseconds since the epoch. */
  readonly until?: number
  /** Hears of the run every now and then. */
  readonly tell?: (line: string) => void
}

export interface PacketReport {
  readonly packets: number
  /** How often each rcode was the reply, and `silence`. */
  readonly replies: ReadonlyMap<string, number>
  /** CPU time that answers took, in microseconds a packet: the mean, and that of the slowest batch. */
  readonly meanMicros: number
  readonly slowestMicros: number
  /** In octets, since a fifth of the packets was answered and after a collection of garbage. */
  readonly heapGrowth: number
  readonly rssGrowth: number
}

/** Throws an Error that tells how to see it again at the first reply with a fault. */
export function runPackets({
  seed,
  packets,
  mixtures = 6,
  until = Number.POSITIVE_INFINITY,
  tell,
}: PacketRun): PacketReport {
  const random = randomNumbers(seed)
  const mutator = new Mutator(readCorpus(), names, random)
  const targets = configurations(mixtures, random).map((configuration) => ({
    configuration,
    answer: answering(zones, configuration.links),
  }))
  const replies = new Map<string, number>()
  const batches = Math.ceil(packets / BATCH)
  let before: NodeJS.MemoryUsage | undefined
  let [done, micros, slowest] = [0, 0, 0]
  for (; done < batches && Date.now() < until; done++) {
    if (before === undefined && (done >= batches / 5 || done > WARM_UP)) before = memoryUsed()
    const target = targets[done % targets.length] as Target
    const took = runBatch(target, mutator, random, replies, `seed ${seed}, batch ${done}`)
    micros += took
    slowest = Math.max(slowest, took)
    if (tell !== undefined && done % TELL_EVERY === TELL_EVERY - 1)
      tell(`${(done + 1) * BATCH} packets, ${Math.round(process.memoryUsage.rss() / 1e6)} MB`)
  }
  const after = memoryUsed()
  return {
    packets: done * BATCH,
    replies,
    meanMicros: micros / (done * BATCH),
    slowestMicros: slowest / BATCH,
    heapGrowth: after.heapUsed - (before ?? after).heapUsed,
    rssGrowth: after.rss - (before ?? after).rss,
  }
}

// ---------------------------------------------------------------------------

const BATCH = 1000
const WARM_UP = 2000 // batches, at most
const TELL_EVERY = 500 // batches

interface Target {
  readonly configuration: Configuration
  readonly answer: Answer
}

/** Gives the CPU time that the answers took, in microseconds. */
function runBatch(
  { configuration, answer }: Target,
  mutator: Mutator,
  random: Random,
  replies: Map<string, number>,
  where: string,
): number {
  const requests = Array.from({ length: BATCH }, () => ({ packet: mutator.next(), from: someone(random) }))
  const start = process.threadCpuUsage()
  const answers = requests.map(({ packet, from }) => {
    try {
      return answer(packet, from)
    } catch (error) {
      throw new Error(`a throw, ${described(configuration, from, packet, where)}`, { cause: error })
    }
  })
  const { user, system } = process.threadCpuUsage(start)
  requests.forEach(({ packet, from }, i) => {
    const reply = answers[i] && Buffer.from(answers[i])
    const mayBeSilent = configuration.name !== 'usual'
    const fault = faultOf({ request: packet, reply, transport: from.transport, mayBeSilent })
    if (fault !== undefined)
      throw new Error(`${fault}: ${reply?.toString('hex')}\n${described(configuration, from, packet, where)}`)
    const kind = reply === undefined ? 'silence' : String((reply[3] as number) & 15)
    replies.set(kind, (replies.get(kind) ?? 0) + 1)
  })
  return user + system
}

function someone(random: Random): From {
  const transport = TRANSPORTS[random(3) === 0 ? random(TRANSPORTS.length) : 0] as From['transport']
  const near = random(4) > 0 // one of a few clients, or anybody
  const address =
    random(3) === 0
      ? `2001:db8::${random(near ? 8 : 0x10000).toString(16)}`
      : `192.0.${near ? 2 : random(256)}.${random(near ? 8 : 256)}`
  return fromTransport(transport, address)
}

function described(
  { name, links }: Configuration,
  { transport, address }: From,
  packet: Buffer,
  where: string,
): string {
  return `${where}, links "${name}": ${JSON.stringify(links)}\n${transport} from ${address}: ${packet.toString('hex')}`
}

function memoryUsed(): NodeJS.MemoryUsage {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage()
}

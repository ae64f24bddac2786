import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Counters, createCounterMemory, sumCounters } from '../../responder/metrics/counters.ts'
import { emfLine, type Reading } from '../../responder/metrics/emf.ts'
import * as family from '../../responder/metrics/families.ts'
import { sumInterfaces } from '../../responder/metrics/network.ts'
import { Propagation } from '../../responder/metrics/propagation.ts'
import { startReports } from '../../responder/metrics/reports.ts'
import { Type } from '../../shared/dns/codes.ts'
import { catalogue } from '../../shared/metrics/catalogue.ts'

const memory = createCounterMemory(2)
const workers = [0, 1].map((row) => new Counters(memory, row))
const source = { loading: undefined, zones: 1, names: 7, followed: { position: 9, ageSeconds: 0.5 } }
const reading = (at: number, rest: Partial<Reading> = {}): Reading => ({
  at,
  counted: sumCounters(memory),
  source,
  serving: true,
  crew: { listening: 2, deaths: 3, drops: 1000 },
  usage: { cpuSeconds: 100, residentOctets: 250_000_000 },
  network: { received: 1_000, sent: 2_000 },
  propagationMs: undefined,
  ...rest,
})

function answer(queries: number, rcode: number, seconds: number, type: number = Type.A): void {
  for (let i = 0; i < queries; i++) {
    const worker = workers[i % workers.length]
    worker?.add(family.requests, family.requestSeries(i % 3 === 0 ? 'tcp' : 'udp', type))
    worker?.add(family.responses, family.responseSeries(rcode))
    worker?.observe(family.duration, 0, seconds)
  }
}

describe('a line', () => {
  const each = [family.dropped, family.panics, family.udpErrors, family.tcpRejected]
  answer(1000, 0, 0.0001) // before the first reading
  for (const one of each) workers[0]?.add(one, 0, 100)
  workers[0]?.set(family.tcpConnections, 8)
  const before = reading(1_000_000)
  answer(96, 0, 0.0001)
  answer(14, 3, 0.0004, Type.AAAA)
  answer(5, 3, 0.0004, Type.TXT)
  answer(1, 3, 0.0004, 65_400)
  answer(1, 2, 0.3)
  answer(2, 5, 100)
  answer(1, 16, 100)
  for (const [i, one] of each.entries()) workers[i % 2]?.add(one, 0, i + 1)
  workers[0]?.set(family.tcpConnections, 4)
  workers[1]?.set(family.tcpConnections, 1)
  const now = reading(1_060_000, {
    crew: { listening: 1, deaths: 5, drops: 1020 },
    usage: { cpuSeconds: 130, residentOctets: 260_000_000 },
    network: { received: 61_000, sent: 92_000 },
    propagationMs: 312,
  })
  const { _aws, ...members } = JSON.parse(emfLine(before, now))

  test('tells what happened since the reading before it, and how things stand', () => {
    assert.deepEqual(members, {
      service: 'responder',
      Queries: 120,
      QueriesPerTask: 2,
      QueriesA: 100,
      QueriesAAAA: 14,
      QueriesOther: 6,
      NoError: 96,
      NxDomain: 20,
      ServFail: 1,
      Refused: 2,
      OtherRcodes: 1,
      LatencyP50: 0.25,
      LatencyP90: 0.5,
      LatencyP99: 8192,
      Propagation: 312,
      CacheAge: 0.5,
      LogPosition: 9,
      Names: 7,
      Dropped: 1,
      SocketErrors: 27,
      Panics: 2,
      TcpConnections: 5,
      Workers: 1,
      WorkerDeaths: 2,
      Cpu: 50,
      ResidentMemory: 260_000_000,
      NetworkIn: 60_000,
      NetworkOut: 90_000,
    })
  })

  test('describes every metric of the catalogue, by one set of dimensions', () => {
    assert.deepEqual(_aws, {
      Timestamp: 1_060_000,
      CloudWatchMetrics: [
        {
          Namespace: 'Namestream',
          Dimensions: [['service']],
          Metrics: Object.entries(catalogue.responder).map(([Name, { unit: Unit }]) => ({ Name, Unit })),
        },
      ],
    })
  })
})

describe('what there is nothing to tell of is left out', () => {
  const absent = (rest: Partial<Reading>) => {
    const line = JSON.parse(emfLine(reading(0), reading(60_000, rest)))
    return Object.keys(catalogue.responder).filter((name) => !(name in line))
  }
  const unasked = ['LatencyP50', 'LatencyP90', 'LatencyP99', 'Propagation']

  test('nobody has asked and nothing was written: no times, but zeros of the rest', () => {
    assert.deepEqual(absent({}), unasked)
    assert.equal(JSON.parse(emfLine(reading(0), reading(60_000))).QueriesPerTask, 0)
  })

  test('a task that loads or ends is not among those that could take more, serve what is old or lack workers', () => {
    assert.deepEqual(absent({ serving: false }), ['QueriesPerTask', ...unasked, 'CacheAge', 'LogPosition', 'Workers'])
  })

  test('zone files have no log', () => {
    const { followed: _, ...files } = source
    assert.deepEqual(absent({ source: files }), [...unasked, 'CacheAge', 'LogPosition'])
  })

  test('while all names are read again, the last segment is not known', () => {
    assert.deepEqual(absent({ source: { ...source, followed: { position: 0, ageSeconds: 1 } } }), [
      ...unasked,
      'LogPosition',
    ])
  })

  test('where there is no Linux, the network', () => {
    assert.deepEqual(absent({ network: undefined }), [...unasked, 'NetworkIn', 'NetworkOut'])
  })
})

test('an interface that went away is no negative traffic', () => {
  const line = JSON.parse(emfLine(reading(0), reading(60_000, { network: { received: 10, sent: 3_000 } })))
  assert.deepEqual([line.NetworkIn, line.NetworkOut], [0, 1_000])
})

test('the last line comes when it is ended, and each goes on from the one before', () => {
  const lines: string[] = []
  let at = 0
  const read = () => {
    at += 1_000
    return reading(at)
  }
  const end = startReports(read, { intervalMs: 3_600_000, write: (line) => lines.push(line) })
  answer(3, 0, 0.0001)
  assert.equal(lines.length, 0)
  end()
  assert.deepEqual(
    lines.map((line) => [JSON.parse(line).Queries, JSON.parse(line).QueriesPerTask]),
    [[3, 3]],
  )
})

describe('interfaces', () => {
  const table = (...rows: string[]) =>
    `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
${rows.join('\n')}
`
  const lo =
    '    lo: 5295064330 3604676    0    0    0     0          0         0 5295064331 3604676    0    0    0     0       0          0'
  const eth = [
    '  eth0:     100      1    0    0    0     0          0         0      200      2    0    0    0     0       0          0',
    'eth1:40000000000    10    0    0    0     0          0         0 30000000000    20    0    0    0     0       0          0',
  ]
  const cases: readonly [what: string, rows: readonly string[], received: number, sent: number][] = [
    ['all but loopback', [lo, ...eth], 40_000_000_100, 30_000_000_200],
    ['loopback where there is no other', [lo], 5_295_064_330, 5_295_064_331],
    ['none', [], 0, 0],
  ]
  for (const [what, rows, received, sent] of cases) {
    test(what, () => assert.deepEqual(sumInterfaces(table(...rows)), { received, sent }))
  }
})

describe('propagation', () => {
  test('is the longest since it was asked last, never below zero, and a histogram of all', () => {
    const memory = createCounterMemory(1)
    const propagation = new Propagation(new Counters(memory, 0))
    assert.equal(propagation.takeLongestMs(), undefined)
    propagation.note([1_000, 700, 900], 1_000)
    propagation.note([950], 1_000)
    propagation.note([], 9_000)
    assert.equal(propagation.takeLongestMs(), 300)
    assert.equal(propagation.takeLongestMs(), undefined)
    propagation.note([1_500], 1_000)
    assert.equal(propagation.takeLongestMs(), 0)
    const { at, bounds } = family.propagation
    const counted = sumCounters(memory).subarray(at, at + bounds.length + 2)
    const buckets = Object.fromEntries(Array.from(counted, (count, i) => [bounds[i] ?? 'above', count]))
    assert.deepEqual([buckets[0.05], buckets[0.1], buckets[0.3], buckets[0.5]], [3, 1, 1, 0])
    assert.ok(Math.abs((counted.at(-1) as number) - 0.45) < 1e-9)
  })
})

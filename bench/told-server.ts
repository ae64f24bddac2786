/**
 * The responder as `responder/main.ts` starts it, but with a change log that is what its parent tells it:
 *
 *     node bench/told-server.ts NAMES [OPTION of the responder...]
 *
 * There are so many names from the beginning, with one address each as in a BenchZone.
 */
import { parseOptions } from '../responder/options.ts'
import { run, say } from '../responder/process.ts'
import { serve } from '../responder/serve.ts'
import { changeLog } from '../responder/sources/change-log.ts'
import type { NameRecord, Segment } from '../shared/records/model.ts'
import { newZone } from '../shared/records/new-zone.ts'
import { type ChangeLogReader, EMPTY_LOG } from '../shared/records/ports.ts'
import { addressOf, BENCH_APEX, benchName } from './zone.ts'

/** Segments that go on where the last ones ended. */
export interface ToServer {
  readonly segments: readonly Segment[]
}

/** Segments up to this one are served. */
export interface FromServer {
  readonly served: number
}

const PAGE = 500 // names, or segments, that are read at once

const [names, ...options] = process.argv.slice(2)
const { settings } = parseOptions(options)
let segments: readonly Segment[] = []
let head = EMPTY_LOG
let served = EMPTY_LOG
process.on('message', (message: ToServer) => {
  segments = [...segments, ...message.segments]
  head = segments.at(-1)?.seq ?? head
})
process.on('disconnect', () => process.exit(0)) // nobody is left to tell anything
await run(() =>
  serve({ read: settings, followTables: async ({ intervalMs }) => changeLog({ ...store(), intervalMs, tell: say }) }),
)

// ---------------------------------------------------------------------------

function store() {
  const log: ChangeLogReader = {
    head: async () => head,
    async after(cursor) {
      if (cursor > served) process.send?.({ served: cursor } satisfies FromServer) // what was read is published before more is
      served = cursor
      segments = segments.filter(({ seq }) => seq > cursor)
      return { segments: segments.slice(0, PAGE), head }
    },
  }
  return { log, names: { scan }, zones: { list: async () => [newZone(BENCH_APEX)] } }
}

async function* scan(): AsyncIterable<NameRecord[]> {
  for (let at = 0; at < Number(names); at += PAGE)
    yield Array.from({ length: Math.min(PAGE, Number(names) - at) }, (_, i) => recordOf(at + i))
}

function recordOf(i: number): NameRecord {
  return {
    name: benchName(`n${i}`),
    zone: BENCH_APEX,
    version: 1,
    rrsets: { A: { ttl: 300, rdata: [addressOf(i)] } },
  }
}

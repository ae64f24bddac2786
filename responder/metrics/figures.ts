import project from '../../package.json' with { type: 'json' }
import type { SourceStatus } from '../sources/source.ts'
import type { TableStatus } from '../table/table.ts'
import type { CrewStatus } from '../workers/crew.ts'
import type { Figure } from './prometheus.ts'
import { readUsage } from './usage.ts'

/** What the main thread knows: the state of the source, of the table, of the workers and of the process. */
export function figuresOf(
  { zones, names, followed }: SourceStatus,
  { listening, deaths, drops }: CrewStatus,
  { entries, usedOctets, octets }: TableStatus,
): Figure[] {
  const { cpuSeconds, residentOctets } = readUsage()
  const figures = [
    gauge('namestream_zones', 'Zones that are served.', zones),
    gauge('namestream_names', 'Names that own records.', names),
    gauge('namestream_table_entries', 'Names and zones in the answer table, empty non-terminals among them.', entries),
    gauge('namestream_table_used_bytes', 'Memory of the answer table that holds something.', usedOctets),
    gauge('namestream_table_bytes', 'Memory of the answer table, with what was never written to.', octets),
    gauge('namestream_workers', 'Workers that take requests.', listening),
    counter('namestream_worker_deaths_total', 'Workers that died and were replaced.', deaths),
    ...(drops === undefined ? [] : [counter(DROPS, 'Datagrams that came faster than they were taken.', drops)]),
    gauge('process_resident_memory_bytes', 'Resident memory.', residentOctets),
    counter('process_cpu_seconds_total', 'User and system CPU time.', cpuSeconds),
    {
      ...gauge('coredns_build_info', 'What is running.', 1),
      labels: `version="${project.version}",node="${process.version}"`,
    },
  ]
  if (followed === undefined) return figures
  const { position, ageSeconds } = followed
  return [
    ...figures,
    gauge('namestream_log_position', 'Number of the last change-log segment that is served.', position),
    gauge('namestream_data_age_seconds', 'Time since it was last known that nothing newer exists.', ageSeconds),
  ]
}

// ---------------------------------------------------------------------------

const DROPS = 'namestream_udp_receive_drops_total'

function gauge(name: string, help: string, value: number): Figure {
  return { kind: 'gauge', name, help, value }
}

function counter(name: string, help: string, value: number): Figure {
  return { kind: 'counter', name, help, value }
}

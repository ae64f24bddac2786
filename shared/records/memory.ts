import type { Name } from '../dns/name.ts'
import type { NameRecord, Segment, Zone } from './model.ts'
import { type ChangeLogReader, type ChangeLogWriter, EMPTY_LOG, type NameStore, type ZoneStore } from './ports.ts'

/** The ports of one store kept in this process, for tests and benchmarks: same contract as DynamoDB, no durability. */
export interface MemoryStore {
  readonly names: NameStore
  readonly zones: ZoneStore
  readonly log: ChangeLogWriter & ChangeLogReader
}

export function memoryStore(): MemoryStore {
  const zones = new Map<Name, Zone>()
  return { names: memoryNames(), zones: memoryZones(zones), log: memoryLog(zones) }
}

// ---------------------------------------------------------------------------

const PAGE = 100

function memoryNames(): NameStore {
  const records = new Map<Name, NameRecord>()
  return {
    async read(name) {
      return records.get(name)
    },
    async readAll(names) {
      const found = names.flatMap((name) => records.get(name) ?? [])
      return { records: new Map(found.map((record) => [record.name, record])), unreadable: new Set() }
    },
    async write(next, expected) {
      const current = records.get(next.name)
      if ((current?.version ?? 0) !== expected) return { written: false, current }
      records.set(next.name, next)
      return { written: true }
    },
    async *scan() {
      const all = [...records.values()]
      for (let at = 0; at < all.length; at += PAGE) yield all.slice(at, at + PAGE)
    },
  }
}

function memoryZones(zones: Map<Name, Zone>): ZoneStore {
  return {
    async list() {
      return [...zones.values()]
    },
    async add(zone) {
      if (zones.has(zone.zone)) return false
      zones.set(zone.zone, zone)
      return true
    },
    async link(name, hostedZone) {
      const zone = zones.get(name)
      if (zone === undefined) return false
      const { hostedZone: _before, ...rest } = zone
      zones.set(name, hostedZone === undefined ? rest : { ...rest, hostedZone })
      return true
    },
  }
}

function memoryLog(zones: Map<Name, Zone>): ChangeLogWriter & ChangeLogReader {
  const segments: Segment[] = []
  const marks = new Map<Name, number>()
  return {
    async head() {
      return EMPTY_LOG + segments.length
    },
    async append(segment) {
      const versions = new Map<Name, number>()
      for (const { name, first } of segment.changes) {
        const mark = marks.get(name)
        if (mark !== undefined && mark >= first) versions.set(name, mark)
      }
      if (versions.size > 0) return { kind: 'already-logged', versions }
      if (segment.seq !== EMPTY_LOG + segments.length + 1) return { kind: 'head-moved' }
      segments.push(segment)
      for (const { name, version, zone } of segment.changes) {
        marks.set(name, version)
        const touched = zones.get(zone)
        if (touched !== undefined) zones.set(zone, { ...touched, serial: segment.seq })
      }
      return { kind: 'appended' }
    },
    async after(cursor) {
      const from = Math.max(cursor - EMPTY_LOG, 0)
      return { segments: segments.slice(from, from + PAGE), head: EMPTY_LOG + segments.length }
    },
  }
}

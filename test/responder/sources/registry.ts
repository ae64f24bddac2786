import assert from 'node:assert/strict'
import type { Name } from '../../../shared/dns/name.ts'
import { type MemoryStore, memoryStore } from '../../../shared/records/memory.ts'
import type { NameRecord, RRsets, Zone } from '../../../shared/records/model.ts'
import type { ChangeLogReader } from '../../../shared/records/ports.ts'
import { packWrites, type Write } from '../../../shared/records/segments.ts'

export const ZONE = 'example.org.' as Name

/** A store with writers, and the troubles that a store can have. */
export class Registry {
  readonly store: MemoryStore = memoryStore()
  /** While set, every call to the store fails. */
  away = false
  /** Segments up to here are gone from the log. */
  trimmed = 0
  /** While set, the store has no zones. */
  withdrawn = false
  /** When what is written from now on was written; nothing tells while undefined. */
  writtenAt: number | undefined
  /** Called before each page of a scan. */
  betweenPages: () => Promise<void> = async () => {}
  readonly #missing = new Set<Name>()
  readonly #unlogged: Write[] = []
  #clock = 1_000

  /** Adds a zone as it is when no segment has touched it. */
  async serve(zone: Name = ZONE): Promise<void> {
    assert.ok(await this.store.zones.add(aZone(zone)))
  }

  /** Sets the addresses of a name; none removes it. The log has it after `log`. */
  async write(label: string, addresses: readonly string[], zone: Name = ZONE): Promise<void> {
    const name = `${label}.${zone}` as Name
    const old = await this.store.names.read(name)
    const rrsets: RRsets = addresses.length === 0 ? {} : { A: { ttl: 60, rdata: addresses } }
    const version = old === undefined ? this.#clock++ : old.version + 1
    const by = this.writtenAt === undefined ? {} : { by: { principal: 'local', at: this.writtenAt } }
    const next: NameRecord = { name, zone, version, rrsets, ...by }
    assert.ok((await this.store.names.write(next, old?.version ?? 0)).written)
    this.#missing.delete(name)
    this.#unlogged.push({ ...(old && { old }), new: next })
  }

  /** Appends what was written as one segment. */
  async log(): Promise<void> {
    const { changes } = packWrites(this.#unlogged.splice(0))
    const seq = (await this.store.log.head()) + 1
    assert.deepEqual(await this.store.log.append({ seq, at: 0, changes }), { kind: 'appended' })
  }

  /** The log never gets what was written since the last segment. */
  forget(): void {
    this.#unlogged.splice(0)
  }

  async writeAndLog(label: string, addresses: readonly string[], zone: Name = ZONE): Promise<void> {
    await this.write(label, addresses, zone)
    await this.log()
  }

  /** The item is no longer there, as when a tombstone's time is up. */
  expire(label: string): void {
    this.#missing.add(`${label}.${ZONE}` as Name)
  }

  /** What a follower is given: the ports of the store, with its troubles. */
  get ports() {
    const { store } = this
    const there = () => {
      if (this.away) throw new Error('nobody answers')
    }
    const isThere = ({ name }: NameRecord) => !this.#missing.has(name)
    const registry = this
    const log: ChangeLogReader = {
      async head() {
        there()
        return store.log.head()
      },
      async after(cursor) {
        there()
        const { segments, head } = await store.log.after(cursor)
        return { segments: segments.filter(({ seq }) => seq > registry.trimmed), head }
      },
    }
    const names = {
      async *scan() {
        for await (const page of store.names.scan()) {
          await registry.betweenPages()
          there()
          yield page.filter(isThere)
        }
      },
    }
    const zones = {
      async list() {
        there()
        return registry.withdrawn ? [] : store.zones.list()
      },
    }
    return { log, names, zones }
  }
}

function aZone(zone: Name): Zone {
  const soa = { ttl: 3600, mname: `ns.${zone}` as Name, rname: `h.${zone}` as Name }
  return {
    zone,
    serial: 1,
    soa: { ...soa, refresh: 300, retry: 60, expire: 86400, minimum: 60 },
    ns: { ttl: 3600, rdata: [`ns.${zone}`] },
  }
}

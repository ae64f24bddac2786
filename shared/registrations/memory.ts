import type { Registration, RegistrationKey } from './model.ts'
import type { RegistrationStore } from './ports.ts'

/** Registrations kept in this process, for tests: same contract as DynamoDB, no durability. */
export function memoryRegistrations(): RegistrationStore {
  const all = new Map<string, Registration>()
  const placeOf = ({ name, id }: Pick<RegistrationKey, 'name' | 'id'>) => `${name} ${id}`
  const find = (key: RegistrationKey) => {
    const found = all.get(placeOf(key))
    return found?.nonce === key.nonce ? found : undefined
  }
  return {
    async read(name, id) {
      return all.get(placeOf({ name, id }))
    },
    async put(registration, replaced) {
      const place = placeOf(registration)
      if (all.get(place)?.nonce !== replaced) return false
      all.set(place, registration)
      return true
    },
    async renew(key, until, now) {
      const found = find(key)
      if (found?.lease === undefined || found.ending || found.lease.until <= now) return false
      all.set(placeOf(key), { ...found, lease: { ...found.lease, until } })
      return true
    },
    async end(key, now, whenever = false) {
      const found = find(key)
      if (found === undefined) return false
      const isOver = found.ending || (found.lease !== undefined && found.lease.until <= now)
      if (!isOver && !whenever) return false
      all.set(placeOf(key), { ...found, ending: true })
      return true
    },
    async remove(key) {
      if (find(key) !== undefined) all.delete(placeOf(key))
    },
    async *scan() {
      yield [...all.values()]
    },
  }
}

import type { Grant, Token } from './model.ts'
import type { AccessStore } from './ports.ts'

/** Grants and tokens kept in this process, for tests: same contract as DynamoDB, no durability. */
export function memoryAccessStore(): AccessStore {
  const grants = new Map<string, Grant>()
  const tokens = new Map<string, Token>()
  const keyOf = ({ id, principal }: Pick<Grant, 'id' | 'principal'>) => `${principal} ${id}`
  return {
    async grantsOf(principal) {
      return [...grants.values()].filter((grant) => grant.principal === principal)
    },
    async grants() {
      return [...grants.values()]
    },
    async addGrant(grant) {
      if (grants.has(keyOf(grant))) return false
      grants.set(keyOf(grant), grant)
      return true
    },
    async removeGrant(grant) {
      return grants.delete(keyOf(grant))
    },
    async token(id) {
      return tokens.get(id)
    },
    async tokens() {
      return [...tokens.values()]
    },
    async writeToken(next, expected) {
      if ((tokens.get(next.id)?.version ?? 0) !== expected) return false
      tokens.set(next.id, next)
      return true
    },
  }
}

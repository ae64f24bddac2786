/** The stores on which the contract suites run. Each call of `fresh` gives an empty one. */
import type { MemoryStore } from '../../shared/records/memory.ts'

/** All ports of one store. */
export type Store = MemoryStore

export type Fresh = () => Promise<Store>

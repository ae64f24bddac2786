/** The tables as data: what the local stack creates and what the CDK app deploys. */
export interface TableSchema {
  readonly partitionKey: string
  /** String or number. The partition key is a string. */
  readonly sortKey?: { readonly name: string; readonly type: 'S' | 'N' }
  /** Emits the old and the new image of every item that is written. */
  readonly streamed: boolean
}

export const tableSchemas = {
  /** One item an owner name: NameRecord of `records/model.ts`. */
  names: { partitionKey: 'name', streamed: true },
  /** One item a zone: Zone of `records/model.ts`. */
  zones: { partitionKey: 'zone', streamed: false },
  /** The change log: see `change-log.ts`. */
  changelog: { partitionKey: 'pk', sortKey: { name: 'sk', type: 'N' }, streamed: true },
  /** The memory of the Route 53 mirror: see `mirror-store.ts`. */
  mirror: { partitionKey: 'pk', sortKey: { name: 'sk', type: 'S' }, streamed: false },
  /** Registrations with their leases: see `registration-store.ts`. A renewal is told by no stream. */
  registrations: { partitionKey: 'name', sortKey: { name: 'id', type: 'S' }, streamed: false },
  /** Grants and tokens: see `access-store.ts`. */
  access: { partitionKey: 'pk', sortKey: { name: 'sk', type: 'S' }, streamed: false },
} as const satisfies Record<string, TableSchema>

export type Table = keyof typeof tableSchemas

/** Attribute with the time, in seconds since the epoch, after which DynamoDB removes an item of any table. */
export const EXPIRES = 'expires'

/** Environment variables that hold the tables' names. */
export const tableVariables = {
  names: 'NAMES_TABLE',
  zones: 'ZONES_TABLE',
  changelog: 'CHANGELOG_TABLE',
  mirror: 'MIRROR_TABLE',
  registrations: 'REGISTRATIONS_TABLE',
  access: 'ACCESS_TABLE',
} as const satisfies Record<Table, string>

/** The name of a table from the environment; throws an Error that says which variable is missing. */
export function tableName(table: Table, environment: NodeJS.ProcessEnv = process.env): string {
  const name = environment[tableVariables[table]]
  if (!name) throw new Error(`the environment variable ${tableVariables[table]} must name the ${table} table`)
  return name
}

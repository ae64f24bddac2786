import { fileURLToPath } from 'node:url'
import { config } from './config.ts'
import { jsonSchemaOf } from './json-schema.ts'

/** The schema of the configuration as it is kept beside its source. */
export const schemaFile = fileURLToPath(new URL('schema.json', import.meta.url))

export function schemaText(): string {
  return `${JSON.stringify(jsonSchemaOf(config), undefined, 2)}\n`
}

/** Writes the schema of the configuration for editors: `npm run schema`. */
import { writeFileSync } from 'node:fs'
import { schemaFile, schemaText } from './schema-file.ts'

writeFileSync(schemaFile, schemaText())

import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder in the project for what is kept: a fetched Java runtime always, records unless another folder is named. */
export const PROJECT_DATA = fileURLToPath(new URL('../.namestream', import.meta.url))

/** npm runs scripts in the project's folder; a relative folder is meant from where the user is. */
export function parseFolder(text: string | undefined): string {
  if (text === undefined) return PROJECT_DATA
  if (text === '') throw new Error('the folder has no name')
  return resolve(process.env.INIT_CWD ?? process.cwd(), text)
}

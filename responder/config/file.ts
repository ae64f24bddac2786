import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parseName } from '../../shared/dns/name.ts'
import type { LinkSettings } from '../chain.ts'
import type { Endpoint } from '../listeners/endpoint.ts'
import type { ZoneFile } from '../sources/zone-files.ts'
import { parseConfig } from './config.ts'

/** What a configuration file says; what it does not say is undefined. */
export interface FileConfig {
  readonly zones?: readonly ZoneFile[] | undefined
  readonly dns?: readonly Endpoint[] | undefined
  readonly health?: Endpoint | undefined
  readonly workers?: number | undefined
  readonly lameduckMs?: number | undefined
  readonly intervalMs?: number | undefined
  readonly links: LinkSettings
}

/** Reads a file; the files that it names are relative to its own folder. Throws an Error of one line. */
export function readConfig(file: string): FileConfig {
  const { zones, lameduck, interval, $schema: _, ...rest } = parseConfig(textOf(file), file)
  const beside = (path: string) => resolve(dirname(file), path)
  return {
    ...rest,
    ...(zones && {
      zones: Object.entries(zones).map(([origin, path]) => ({ origin: parseName(origin), file: beside(path) })),
    }),
    ...(lameduck !== undefined && { lameduckMs: lameduck * 1000 }),
    ...(interval !== undefined && { intervalMs: interval * 1000 }),
  }
}

// ---------------------------------------------------------------------------

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    throw new Error(`${file}: ${code === 'ENOENT' ? 'there is no such file' : message}`, { cause })
  }
}

import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parseName } from '../../shared/dns/name.ts'
import type { SomeSettings } from '../settings.ts'
import { parseConfig } from './config.ts'

/** Reads a file; the files that it names are relative to its own folder. Throws an Error of one line. */
export function readConfig(file: string): SomeSettings {
  return settingsIn(textOf(file), file, dirname(file))
}

/** Reads a text that is called `name`; the files that it names are relative to `folder`. Throws an Error of one line. */
export function settingsIn(text: string, name: string, folder: string): SomeSettings {
  const { zones, dns, tls, https, tcp, health, workers, lameduck, interval, reload, links } = parseConfig(text, name)
  const beside = (path: string) => resolve(folder, path)
  const files =
    zones && Object.entries(zones).map(([origin, path]) => ({ origin: parseName(origin), file: beside(path) }))
  return defined({
    zones: files,
    dns,
    tls: tls?.listen,
    certificate: tls && beside(tls.certificate),
    key: tls && beside(tls.key),
    https: https?.listen,
    path: https?.path,
    control: health,
    workers,
    limits: tcp && defined({ connections: tcp.connections, perClient: tcp.perClient, idleMs: inMs(tcp.idle) }),
    lameduckMs: inMs(lameduck),
    intervalMs: inMs(interval),
    reloadMs: reload === false ? 0 : inMs(reload),
    links,
  })
}

/** The entries that are there. */
export function defined<T extends object>(some: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(some).filter(([, value]) => value !== undefined)) as never
}

// ---------------------------------------------------------------------------

function inMs(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    throw new Error(`${file}: ${code === 'ENOENT' ? 'there is no such file' : message}`, { cause })
  }
}

/** Resolvers as Debian packages them, which forward zones. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { eventually } from '../eventually.ts'
import { output } from '../interop/tools.ts'
import { freePort } from '../machine.ts'

/** Arguments with which dig asks it. */
export type Resolver = readonly string[]

export interface ForwardedZone {
  readonly origin: string
  /** Where questions about it go. */
  readonly host: string
  readonly port: number
}

/** BIND with zones of type forward; it ends with the tests. */
export function startNamed(zones: readonly ForwardedZone[]): Promise<Resolver> {
  const config = (folder: string, port: number) => `options {
  directory "${folder}"; pid-file none; session-keyfile none; lock-file none;
  listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; };
  recursion yes; dnssec-validation no; empty-zones-enable no;
};
controls { };
${zones
  .map(({ origin, host, port }) => {
    return `zone "${origin}" { type forward; forward only; forwarders { ${host} port ${port}; }; };\n`
  })
  .join('')}`
  return started('named', ['-g', '-n', '1', '-c'], config, zones)
}

/** Unbound with stub zones, asking in random letter case; it ends with the tests. */
export function startUnbound(zones: readonly ForwardedZone[]): Promise<Resolver> {
  const config = (folder: string, port: number) => `server:
  interface: 127.0.0.1@${port}
  do-not-query-localhost: no
  use-caps-for-id: yes
  module-config: "iterator"
  username: ""
  chroot: ""
  directory: "${folder}"
  pidfile: ""
  use-syslog: no
${zones.map(({ origin, host, port }) => `stub-zone:\n  name: "${origin}"\n  stub-addr: ${host}@${port}\n`).join('')}`
  return started('unbound', ['-d', '-c'], config, zones)
}

// ---------------------------------------------------------------------------

/** Waits until it resolves the first of the zones. */
async function started(
  program: string,
  args: readonly string[],
  config: (folder: string, port: number) => string,
  [first]: readonly ForwardedZone[],
): Promise<Resolver> {
  const folder = mkdtempSync(join(tmpdir(), `namestream-${program}-`))
  const port = await freePort()
  const file = join(folder, `${program}.conf`)
  writeFileSync(file, config(folder, port))
  const child = spawn(program, [...args, file], { stdio: 'ignore' })
  after(async () => {
    const ended = once(child, 'exit')
    if (child.exitCode === null && child.kill()) await ended
    rmSync(folder, { recursive: true, force: true })
  })
  const resolver = ['@127.0.0.1', '-p', String(port), '+tries=1', '+time=5']
  await eventually(async () => {
    assert.match(await output('dig', [...resolver, first?.origin ?? '', 'SOA']), /status: NOERROR/)
  })
  return resolver
}

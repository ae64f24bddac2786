import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { startRoute53 } from '../../local/route53/route53.ts'
import { awsHostedZones } from '../../shared/aws/hosted-zones.ts'
import { route53Client } from '../../shared/aws/route53-client.ts'
import { canonicalName } from '../../shared/dns/name.ts'
import { freePort } from '../../test/machine.ts'
import { ready, stop } from '../process.ts'
import { printTable } from '../table.ts'
import { environmentOf } from './simulation.ts'

const ZONE = 'mirror.example.org.'
const NAMES = 10_000
const CLIENTS = 32
const HOSTED_ZONE_OWN = 2 // SOA and NS

/** 10,000 names registered over HTTP as fast as the stack takes them, until Route 53 holds the last. */
export async function benchMirrorEndToEnd(): Promise<void> {
  const emulator = await startRoute53({ endpoint: { host: '127.0.0.1', port: 0 }, maxSets: 20_000, log: () => {} })
  Object.assign(process.env, environmentOf(emulator)) // of the stack, too
  const client = route53Client()
  const [http, dns, health] = [await freePort(), await freePort(), await freePort()]
  const main = join(import.meta.dirname, '../../local/main.ts')
  const listen = ['--http', `127.0.0.1:${http}`, '--dns', `127.0.0.1:${dns}`, '--health', `127.0.0.1:${health}`]
  const stack = spawn(process.execPath, [main, ...listen, '--zone', ZONE, '--ephemeral'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  try {
    await ready(stack)
    const [hosted] = await awsHostedZones(client).find(canonicalName(ZONE))
    const held = () => emulator.sets(hosted?.id ?? '').length - HOSTED_ZONE_OWN
    const before = emulator.counts.requests.ChangeResourceRecordSets ?? 0
    const started = performance.now()
    await registerAll(`http://127.0.0.1:${http}/dynapi`)
    const registered = (performance.now() - started) / 1000
    const behind = NAMES - held()
    while (held() < NAMES) {
      if (performance.now() - started > 600_000)
        throw new Error(`Route 53 holds ${held()} of ${NAMES} names after 10 minutes`)
      await new Promise((later) => setTimeout(later, 50))
    }
    const mirrored = (performance.now() - started) / 1000
    const requests = (emulator.counts.requests.ChangeResourceRecordSets ?? 0) - before
    if (Object.keys(emulator.counts.violations).length > 0) throw new Error(JSON.stringify(emulator.counts.violations))
    printTable(
      `Mirror, ${NAMES.toLocaleString('en')} names registered by ${CLIENTS} clients on one machine`,
      ['registered after s', 'names behind then', 'in Route 53 after s', 'change requests', 'names a request'],
      [[registered.toFixed(1), behind, mirrored.toFixed(1), requests, (NAMES / requests).toFixed(0)]],
    )
  } finally {
    await stop(stack)
    client.destroy()
    await emulator.stop()
  }
}

// ---------------------------------------------------------------------------

async function registerAll(url: string): Promise<void> {
  let next = 0
  const client = async () => {
    while (next < NAMES) {
      const i = next++
      const body = JSON.stringify({ zone: ZONE, name: `n${i}`, type: 'A', address: `198.18.${i >> 8}.${i & 255}` })
      const response = await fetch(url, { method: 'PUT', body })
      const text = await response.text()
      if (response.status !== 200) throw new Error(`PUT n${i}: ${response.status} ${text}`)
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
}

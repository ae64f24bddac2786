import assert from 'node:assert/strict'
import { after } from 'node:test'
import {
  type Change,
  type ChangeAction,
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
  type RRType,
} from '@aws-sdk/client-route-53'
import { type Route53Emulator, type Route53EmulatorOptions, startRoute53 } from '../../../local/route53/route53.ts'

/** An emulator with a clock that the test moves, and the real SDK as its client. */
export interface Bench {
  readonly emulator: Route53Emulator
  readonly client: Route53Client
  readonly clock: { now: number }
  /** Creates a public hosted zone; gives its id without prefix. */
  zone(name: string): Promise<string>
  /** Sends a batch, see `changes`; gives the id of the change without prefix. */
  change(zone: string, batch: string | readonly Change[]): Promise<string>
  /** The messages that a batch is refused with. */
  refusal(zone: string, batch: string | readonly Change[]): Promise<string>
  /** All sets but SOA and NS of the apex, as lines `name type ttl value | value`. */
  sets(zone: string): Promise<readonly string[]>
}

export async function bench(options: Partial<Route53EmulatorOptions> = {}): Promise<Bench> {
  const clock = { now: Date.UTC(2026, 0, 1) }
  const log: string[] = []
  const emulator = await startRoute53({
    endpoint: { host: '127.0.0.1', port: 0 },
    now: () => clock.now,
    requestsPerSecond: 1_000_000,
    log: (line) => log.push(line),
    ...options,
  })
  const client = clientOf(emulator.url)
  after(async () => {
    client.destroy()
    await emulator.stop()
    assert.deepEqual(log, [])
  })
  let references = 0
  const made: Bench = {
    emulator,
    client,
    clock,
    async zone(name) {
      const CallerReference = `${name} ${references++}`
      const { HostedZone } = await client.send(new CreateHostedZoneCommand({ Name: name, CallerReference }))
      return bare(HostedZone?.Id)
    },
    async change(zone, batch) {
      const Changes = typeof batch === 'string' ? changes(batch) : [...batch]
      const command = new ChangeResourceRecordSetsCommand({ HostedZoneId: zone, ChangeBatch: { Changes } })
      return bare((await client.send(command)).ChangeInfo?.Id)
    },
    async refusal(zone, batch) {
      const error = await made.change(zone, batch).then(
        () => assert.fail('the batch was accepted'),
        (error: Error) => error,
      )
      return `${error.name} ${error.message}`
    },
    async sets(zone) {
      const command = new ListResourceRecordSetsCommand({ HostedZoneId: zone, MaxItems: 300 })
      const { ResourceRecordSets = [] } = await client.send(command)
      return ResourceRecordSets.filter(({ Type }) => Type !== 'SOA' && Type !== 'NS').map(
        ({ Name, Type, TTL, ResourceRecords = [] }) =>
          `${Name} ${Type} ${TTL} ${ResourceRecords.map(({ Value }) => Value).join(' | ')}`,
      )
    },
  }
  return made
}

export function change(Action: ChangeAction, Name: string, Type: RRType, values: readonly string[], TTL = 60): Change {
  return { Action, ResourceRecordSet: { Name, Type, TTL, ResourceRecords: values.map((Value) => ({ Value })) } }
}

/** So many different things. */
export function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index))
}

export function bare(id = ''): string {
  return id.slice(id.lastIndexOf('/') + 1)
}

// ---------------------------------------------------------------------------

function clientOf(url: string): Route53Client {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  return new Route53Client({ endpoint: url, region: 'us-east-1', credentials, maxAttempts: 1 })
}

/** Changes out of lines `ACTION name type ttl value | value`. */
function changes(lines: string): Change[] {
  return lines
    .trim()
    .split('\n')
    .map((line) => {
      const [, action, name, type, ttl, values = ''] = /^\s*(\S+) (\S+) (\S+) (\S+) (.*)$/.exec(line) ?? []
      assert.ok(name, `not a change: ${line}`)
      return change(action as ChangeAction, name, type as RRType, values.split(' | '), Number(ttl))
    })
}

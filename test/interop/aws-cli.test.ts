import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { promisify } from 'node:util'
import { startRoute53 } from '../../local/route53/route53.ts'
import { testWith } from './tools.ts'

let ahead = 0 // of the clock, to let changes become INSYNC
const log: string[] = []
const emulator = await startRoute53({
  endpoint: { host: '127.0.0.1', port: 0 },
  now: () => Date.now() + ahead,
  insyncMs: 3_600_000,
  log: (line) => log.push(line),
})
const folder = mkdtempSync(join(tmpdir(), 'namestream-aws-cli-'))
after(async () => {
  await emulator.stop()
  rmSync(folder, { recursive: true, force: true })
  assert.deepEqual(log, [])
})

testWith(['aws'], 'the life of a hosted zone', async () => {
  const made = await aws('create-hosted-zone', '--name', 'example.org', '--caller-reference', 'one')
  const id: string = made.HostedZone.Id
  assert.match(id, /^\/hostedzone\/Z[A-Z0-9]+$/)
  assert.equal(made.DelegationSet.NameServers.length, 4)
  assert.deepEqual(await aws('list-hosted-zones', '--query', 'HostedZones[].Name'), ['example.org.'])
  const byName = await aws('list-hosted-zones-by-name', '--dns-name', 'example.org', '--max-items', '1')
  assert.equal(byName.HostedZones[0].Id, id)
  assert.equal((await aws('get-hosted-zone', '--id', id)).HostedZone.ResourceRecordSetCount, 2)

  const labels = ['*', 'a@b', ...Array.from({ length: 350 }, (_, n) => `n${n}`)]
  const sets = labels.map((label) => txt(`${label}.example.org`, `"${label}" "<&> \\303\\244"`))
  const changed = await aws(...changeOf(id, 'CREATE', sets))
  assert.equal(changed.ChangeInfo.Status, 'PENDING')
  const listed = await aws('list-resource-record-sets', '--hosted-zone-id', id)
  const records = listed.ResourceRecordSets.filter(({ Type }: { Type: string }) => Type === 'TXT')
  assert.equal(records.length, 352)
  assert.deepEqual(records[0], { ...sets[0], Name: '\\052.example.org.' })
  assert.equal(records[1].Name, 'a\\100b.example.org.')

  assert.equal((await aws('get-change', '--id', changed.ChangeInfo.Id)).ChangeInfo.Status, 'PENDING')
  ahead += 3_600_000
  await aws('wait', 'resource-record-sets-changed', '--id', changed.ChangeInfo.Id)
  assert.equal((await aws('get-change', '--id', changed.ChangeInfo.Id)).ChangeInfo.Status, 'INSYNC')

  await aws('change-tags-for-resource', ...tagged(id), '--add-tags', 'Key=stage,Value=test')
  const tags = await aws('list-tags-for-resource', ...tagged(id))
  assert.deepEqual(tags.ResourceTagSet.Tags, [{ Key: 'stage', Value: 'test' }])

  assert.match(await complaint('delete-hosted-zone', '--id', id), /\(HostedZoneNotEmpty\)/)
  await aws(...changeOf(id, 'DELETE', records))
  await aws('delete-hosted-zone', '--id', id)
  assert.match(await complaint('get-hosted-zone', '--id', id), /\(NoSuchHostedZone\).*No hosted zone found with ID: Z/)
})

testWith(['aws'], 'what is wrong with a batch is told to the user', async () => {
  const { HostedZone } = await aws('create-hosted-zone', '--name', 'example.net', '--caller-reference', 'two')
  const sets = [txt('a.example.net', 'plain'), txt('b.example.net', '"ok"')]
  assert.match(
    await complaint(...changeOf(HostedZone.Id, 'CREATE', sets)),
    /An error occurred \(InvalidChangeBatch\) when calling the ChangeResourceRecordSets operation: \[Invalid Resource Record: 'FATAL problem: InvalidCharacterString \(Value should be enclosed in quotation marks\) encountered with 'plain''\]/,
  )
  assert.match(
    await complaint(...changeOf(HostedZone.Id, 'DELETE', sets.slice(1))),
    /\[Tried to delete resource record set \[name='b\.example\.net\.', type='TXT'\] but it was not found\]/,
  )
})

// ---------------------------------------------------------------------------

const ENVIRONMENT = {
  ...process.env,
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_PAGER: '',
}

/** What `aws route53 …` prints, read as JSON. */
async function aws(...args: readonly string[]) {
  const { stdout } = await run(args)
  return stdout.trim() === '' ? undefined : JSON.parse(stdout)
}

/** What it says when it fails. */
async function complaint(...args: readonly string[]): Promise<string> {
  const failure = await run(args).then(
    () => assert.fail(`aws route53 ${args.join(' ')} did not fail`),
    (error: { stderr: string }) => error,
  )
  return failure.stderr
}

function run(args: readonly string[]) {
  const common = ['--endpoint-url', emulator.url, '--output', 'json']
  return promisify(execFile)('aws', ['route53', ...args, ...common], { env: ENVIRONMENT })
}

function txt(Name: string, Value: string) {
  return { Name, Type: 'TXT', TTL: 60, ResourceRecords: [{ Value }] }
}

/** Through a file: a batch is too long for a command line. */
function changeOf(id: string, Action: string, sets: readonly object[]): string[] {
  const path = join(folder, 'batch.json')
  writeFileSync(path, JSON.stringify({ Changes: sets.map((ResourceRecordSet) => ({ Action, ResourceRecordSet })) }))
  return ['change-resource-record-sets', '--hosted-zone-id', id, '--change-batch', `file://${path}`]
}

function tagged(id: string): string[] {
  return ['--resource-type', 'hostedzone', '--resource-id', id.replace('/hostedzone/', '')]
}

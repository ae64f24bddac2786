import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Template } from 'aws-cdk-lib/assertions'
import { settingNames } from '../../cdk/setting-list.ts'
import { parseSynthOptions } from '../../cdk/synth-options.ts'
import { tableVariables } from '../../shared/aws/tables.ts'
import { everything } from './everything.ts'
import { resourcesOf, scratchFolder } from './template.ts'

interface Run {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const synth = JSON.parse(readFileSync(`${root}package.json`, 'utf8')).scripts.synth
const { app, context: project } = JSON.parse(readFileSync(`${root}cdk.json`, 'utf8'))

describe('npm run synth, with no account, credentials or Docker', () => {
  const outdir = scratchFolder()
  let run: Run
  before(async () => {
    const settings = Object.entries({ ...everything, zones: 'rpc.example.org=public' })
    const context = settings.map(([name, value]) => `-c ${name}=${value}`).join(' ')
    run = await execute(`${synth} --outdir ${outdir} ${context}`)
  })

  test('succeeds and says what it wrote where', () => {
    assert.equal(run.code, 0, run.stderr)
    assert.match(run.stdout, new RegExp(`^${join(outdir, 'Namestream.template.json')}  \\d+ resources$`, 'm'))
    for (const [, bundle] of bundles(outdir)) assert.match(run.stdout, new RegExp(`^${bundle} .*, \\d+ kB$`, 'm'))
  })

  test('the image of the responder is left to the deployment, with the sources that it is built from and no others', () => {
    const { dockerImages } = readJson(join(outdir, 'Namestream.assets.json'))
    const images = Object.values<{ source: Record<string, string> }>(dockerImages)
    assert.equal(images.length, 1)
    const source = images[0]?.source ?? {}
    assert.equal(source.dockerFile, 'responder/Dockerfile')
    assert.equal(source.platform, 'linux/arm64')
    const folder = join(outdir, `${source.directory}`)
    const staged = ['.dockerignore', 'package-lock.json', 'package.json', 'responder', 'shared']
    assert.deepEqual(readdirSync(folder).sort(), staged)
    assert.ok(existsSync(join(folder, 'responder/workers/worker.ts')))
    assert.match(run.stdout, new RegExp(`^${folder}  .*Docker`, 'm'))
  })

  test('no check of the template has found anything', () => {
    assert.deepEqual(readJson(join(outdir, 'validation-report.json')).pluginReports, [])
  })

  test('the bundle of every function loads and exports handler', async () => {
    const found = bundles(outdir)
    assert.equal(found.length, 13)
    for (const [id, bundle] of found) {
      const { stdout, stderr } = await load(bundle, 'typeof handler')
      assert.equal(stdout, 'function', `${id}: ${stderr}`)
    }
  })

  test('the bundle of dynapi answers a request', async () => {
    const [, bundle] = bundles(outdir).find(([id]) => id === 'Dynapi') ?? []
    const event = JSON.stringify({ requestContext: { http: { method: 'GET', path: '/dynapi' } }, rawPath: '/dynapi' })
    const context = '{ getRemainingTimeInMillis: () => 10000 }'
    const { stdout, stderr } = await load(`${bundle}`, `(await handler(${event}, ${context})).statusCode`)
    assert.match(stdout, /405$/, stderr)
  })

  test('a bundle is one small module with its source map, and asks for nothing by require', () => {
    for (const [, bundle] of bundles(outdir)) {
      assert.doesNotMatch(readFileSync(bundle, 'utf8'), /Dynamic require of/)
      assert.ok(existsSync(`${bundle}.map`))
      assert.ok(statSync(bundle).size < MAX_BUNDLE, `${bundle} has ${statSync(bundle).size} bytes`)
    }
  })
})

describe('what the CDK command line runs', () => {
  const unbundled = { 'aws:cdk:bundling-stacks': [] }
  const CDK_VALIDATION = 'false' // as in template.ts

  test('writes where the command line says, with the context of the command line', async () => {
    const outdir = scratchFolder()
    const CDK_CONTEXT_JSON = JSON.stringify({ ...unbundled, zones: 'a.example.org,b.example.org=Z1B' })
    const { code, stderr } = await execute(app, { CDK_OUTDIR: outdir, CDK_CONTEXT_JSON, CDK_VALIDATION })
    assert.equal(code, 0, stderr)
    const resources = Object.values<{ Type: string; Properties: { zones: object[] } }>(
      readJson(join(outdir, 'Namestream.template.json')).Resources,
    )
    const seed = resources.find(({ Type }) => Type === 'Custom::ServedZones')
    assert.deepEqual(seed?.Properties.zones, [
      { zone: 'a.example.org.' },
      { zone: 'b.example.org.', hostedZone: 'Z1B' },
    ])
  })

  test('a setting that cannot be used is one line and exit code 1', async () => {
    const CDK_CONTEXT_JSON = JSON.stringify({ ...unbundled, zones: 'a..example.org' })
    const { code, stderr } = await execute(app, { CDK_OUTDIR: scratchFolder(), CDK_CONTEXT_JSON })
    assert.equal(code, 1)
    assert.equal(stderr, 'namestream: zones holds "a..example.org": the name has an empty label\n')
  })
})

describe('the command line of npm run synth', () => {
  test('an option that nobody knows is one line and exit code 2', async () => {
    const told = "Unknown option '--account'"
    assert.throws(() => parseSynthOptions(['--account', '1']), new RegExp(`^TypeError.*: ${told}`))
    const { code, stdout, stderr } = await execute(`${synth} --account 1`)
    const line = `namestream: ${told}; npm run synth -- --help lists the options and settings\n`
    assert.deepEqual([code, stdout, stderr], [2, '', line])
  })

  test('so is a setting without a value; a value may have any sign', () => {
    const { context, outdir } = parseSynthOptions(['-c', 'zones=a.example.org=public', '--context=alarms='])
    assert.deepEqual([context, outdir], [{ zones: 'a.example.org=public', alarms: '' }, 'cdk.out'])
    for (const text of ['zones', '=x', '']) {
      assert.throws(
        () => parseSynthOptions(['-c', text]),
        new Error(`-c takes NAME=VALUE, not ${JSON.stringify(text)}`),
      )
    }
  })

  test('--help lists the settings', async () => {
    const { code, stdout, stderr } = await execute(`${synth} --help`)
    assert.deepEqual([code, stderr], [0, ''])
    const listed = Array.from(stdout.matchAll(/^ {2}(\w+)=/gm), ([, name]) => name)
    assert.deepEqual(listed, settingNames())
    for (const line of stdout.split('\n')) assert.ok(line.length <= 120, line)
  })
})

test('cdk.json has the feature flags that CDK recommends, or its command line would tell of those that are missing', () => {
  const path = fileURLToPath(import.meta.resolve('aws-cdk-lib/recommended-feature-flags.json'))
  for (const [flag, value] of Object.entries(readJson(path))) assert.deepEqual(project[flag], value, flag)
})

// ---------------------------------------------------------------------------

const MAX_BUNDLE = 610_000 // octets

const PROBE = { PROBE_API: 'https://api.example.org/dynapi', PROBE_ZONE: 'example.org' }
const FUNCTIONS = {
  FUNCTIONS_ZONE: 'example.org',
  FUNCTIONS_GATEWAY: '{"kind":"cname","target":"lb.example.net","port":80}',
}

/** Runs a command line of node (behind `exec`) as npm would, on a machine that knows nothing of AWS. */
function execute(command: string, environment: NodeJS.ProcessEnv = {}): Promise<Run> {
  const [, ...args] = command.replace(/^exec /, '').split(' ')
  const { PATH, NODE_COMPILE_CACHE } = process.env
  const env = { PATH, NODE_COMPILE_CACHE, HOME: scratchFolder(), ...environment }
  return run(args, env)
}

/** Loads a bundle as Lambda does and prints the value of an expression on its `handler`. */
function load(bundle: string, expression: string): Promise<Run> {
  const script = `const { handler } = await import('${pathToFileURL(bundle)}'); process.stdout.write(String(${expression}))`
  const tables = Object.values(tableVariables).map((variable) => [variable, 'table'])
  const env = {
    ...Object.fromEntries(tables),
    MIRROR_FUNCTION: 'mirror',
    LEASES_QUEUE_URL: 'https://queue',
    AWS_REGION: 'eu-central-1',
    ...PROBE,
    ...FUNCTIONS,
  }
  return run(['--input-type=module', '-e', script], env)
}

function run(args: string[], env: NodeJS.ProcessEnv): Promise<Run> {
  return new Promise((done) => {
    execFile(process.execPath, args, { cwd: root, env }, (error, stdout, stderr) =>
      done({ code: error ? Number(error.code) : 0, stdout, stderr }),
    )
  })
}

/** The bundled module of each function of the template by its logical id without the hash. */
function bundles(outdir: string): [id: string, bundle: string][] {
  const template = Template.fromJSON(readJson(join(outdir, 'Namestream.template.json')))
  return Object.entries(resourcesOf(template, 'AWS::Lambda::Function')).map(([id, { properties }]) => {
    const asset = properties.Code.S3Key.replace(/\.zip$/, '')
    return [id, join(outdir, `asset.${asset}`, 'index.mjs')]
  })
}

// biome-ignore lint/suspicious/noExplicitAny: JSON of any shape
function readJson(path: string): any {
  return JSON.parse(readFileSync(path, 'utf8'))
}

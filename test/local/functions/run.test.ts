import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { type RunOptions, runFunction } from '../../../local/functions/run.ts'
import { invoke } from '../../../local/lambda.ts'

const folder = mkdtempSync(join(tmpdir(), 'namestream-functions-'))
after(() => rmSync(folder, { recursive: true }))
let files = 0

describe('a function from a file', () => {
  test('gets event and context, and what it prints is told', async () => {
    const { call, told } = run(`
      export async function handler(event: { n: number }, context) {
        console.log('heard', event.n)
        return [event.n + 1, context.functionName, context.getRemainingTimeInMillis() > 0, process.env.AWS_LAMBDA_FUNCTION_NAME]
      }`)
    assert.deepEqual(await call({ n: 1 }), [2, 'pay', true, 'pay'])
    await new Promise((resolve) => setTimeout(resolve, 50))
    assert.deepEqual(told, ['pay: heard 1'])
  })

  test('stays loaded from one event to the next, and has one at a time', async () => {
    const { call } = run(`
      let calls = 0
      let busy = false
      export async function handler() {
        if (busy) throw new Error('two at a time')
        busy = true
        await new Promise((resolve) => setTimeout(resolve, 30))
        busy = false
        return ++calls
      }`)
    assert.deepEqual(await call({}), 1)
    assert.deepEqual(await call({}), 2)
    assert.deepEqual((await Promise.all([call({}), call({}), call({})])).sort(), [1, 1, 3])
  })

  test('says what it threw, and goes on', async () => {
    const { call } = run(`
      export function handler(event) {
        if (event.bad) throw new TypeError('of no use')
        return undefined
      }`)
    await assert.rejects(call({ bad: true }), { name: 'TypeError', message: 'of no use' })
    assert.equal(await call({}), undefined)
  })

  const faults: [what: string, fault: string, message: RegExp][] = [
    ['does not end', 'await new Promise(() => {})', /^Sandbox\.Timedout: Task timed out after 0\.30 seconds$/],
    ['lets nobody else have the processor', 'for (;;) {}', /^Sandbox\.Timedout: Task timed out after 0\.30 seconds$/],
    ['exits', 'process.exit(3)', /exit code 3$/],
    [
      'crashes elsewhere',
      "setTimeout(() => { throw new Error('later') }); await new Promise(() => {})",
      /^Error: later$/,
    ],
    [
      'takes all memory',
      'const all = []; for (;;) all.push(new Array(1e6).fill(all.length))',
      /memory limit|timed out/,
    ],
    ['gives what cannot cross', 'return 1n', /BigInt/],
  ]
  for (const [what, fault, message] of faults) {
    test(`that ${what} hurts nobody, and works again`, async () => {
      const { call } = run(`export async function handler(event) { if (event.bad) { ${fault} } return 'well' }`, 300)
      assert.equal(await call({}), 'well')
      await assert.rejects(call({ bad: true }), message)
      assert.equal(await call({}), 'well')
    })
  }

  test('is loaded anew after its file has changed', async () => {
    const { call, file, told } = run(`export const handler = async () => 'old'`)
    assert.equal(await call({}), 'old')
    writeFileSync(file, `export const handler = async () => 'new'`)
    utimesSync(file, new Date(), new Date(Date.now() + 5000))
    assert.equal(await call({}), 'new')
    assert.match(told[0] ?? '', /has changed, it is loaded anew$/)
  })

  const bad: [what: string, text: string, message: RegExp][] = [
    ['no handler', 'export const other = 1', /exports no function handler$/],
    ['an error in it', 'this is not TypeScript', /./],
    ['an error when it is loaded', "throw new Error('no table')", /^Error: no table$/],
  ]
  for (const [what, text, message] of bad) {
    test(`with ${what} says so at every event`, async () => {
      const { call } = run(text)
      await assert.rejects(call({}), message)
      await assert.rejects(call({}), message)
    })
  }

  test('that is not there says so', async () => {
    const fn = runFunction({ name: 'pay', file: join(folder, 'nowhere.ts'), tell: () => {} })
    await assert.rejects(invoke(fn, {}), /nowhere\.ts/)
  })
})

// ---------------------------------------------------------------------------

function run(text: string, timeoutMs?: number) {
  const file = join(folder, `f${files++}.ts`)
  writeFileSync(file, text)
  const told: string[] = []
  const options: RunOptions = { name: 'pay', file, tell: (line) => told.push(line), ...(timeoutMs && { timeoutMs }) }
  const fn = runFunction(options)
  after(() => fn.stop())
  return { file, told, call: (event: unknown) => invoke(fn, event) }
}

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { container } from '../../../shared/container.ts'

const root = join(import.meta.dirname, '../../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const lines = read('responder/Dockerfile')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM')))
const { node } = JSON.parse(read('package.json')).devDependencies

describe('Dockerfile', () => {
  test('both stages are of the very Node that the tests run on, the first on the architecture of the builder', () => {
    const from = lines.filter((line) => line.startsWith('FROM'))
    assert.deepEqual(from, [`FROM --platform=$BUILDPLATFORM node:${node}-slim AS build`, `FROM node:${node}-slim`])
  })

  test('the last stage takes the built folder and runs nothing, so it needs no emulation', () => {
    assert.deepEqual(
      last.filter((line) => /^(COPY|ADD|RUN)/.test(line)),
      [`COPY --from=build ${container.folder} ${container.folder}`],
    )
  })

  test('koffi is there for both architectures, from the lock file', () => {
    const text = read('responder/Dockerfile').replaceAll(/\\\n\s*/g, '')
    assert.match(
      text,
      /^RUN for cpu in x64 arm64; do npm ci .* --os=linux --cpu=\$cpu && mv node_modules \/packages-\$cpu /m,
    )
    assert.match(text, /^RUN node responder\/image\.ts \/app \/packages-x64 \/packages-arm64$/m)
    const { packages } = JSON.parse(read('package-lock.json'))
    for (const cpu of ['x64', 'arm64']) assert.ok(packages[`node_modules/@koromix/koffi-linux-${cpu}`].integrity)
  })

  test('is not root', () => {
    assert.ok(last.includes(`USER ${container.user}:${container.user}`))
  })

  test('tells its ports, the one for DNS with both protocols', () => {
    const { dnsPort, healthPort } = container
    assert.ok(last.includes(`EXPOSE ${dnsPort}/udp ${dnsPort}/tcp ${healthPort}/tcp`))
  })

  test('starts the bundles that were built, without a shell that would keep the signals', () => {
    assert.equal(last.at(-1), `ENTRYPOINT ["node", "${container.folder}/${container.entry}"]`)
    const check = last.find((line) => line.startsWith('HEALTHCHECK'))
    assert.match(`${check}`, new RegExp(`CMD \\["node", "${container.folder}/${container.healthCheck}"\\]$`))
  })

  test('takes what was locked, runs no install scripts, and has no secret of its own', () => {
    assert.ok(lines.some((line) => line.startsWith('RUN npm ci --ignore-scripts')))
    for (const line of lines) assert.doesNotMatch(line, /^(ADD|ARG)|secret|token|password|AWS_/i)
  })

  test('the build gets to see the sources it needs and nothing else', () => {
    const ignored = read('.dockerignore').split('\n')
    const seen = ['package.json', 'package-lock.json', 'responder', 'shared']
    assert.deepEqual(
      ignored.filter((line) => line !== '' && !line.startsWith('#')),
      ['*', ...seen.map((path) => `!${path}`)],
    )
    const copied = lines.filter((line) => /^COPY (?!--from)/.test(line)).flatMap((line) => line.split(' ').slice(1, -1))
    assert.deepEqual(copied, seen)
  })
})

/** The examples of responder/README.md, each run as it stands there. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { order } from '../../responder/chain.ts'
import { parseConfig } from '../../responder/config/config.ts'
import type { Message } from '../../shared/dns/message.ts'
import { answering, askSilently, show } from './scenario.ts'

const text = readFileSync(new URL('../../responder/README.md', import.meta.url), 'utf8')
const zone = /^```zone\n(.*?)^```$/ms.exec(text)?.[1] ?? ''
const sections = new Map(
  text
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf('\n')), section] as const),
)

test('every link that can be configured has its section, with description, syntax and examples', () => {
  const configurable = order.filter(({ settings }) => settings !== undefined).map(({ name }) => name)
  for (const name of configurable) {
    const section = sections.get(name) ?? assert.fail(`${name} has no section`)
    for (const part of ['Description', 'Syntax', 'Examples'])
      assert.match(section, new RegExp(`^### ${part}$`, 'm'), name)
    assert.match(section, /^```dns\n/m, `${name} has no example that is run`)
  }
})

for (const [name, section] of sections) {
  describe(name, () => {
    const examples = section.matchAll(/^```json\n(.*?)^```\n+```dns\n(.*?)^```$/gms)
    for (const [, config = '', session = ''] of examples) {
      const { links } = parseConfig(config, name)
      const logged: string[] = []
      const parts = { now: () => NOW, random: () => 0.4, log: (line: string) => logged.push(line) }
      const answer = answering({ 'example.org.': zone }, links, parts)
      for (const [, question = '', reply = ''] of session.matchAll(/^> (.*)\n((?:[^>].*\n)*)/gm)) {
        test(`${config.trim()} ${question}`, () => {
          const message = askSilently(answer, question)
          assert.equal([...written(message), ...logged.splice(0).map((line) => `log ${line}`), ''].join('\n'), reply)
        })
      }
    }
  })
}

// ---------------------------------------------------------------------------

/** Chance and time stand still, so that what depends on them can be shown. */
const NOW = Date.UTC(2024, 0, 1)

function written(message: Message | undefined): readonly string[] {
  if (message === undefined) return ['(silence)']
  const { says, answer, authority, additional, options } = show(message)
  const section = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : [`;; ${title}`, ...lines])
  const lines = [says, ...answer, ...section('authority', authority), ...section('additional', additional)]
  return [...lines, ...options.map((option) => `option ${option}`)]
}

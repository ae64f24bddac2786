/** A strict reader of Prometheus' text format, version 0.0.4, by "Exposition formats" and the rules of promtool. */
import assert from 'node:assert/strict'

export interface Exposed {
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary'
  /** Values by name of the sample and its labels, as they stand. */
  readonly samples: ReadonlyMap<string, number>
}

/** The families of a text. Throws an AssertionError that names the line which is not as it should be. */
export function parseExposition(text: string): ReadonlyMap<string, Exposed> {
  assert.ok(text.endsWith('\n'), 'the last line must end with a line feed')
  const families = new Map<string, Exposed & { samples: Map<string, number> }>()
  let current = ''
  for (const [number, line] of text.slice(0, -1).split('\n').entries()) {
    const where = `line ${number + 1}: ${line}`
    const help = /^# HELP (\S+) (.+)$/.exec(line)
    const type = /^# TYPE (\S+) (counter|gauge|histogram|summary)$/.exec(line)
    if (help) {
      const [, name = '', words = ''] = help
      assert.match(name, NAME, where)
      assert.doesNotMatch(words, /\\(?![\\n])/, where)
      assert.ok(!families.has(name), `${where}: there are two families of this name`)
      families.set(name, { help: words, type: 'gauge', samples: new Map() })
      current = name
    } else if (type) {
      const family = families.get(type[1] ?? '')
      assert.ok(family !== undefined && type[1] === current && family.samples.size === 0, `${where}: TYPE follows HELP`)
      families.set(current, { ...family, type: type[2] as Exposed['type'] })
    } else {
      const [, name = '', labels = '', value = ''] = SAMPLE.exec(line) ?? assert.fail(`${where}: is no sample`)
      const family = families.get(current)
      assert.ok(family !== undefined && belongs(name, current, family.type), `${where}: is not of ${current}`)
      const key = `${name}${labels}`
      assert.ok(!family.samples.has(key), `${where}: is there twice`)
      const names = [...labels.matchAll(/([a-zA-Z_]\w*)="/g)].map(([, label]) => label)
      assert.equal(new Set(names).size, names.length, `${where}: a label is there twice`)
      family.samples.set(key, numberOf(value, where))
    }
  }
  for (const [name, { type, samples }] of families) {
    assert.ok(samples.size > 0, `${name} has no samples`)
    assert.equal(name.endsWith('_total'), type === 'counter', `${name} is a ${type}`)
    assert.doesNotMatch(name, /_(sum|count|bucket|info_total)$|milliseconds|_ms(_|$)/, name)
    if (type === 'counter') for (const value of samples.values()) assert.ok(value >= 0, `${name} is negative`)
  }
  return families
}

// ---------------------------------------------------------------------------

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/
const LABEL = /[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*"/
const SAMPLE = new RegExp(`^([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{${LABEL.source}(?:,${LABEL.source})*\\})? (\\S+)$`)

function belongs(sample: string, family: string, type: Exposed['type']): boolean {
  if (type === 'summary') return [`${family}_sum`, `${family}_count`].includes(sample)
  if (type === 'histogram') return [`${family}_bucket`, `${family}_sum`, `${family}_count`].includes(sample)
  return sample === family
}

/** As Go reads floating-point numbers. */
function numberOf(text: string, where: string): number {
  if (/^[+-]?Inf$|^NaN$/.test(text)) return Number(text.replace('Inf', 'Infinity'))
  assert.match(text, /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i, where)
  return Number(text)
}

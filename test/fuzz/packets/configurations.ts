import { readFileSync } from 'node:fs'
import { type LinkSettings, order } from '../../../responder/chain.ts'
import { parseConfig } from '../../../responder/config/config.ts'
import type { Random } from '../../random.ts'

export interface Configuration {
  readonly name: string
  readonly links: LinkSettings
}

/** The usual links, then all that can be configured, then mixtures, from the examples in the responder's README. */
export function configurations(count: number, random: Random): Configuration[] {
  const examples = examplesOfReadme()
  const choose = (settings: readonly unknown[], odds: number) =>
    random(odds) === 0 ? [] : [settings[random(settings.length)]]
  const mixture = (odds: number) =>
    Object.fromEntries([...examples].flatMap(([link, settings]) => choose(settings, odds).map((one) => [link, one])))
  return [
    { name: 'usual', links: {} },
    { name: 'all', links: mixture(Number.POSITIVE_INFINITY) },
    ...Array.from({ length: count }, (_, i) => ({ name: `mixture ${i + 1}`, links: mixture(3) })),
  ]
}

// ---------------------------------------------------------------------------

/** By the name of the link, what the examples set it to. */
function examplesOfReadme(): ReadonlyMap<string, readonly unknown[]> {
  const text = readFileSync(new URL('../../../responder/README.md', import.meta.url), 'utf8')
  const examples = new Map<string, unknown[]>(order.flatMap(({ name, settings }) => (settings ? [[name, []]] : [])))
  for (const [, json = ''] of text.matchAll(/^```json\n(.*?)^```$/gms)) {
    for (const [link, settings] of Object.entries(parseConfig(json, 'README').links)) examples.get(link)?.push(settings)
  }
  return new Map([...examples].filter(([, settings]) => settings.length > 0))
}

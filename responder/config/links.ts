import * as v from 'valibot'
import type { LinkDefinition } from '../link.ts'

/** What may be said of these links, by their names. */
export function linksSchema(links: readonly LinkDefinition[]) {
  return v.strictObject(
    Object.fromEntries(
      links.flatMap((link) =>
        link.settings === undefined ? [] : [[link.name, v.optional(linkSettings(link))] as const],
      ),
    ),
  )
}

// ---------------------------------------------------------------------------

/** A link takes its settings, `true` for the usual ones where it has some, or `false` to be left out where it may be. */
function linkSettings({ settings, usual, always }: LinkDefinition) {
  const on = v.pipe(
    v.literal(true),
    v.transform(() => usual),
  )
  const own = settings as v.GenericSchema
  return v.union([...(always ? [] : [v.literal(false)]), ...(usual === undefined ? [] : [on]), own])
}

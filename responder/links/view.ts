import * as v from 'valibot'
import { blocks, clientsIn } from '../clients.ts'
import { linksSchema } from '../config/links.ts'
import { some } from '../config/readable.ts'
import { defineLink, type LinkDefinition } from '../link.ts'
import { MAX_VIEWS, NO_VIEW, viewRequests } from '../metrics/families.ts'

/** Clients get the chain of the first view that holds them: that of the links below, with what the view says of them. */
export function view(below: readonly LinkDefinition[]) {
  return defineLink({
    name: 'view',
    settings: settingsFor(below),
    create(settings, { counters, below: chainBelow }) {
      const views = settings.map(({ name, from, links }, i) => ({
        name,
        series: i + 1,
        holds: from && clientsIn(from),
        handle: chainBelow(links),
      }))
      counters.countViews(views.map(({ name }) => name))
      return (next) => (request) => {
        for (const { name, series, holds, handle } of views) {
          if (holds !== undefined && !holds(request.from.address)) continue
          counters.add(viewRequests, series)
          if (request.labels !== undefined) request.labels.view = name
          return handle(request)
        }
        counters.add(viewRequests, NO_VIEW)
        return next(request)
      }
    },
  })
}

// ---------------------------------------------------------------------------

function settingsFor(below: readonly LinkDefinition[]) {
  const view = v.strictObject({
    name: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,32}$/, 'a name has letters, digits, - and _, at most 32')),
    from: v.optional(blocks),
    links: linksSchema(below),
  })
  return v.pipe(
    some(view),
    v.maxLength(MAX_VIEWS, `there are at most ${MAX_VIEWS} views`),
    v.check((views) => new Set(views.map(({ name }) => name)).size === views.length, 'two views have the same name'),
    v.check(
      (views) => views.slice(0, -1).every(({ from }) => from !== undefined),
      'only the last view may be without "from": it takes all clients',
    ),
  )
}

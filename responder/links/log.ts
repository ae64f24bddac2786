import * as v from 'valibot'
import { isAtOrBelow, parseName } from '../../shared/dns/name.ts'
import { domainNames, some } from '../config/readable.ts'
import { defineLink } from '../link.ts'
import { CLASSES, classOf, formatJson, formatText } from '../log/entry.ts'

/** Tells of requests and their answers, a line for each: as they came in, and what went out. */
export const log = defineLink({
  name: 'log',
  settings: v.strictObject({
    format: v.optional(v.picklist(['text', 'json']), 'text'),
    classes: v.optional(some(v.picklist([...CLASSES, 'all'])), ['all']),
    sample: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), 1),
    names: v.optional(domainNames),
  }),
  create({ format, classes, sample, names }, { log: write, now, random }) {
    const told = new Set<string>(classes.includes('all') ? CLASSES : classes)
    const above = names?.map((name) => parseName(name))
    const formatted = format === 'json' ? formatJson : formatText
    return (next) => (request) => {
      const { question } = request.query
      if (above !== undefined && !above.some((name) => question !== undefined && isAtOrBelow(question.name, name))) {
        return next(request)
      }
      if (sample < 1 && random() >= sample) return next(request)
      const at = now()
      const labelled = { ...request, labels: {} }
      return {
        ...next(labelled),
        // What the message is like is known when it is encoded, not before.
        onSent(reply, message) {
          if (!told.has(classOf(reply, message))) return
          write(formatted({ request: labelled, reply, message, at, milliseconds: now() - at }))
        },
      }
    }
  },
})

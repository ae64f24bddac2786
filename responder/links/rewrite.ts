import { formatName, type WireName } from '../../shared/dns/name.ts'
import { some } from '../config/readable.ts'
import { defineLink, type Request } from '../link.ts'
import { type Renaming, rewriteReply } from '../rewrite/answer.ts'
import { prepareRule, ruleSettings } from '../rewrite/rule.ts'

/** Looks another name up than the one that was asked for, and gives the answer under that one. */
export const rewrite = defineLink({
  name: 'rewrite',
  settings: some(ruleSettings),
  create(settings) {
    const rules = settings.map(prepareRule)
    return (next) => (request) => {
      const { question } = request.query
      if (question === undefined) return next(request)
      const renamings: Renaming[] = []
      let { name } = question
      let text: string | undefined
      const asText = () => {
        text ??= formatName(name)
        return text
      }
      for (const rule of rules) {
        if (rule.types !== undefined && !rule.types.has(question.type)) continue
        const after = rule.rename(name, asText)
        if (after === undefined) continue
        renamings.push({ rule, before: name, after })
        name = after
        text = undefined
        if (!rule.continue) break
      }
      if (renamings.length === 0) return next(request)
      return renamings.reduceRight(rewriteReply, name === question.name ? next(request) : next(asking(request, name)))
    }
  },
})

// ---------------------------------------------------------------------------

/** The request with another name in its question; what is echoed of it stays. */
function asking(request: Request, name: WireName): Request {
  const { query, labels } = request
  if (labels !== undefined) labels.rewritten = name
  return { ...request, query: { ...query, question: query.question && { ...query.question, name } } }
}

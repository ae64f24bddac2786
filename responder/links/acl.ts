import * as v from 'valibot'
import { InfoCode, Rcode } from '../../shared/dns/codes.ts'
import type { Reply } from '../../shared/dns/message.ts'
import { isAtOrBelow, parseName } from '../../shared/dns/name.ts'
import { typeNumber } from '../../shared/dns/rdata.ts'
import { blocks, clientsIn } from '../clients.ts'
import { domainNames, rrTypes, some } from '../config/readable.ts'
import { defineLink, type Request } from '../link.ts'
import * as family from '../metrics/families.ts'
import { emptyReply, refusal } from '../reply.ts'

const rule = v.strictObject({
  action: v.picklist(['allow', 'block', 'filter', 'drop']),
  from: v.optional(blocks),
  types: v.optional(rrTypes),
  names: v.optional(domainNames),
})

/** The first rule that holds for client, type and name decides what becomes of a question; without one it goes on. */
export const acl = defineLink({
  name: 'acl',
  settings: some(rule),
  create(settings, { counters }) {
    const rules = settings.map((each) => ({ action: each.action, holds: matcher(each) }))
    return (next) => (request) => {
      for (const { action, holds } of rules) {
        if (!holds(request)) continue
        if (action === 'allow') break
        counters.add(COUNTERS[action])
        return REPLIES[action]
      }
      counters.add(family.aclAllowed)
      return next(request)
    }
  },
})

// ---------------------------------------------------------------------------

const REPLIES: Readonly<Record<'block' | 'filter' | 'drop', Reply>> = {
  block: refusal(Rcode.REFUSED, InfoCode.PROHIBITED),
  filter: refusal(Rcode.NOERROR, InfoCode.FILTERED),
  drop: { ...emptyReply(Rcode.REFUSED), drop: true },
}

const COUNTERS = { block: family.aclBlocked, filter: family.aclFiltered, drop: family.aclDropped }

function matcher({ from, types, names }: v.InferOutput<typeof rule>): (request: Request) => boolean {
  const isFrom = from && clientsIn(from)
  const isType = types && new Set(types.map(typeNumber))
  const above = names?.map((name) => parseName(name))
  return ({ from: { address }, query: { question } }) => {
    if (isType !== undefined && !isType.has(question?.type)) return false
    if (above !== undefined && !above.some((name) => question !== undefined && isAtOrBelow(question.name, name)))
      return false
    return isFrom === undefined || isFrom(address)
  }
}

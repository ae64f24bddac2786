import * as v from 'valibot'
import { Class, InfoCode, Rcode } from '../../shared/dns/codes.ts'
import type { Reply } from '../../shared/dns/message.ts'
import { isAtOrBelow, parseName } from '../../shared/dns/name.ts'
import { typeNumber } from '../../shared/dns/rdata.ts'
import { blocks, clientsIn } from '../clients.ts'
import { domainNames, rrTypes, some } from '../config/readable.ts'
import { defineLink, type Request } from '../link.ts'
import * as family from '../metrics/families.ts'
import { emptyReply, refusal } from '../reply.ts'
import type { Zones } from '../zones/zones.ts'

const rule = v.strictObject({
  action: v.picklist(['allow', 'block', 'filter', 'drop']),
  from: v.optional(blocks),
  types: v.optional(rrTypes),
  names: v.optional(domainNames),
})

/**
 * The first rule that holds for client, type and name decides what becomes of a request; without one it goes on. Silence is
 * kept whatever the request is like. A reply comes from the link `refusals`, where questions are that could be answered.
 */
export const acl = defineLink({
  name: 'acl',
  settings: some(rule),
  create(settings, { counters }) {
    const rules = settings.map((each) => ({ action: each.action, holds: matcher(each) }))
    return (next) => (request) => {
      const action = rules.find(({ holds }) => holds(request))?.action ?? 'allow'
      counters.add(COUNTERS[action])
      if (action === 'allow') return next(request)
      return action === 'drop' ? SILENCE : next({ ...request, refusal: action })
    }
  },
})

/** Questions that `acl` does not let pass get no further. */
export const refusals = defineLink({
  name: 'refusals',
  create:
    (_, { zones }) =>
    (next) =>
    (request) => {
      switch (request.refusal) {
        case 'block':
          return PROHIBITED
        case 'filter':
          return filtered(request, zones)
        default:
          return next(request)
      }
    },
})

// ---------------------------------------------------------------------------

const SILENCE: Reply = { ...emptyReply(Rcode.REFUSED), drop: true }

const PROHIBITED = refusal(Rcode.REFUSED, InfoCode.PROHIBITED)
const FILTERED = refusal(Rcode.NOERROR, InfoCode.FILTERED)

/** NODATA (RFC 2308 2.2): without AA and SOA resolvers would take the server for a lame one. */
function filtered({ query: { question } }: Request, zones: Zones): Reply {
  const zone = question?.class === Class.IN ? zones.find(question.name, question.type) : undefined
  return zone?.negativeSoa === undefined ? FILTERED : { ...FILTERED, aa: true, authority: [zone.negativeSoa] }
}

const COUNTERS = {
  allow: family.aclAllowed,
  block: family.aclBlocked,
  filter: family.aclFiltered,
  drop: family.aclDropped,
}

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

import * as v from 'valibot'
import project from '../../package.json' with { type: 'json' }
import { Class, Rcode, Type } from '../../shared/dns/codes.ts'
import type { Reply } from '../../shared/dns/message.ts'
import { parseName, type WireName } from '../../shared/dns/name.ts'
import { shortText } from '../config/short-text.ts'
import { defineLink } from '../link.ts'

const told = v.optional(v.union([v.boolean(), shortText]))

/**
 * Answers who asks which software this is and which node, by TXT of class CH (RFC 4892 and what was there before it).
 * Other names and types of that class go on.
 */
export const chaos = defineLink({
  name: 'chaos',
  settings: v.strictObject({ version: told, hostname: told, id: told, authors: told }),
  usual: {},
  create({ version = false, hostname = true, id = true, authors = true }, { identity }) {
    const replies = new Map<WireName, Reply>()
    tell(['version.bind', 'version.server'], version, `${PROJECT} ${project.version}`)
    tell(['hostname.bind'], hostname, identity)
    tell(['id.server'], id, identity)
    tell(['authors.bind'], authors, `The authors of ${PROJECT}`)

    return (next) => (request) => {
      const { question } = request.query
      if (question?.class !== Class.CH || question.type !== Type.TXT) return next(request)
      return replies.get(question.name) ?? next(request)
    }

    function tell(names: readonly string[], setting: boolean | string, usual: string | undefined): void {
      const text = setting === true ? usual : setting
      if (text === undefined || text === false) return
      for (const name of names.map((name) => parseName(name))) replies.set(name, txt(name, text))
    }
  },
})

// ---------------------------------------------------------------------------

const PROJECT = 'Namestream'

/** TTL 0: it may be another node that answers next (RFC 4892 3.1). */
function txt(owner: WireName, text: string): Reply {
  const octets = Buffer.from(text)
  const rdata = [Uint8Array.of(octets.length, ...octets)]
  const answer = [{ owner, type: Type.TXT, ttl: 0, rdata }]
  return { rcode: Rcode.NOERROR, aa: true, answer, authority: [], additional: [] }
}

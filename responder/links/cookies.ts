import { randomBytes } from 'node:crypto'
import * as v from 'valibot'
import { Opcode, OptionCode, Rcode } from '../../shared/dns/codes.ts'
import type { Reply } from '../../shared/dns/message.ts'
import { cookieJudge, type Judgement, parseSecret, SECRET_SIZE } from '../cookies.ts'
import { defineLink, type Handler, type Request } from '../link.ts'
import { optionIn } from '../option.ts'
import { emptyReply, withOption } from '../reply.ts'

/** No message of these shows a secret. */
const MUST = 'must be one or two secrets of 32 hexadecimal digits'
const secret = v.pipe(v.string(MUST), v.regex(/^[0-9A-Fa-f]{32}$/, MUST))

/**
 * Cookies of DNS (RFC 7873): each COOKIE option is answered with a server cookie of ours. A reply to a client that sent a
 * valid one says so, for the links above.
 */
export const cookies = defineLink({
  name: 'cookies',
  settings: v.strictObject({
    secrets: v.optional(v.pipe(v.array(secret, MUST), v.minLength(1, MUST), v.maxLength(2, MUST))),
    required: v.optional(v.boolean()),
  }),
  usual: {},
  create({ secrets, required = false }, { secret = randomBytes(SECRET_SIZE), unixTime = secondsSince1970 }) {
    const judge = cookieJudge(secrets?.map(parseSecret) ?? [secret])
    return (next) => (request) => {
      const option = optionIn(request.query.edns, OptionCode.COOKIE)
      if (option === undefined) return next(request)
      const judgement = judge(option, request.from.address, unixTime())
      if (judgement === undefined) return MALFORMED
      const reply = withOption(replyTo(request, judgement, next), OptionCode.COOKIE, judgement.answer)
      return judgement.verdict === 'valid' ? { ...reply, proven: true } : reply
    }

    function replyTo(request: Request, { verdict }: Judgement, next: Handler): Reply {
      const { query, wellFormed, from } = request
      // Who asks nothing wants a cookie, or to know whether the one that was sent is good (RFC 7873 5.4).
      if (query.opcode === Opcode.QUERY && query.questions === 0 && wellFormed) {
        return verdict === 'invalid' ? BAD_COOKIE : NOTHING
      }
      // TCP proves the address as well (RFC 7873 5.2.3).
      return required && verdict !== 'valid' && from.transport === 'udp' ? BAD_COOKIE : next(request)
    }
  },
})

// ---------------------------------------------------------------------------

const MALFORMED = emptyReply(Rcode.FORMERR) // RFC 7873 5.2.2
const BAD_COOKIE = emptyReply(Rcode.BADCOOKIE)
const NOTHING = emptyReply(Rcode.NOERROR)

function secondsSince1970(): number {
  return Math.floor(Date.now() / 1000)
}

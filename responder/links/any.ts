import * as v from 'valibot'
import { Type } from '../../shared/dns/codes.ts'
import { defineLink } from '../link.ts'

/**
 * ANY gets one RRset of the name, so that a forged source draws no large answer (RFC 8482 4.1): over UDP only, or over
 * every transport.
 */
export const any = defineLink({
  name: 'any',
  settings: v.strictObject({ over: v.picklist(['udp', 'all']) }),
  usual: { over: 'udp' },
  create:
    ({ over }) =>
    (next) =>
    (request) => {
      const reply = next(request)
      const { question } = request.query
      if (question?.type !== Type.ANY || (over === 'udp' && request.from.transport !== 'udp')) return reply
      if (reply.answer[0]?.owner !== question.name) return reply // a DNAME first: without what follows it leads nowhere
      return { ...reply, answer: reply.answer.slice(0, 1), additional: [] }
    },
})

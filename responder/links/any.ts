import { Type } from '../../shared/dns/codes.ts'
import type { Link } from '../chain.ts'

/** ANY over UDP gets one RRset of the name, so that a forged source draws no large answer (RFC 8482 4.1); over TCP all. */
export const any: Link = (next) => (request) => {
  const reply = next(request)
  const { question } = request.query
  if (question?.type !== Type.ANY || request.transport === 'tcp') return reply
  if (reply.answer[0]?.owner !== question.name) return reply // a DNAME first: without what follows it leads nowhere
  return { ...reply, answer: reply.answer.slice(0, 1), additional: [] }
}

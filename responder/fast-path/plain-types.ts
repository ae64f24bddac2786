import { Type } from '../../shared/dns/codes.ts'
import { compressibleFields } from '../../shared/dns/rdata.ts'
import { namesHosts } from '../target.ts'

/** Types that may be asked for on the fast path: not those that mean something else than RRs of that type at the name. */
export const canBeAsked = new Uint8Array(1 << 16)
/** Types whose RRs are sent as they are held: their rdata is not compressed, and nothing goes along with them. */
export const isPlain = new Uint8Array(1 << 16)

for (let type = 1; type < 1 << 16; type++) {
  const isMeta = (type >= 128 && type < 256) || type === Type.OPT // RFC 6895 3.1
  canBeAsked[type] = Number(!isMeta && type !== Type.DS)
  const isAlias = type === Type.CNAME || type === Type.DNAME
  isPlain[type] = Number(!isAlias && compressibleFields(type) === undefined && !namesHosts(type))
}

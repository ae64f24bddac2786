import { parse } from 'valibot'
import { type LookupReply, lookupEvent } from '../../shared/probe/lookup.ts'
import { lookUp } from './lookup.ts'

let cold = true

export const handler = async (event: unknown): Promise<LookupReply> => {
  const wasCold = cold
  cold = false
  return { cold: wasCold, ...(await lookUp(parse(lookupEvent, event), () => performance.now())) }
}

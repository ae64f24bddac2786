import * as v from 'valibot'
import { parseName } from '../../shared/dns/name.ts'
import { typeNumber } from '../../shared/dns/rdata.ts'
import { shown } from '../../shared/dns/words.ts'

/** A text that `read` takes; what it throws is the complaint. */
export function readable(read: (text: string) => unknown) {
  return v.pipe(
    v.string(),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return
      try {
        read(dataset.value)
      } catch (error) {
        addIssue({ message: (error as Error).message })
      }
    }),
  )
}

/** Domain names in presentation form, taken as absolute. */
export const domainNames = some(readable(parseName))

/** RR types by their mnemonics, or as TYPE65400. */
export const rrTypes = some(
  readable((text) => {
    if (typeNumber(text) === undefined) throw new Error(`${shown(text)} is no RR type`)
  }),
)

/** A list that is not empty: to leave it out says as much. */
export function some<S extends v.GenericSchema>(one: S) {
  return v.pipe(v.array(one), v.minLength(1, 'the list is empty'))
}

import { boolean, optional, strictObject } from 'valibot'

/** The body of an adoption. */
export const adoptBody = strictObject({ overwrite: optional(boolean(), false) })

/** A body that has nothing to say. */
export const emptyBody = strictObject({})

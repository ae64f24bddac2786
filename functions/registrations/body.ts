import {
  array,
  type InferOutput,
  integer,
  maxLength,
  maxValue,
  minLength,
  minValue,
  number,
  optional,
  pipe,
  strictObject,
  string,
} from 'valibot'

/** The body of a PUT. What stands in `type` and `rdata` is looked at when it is read as a record. */
export const registrationBody = strictObject({
  records: pipe(
    array(
      strictObject({
        type: string(),
        rdata: pipe(array(string()), minLength(1), maxLength(100)),
        ttl: optional(whole(0, 0x7fffffff)), // RFC 2181 8
      }),
    ),
    minLength(1),
    maxLength(20),
  ),
  lease: optional(whole(5, 86_400)),
})

export type RegistrationBody = InferOutput<typeof registrationBody>

// ---------------------------------------------------------------------------

function whole(least: number, most: number) {
  return pipe(number(), integer(), minValue(least), maxValue(most))
}

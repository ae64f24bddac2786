/** The parts of an ARN of a Lambda function, with or without qualifier (Lambda API reference, "FunctionName"). */
const ARN =
  /^(?<home>arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:)(?<name>[A-Za-z0-9_-]{1,64})(?::[A-Za-z0-9_$-]+)?$/

/** A function of which no more is known. */
export interface FunctionRef {
  /** Without qualifier. */
  readonly arn: string
  readonly name: string
}

/** The function that an ARN is about; undefined if it is no ARN of a function. */
export function functionOfArn(arn: string): FunctionRef | undefined {
  const { home, name } = ARN.exec(arn)?.groups ?? {}
  return home === undefined || name === undefined ? undefined : { arn: home + name, name }
}

/** The function of this name in the account and region of another one. */
export function besideArn(own: string, name: string): FunctionRef | undefined {
  const { home } = ARN.exec(own)?.groups ?? {}
  return home === undefined ? undefined : functionOfArn(home + name)
}

import { isAbsolute, resolve } from 'node:path'

/** A function that a user has the stack run. */
export interface FunctionOption {
  readonly name: string
  /** Absolute path of the file that exports `handler`. */
  readonly file: string
}

/** Reads `NAME=FILE`, several with commas. Throws an Error of one line. */
export function parseFunctions(
  texts: readonly string[],
  folder = process.env.INIT_CWD ?? process.cwd(),
): readonly FunctionOption[] {
  const functions = texts.flatMap((text) => text.split(',')).map((text) => parseFunction(text.trim(), folder))
  const names = functions.map(({ name }) => name)
  const twice = names.find((name, i) => names.indexOf(name) < i)
  if (twice !== undefined) throw new Error(`${twice} is there twice`)
  const taken = names.find((name) => OURS.has(name))
  if (taken !== undefined) throw new Error(`${taken} is a function of Namestream itself, take another name`)
  return functions
}

// ---------------------------------------------------------------------------

/** What Lambda takes for the name of a function (API reference, "CreateFunction"). */
const NAME = /^[A-Za-z0-9_-]{1,64}$/

/** Functions of the stack that the Lambda endpoint has under these names. */
const OURS: ReadonlySet<string> = new Set(['mirror', 'probe-lookup', 'function-names', 'gateway'])

function parseFunction(text: string, folder: string): FunctionOption {
  const [, name = '', file = ''] = /^([^=]*)=(.*)$/.exec(text) ?? []
  if (!NAME.test(name) || file === '')
    throw new Error(`${JSON.stringify(text)} is not NAME=FILE, as in pay=examples/pay.ts`)
  return { name, file: isAbsolute(file) ? file : resolve(folder, file) }
}

/** Reads a command line with `parseArgs`; its complaint becomes one line that ends with `hint`. */
export function complaining<T>(hint: string, parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    const [complaint] = (error as Error).message.split(/\.\s/) // the rest is advice that does not fit here
    throw new Error(`${complaint}; ${hint}`, { cause: error })
  }
}

/** Reads the value of an option; an error gets to name the option. */
export function about<T>(option: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw new Error(`${option}: ${(error as Error).message}`, { cause: error })
  }
}

/** A setting that cannot be used; `message` names it and says why. */
export class SettingsError extends Error {
  override name = 'SettingsError'
}

/** The first that is there more than once. */
export function repeated(texts: readonly string[]): string | undefined {
  return texts.find((text, at) => texts.indexOf(text) !== at)
}

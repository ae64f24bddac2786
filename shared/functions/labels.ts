import { foldCase, MAX_LABEL } from '../dns/name.ts'
import type { Refusal } from './model.ts'

/** The label for a name that Lambda, or a tag, gives; or why there is none. Letter case does not count in DNS. */
export function labelOf(text: string): { readonly label: string } | Pick<Refusal, 'code' | 'sentence'> {
  if (text.length > MAX_LABEL) {
    const sentence = `${JSON.stringify(text)} has ${text.length} characters, and a label of DNS ${MAX_LABEL} at most`
    return { code: 'name_too_long', sentence }
  }
  if (!LABEL.test(text)) {
    const sentence = `${JSON.stringify(text)} is no label: letters, digits, "-" and "_", with a letter or digit first and last`
    return { code: 'not_a_label', sentence }
  }
  return { label: foldCase(text) }
}

// ---------------------------------------------------------------------------

/**
 * Narrower than DNS: labels that begin with an underscore are for service names (RFC 8552), and with a hyphen at an end
 * resolvers of hosts refuse a name (RFC 952). An underscore inside is no host name by that, but all clients take it.
 */
const LABEL = /^[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?$/

/** A value as it is read: three digits that count, thousands grouped, from a million on with M or G. */
export function formatValue(value: number): string {
  const size = Math.abs(value)
  if (size >= 999_500_000) return `${digits(value / 1e9)} G`
  if (size >= 999_500) return `${digits(value / 1e6)} M`
  if (size >= 999.5) return GROUPED.format(value)
  return digits(value)
}

/** The label of a tick, short: every tick of an axis is a multiple of its step. */
export function formatTick(value: number): string {
  if (value >= 1e9) return `${plain(value / 1e9)} G`
  if (value >= 1e6) return `${plain(value / 1e6)} M`
  if (value >= 1e4) return `${plain(value / 1e3)} k`
  return plain(value)
}

// ---------------------------------------------------------------------------

const GROUPED = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const PRECISE = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 })
const PLAIN = new Intl.NumberFormat('en', { maximumFractionDigits: 6 })

function digits(value: number): string {
  return PRECISE.format(value)
}

function plain(value: number): string {
  return PLAIN.format(value)
}

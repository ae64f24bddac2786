export interface Range {
  readonly minutes: number
}

/** How much time is shown: as chosen on the page, and kept in its address. */
export function chosenRange(changed: () => void): Range {
  const inputs = [...document.querySelectorAll<HTMLInputElement>('#range input')]
  const wanted = new URLSearchParams(location.search).get('minutes') ?? DEFAULT
  const chosen = inputs.find(({ value }) => value === wanted) ?? inputs.find(({ value }) => value === DEFAULT)
  if (chosen) chosen.checked = true
  for (const input of inputs) {
    input.addEventListener('change', () => {
      history.replaceState(null, '', `?minutes=${input.value}`)
      changed()
    })
  }
  return {
    get minutes() {
      return Number(inputs.find(({ checked }) => checked)?.value ?? DEFAULT)
    },
  }
}

// ---------------------------------------------------------------------------

const DEFAULT = '15'

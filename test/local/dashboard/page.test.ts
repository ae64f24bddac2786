/** What the page computes, without a page. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { formatTick, formatValue } from '../../../local/dashboard/page/numbers.ts'
import { scaleTo } from '../../../local/dashboard/page/scale.ts'
import { areaPath, dotsPath, linePath, stacked } from '../../../local/dashboard/page/shape.ts'
import { formatPeriod, timeTicks } from '../../../local/dashboard/page/times.ts'

describe('a value as it is read', () => {
  const cases: [value: number, text: string][] = [
    [0, '0'],
    [0.00012345, '0.000123'],
    [0.25, '0.25'],
    [8, '8'],
    [12.345, '12.3'],
    [999.4, '999'],
    [999.5, '1,000'],
    [12_345.6, '12,346'],
    [999_499, '999,499'],
    [999_500, '1 M'],
    [211_812_352, '212 M'],
    [999_500_000, '1 G'],
    [-1234, '-1,234'],
  ]
  for (const [value, text] of cases) test(text, () => assert.equal(formatValue(value), text))
})

test('ticks are short', () => {
  const texts = [0, 0.05, 2.5, 1500, 20_000, 250_000, 2_500_000, 4e9].map(formatTick)
  assert.deepEqual(texts, ['0', '0.05', '2.5', '1,500', '20 k', '250 k', '2.5 M', '4 G'])
})

describe('an axis', () => {
  const cases: [greatest: number, whole: boolean, ticks: number[]][] = [
    [0, true, [0, 1]],
    [1, true, [0, 1]],
    [2, true, [0, 1, 2]],
    [3, true, [0, 1, 2, 3]],
    [5, true, [0, 2, 4, 6]],
    [1, false, [0, 0.5, 1]],
    [0.3, false, [0, 0.1, 0.2, 0.3]],
    [100, false, [0, 50, 100]],
    [1300, false, [0, 500, 1000, 1500]],
    [0.00025, false, [0, 0.0001, 0.0002, 0.0003]],
  ]
  for (const [greatest, whole, ticks] of cases) {
    test(`to ${greatest}${whole ? ', whole' : ''}`, () => assert.deepEqual(scaleTo(greatest, whole).ticks, ticks))
  }

  test('has room for its values, and few ticks', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), fc.boolean(), (greatest, whole) => {
        const { top, ticks } = scaleTo(greatest, whole)
        assert.ok(top >= greatest * (1 - 1e-6) && ticks.length >= 2 && ticks.length <= 5, `${greatest}: ${ticks}`)
        if (whole) assert.ok(ticks.every(Number.isInteger))
      }),
    )
  })
})

describe('times on the axis', () => {
  const MINUTE = 60_000
  const noon = new Date(2026, 0, 1, 12).getTime() // by the clock of whoever looks
  const minutes = (ticks: readonly number[]) => ticks.map((at) => (at - noon) / MINUTE)

  test('are round, and as many as there is room for', () => {
    assert.deepEqual(minutes(timeTicks(noon + 1000, noon + 5 * MINUTE, 500, 60)), [1, 2, 3, 4, 5])
    assert.deepEqual(minutes(timeTicks(noon - MINUTE, noon + 14 * MINUTE, 300, 60)), [0, 5, 10])
    assert.deepEqual(
      minutes(timeTicks(noon, noon + 59 * MINUTE, 1000, 60)),
      [0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55],
    )
    assert.deepEqual(minutes(timeTicks(noon, noon + 59 * MINUTE, 150, 60)), [0, 30])
  })

  test('are none where none fits', () => assert.deepEqual(timeTicks(noon + 1, noon + 2, 10, 60), []))

  test('periods', () => assert.deepEqual([5, 15, 60, 300].map(formatPeriod), ['5 s', '15 s', '1 min', '5 min']))
})

describe('shapes', () => {
  const frame = { x: (index: number) => index * 10, y: (value: number) => 100 - value }

  test('a line joins what is near and not what is far', () => {
    assert.equal(linePath([1, 2, null, 3, null, null, 4, 5], 1, frame), 'M0 99L10 98L30 97M60 96L70 95')
    assert.equal(linePath([null, null], 1, frame), '')
  })

  test('what stands alone is a dot', () => {
    assert.equal(dotsPath([1, null, null, 2, 3], 1, frame), 'M0 99h0')
    assert.equal(linePath([1, null, null, 2, 3], 1, frame), 'M30 98L40 97')
  })

  test('an area has its ground, or what is below', () => {
    assert.equal(areaPath([1, 2], undefined, 1, frame), 'M0 99L10 98L10 100L0 100Z')
    assert.equal(areaPath([3, 4], [1, 2], 1, frame), 'M0 97L10 96L10 98L0 99Z')
  })

  test('stacked lines add up; where none is known, none is', () => {
    assert.deepEqual(
      stacked([
        [1, null, null, 4],
        [10, 20, null, null],
      ]),
      [
        [1, 0, null, 4],
        [11, 20, null, 4],
      ],
    )
  })
})

/** Where a value stands, from above. */
export type Place = (value: number) => number

const AIR = 5

/** Numbers that are easy to read within a range, at most so many. */
export function ticks(low: number, high: number, most: number): number[] {
  const span = high - low
  if (!(span > 0)) return [low]
  const rough = span / most
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map(factor => factor * power).find(each => each >= rough) ?? 10 * power
  const first = Math.ceil(low / step - 1e-9)
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, i) => (first + i) * step)
}

/** From a lane's bottom to its top. */
export function valueScale(
  values: Float64Array,
  top: number,
  height: number,
): { place: Place; low: number; high: number } {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  if (!(low <= high)) [low, high] = [0, 0]
  const span = high - low || 1
  return { low, high, place: value => top + height - AIR - ((height - 2 * AIR) * (value - low)) / span }
}

/** Scores have a long tail: a logarithm of one more than them. */
export function scoreScale(scores: Float64Array, top: number, height: number): { place: Place; marks: number[] } {
  const highest = scores.reduce((most, score) => Math.max(most, Number.isNaN(score) ? 0 : score), 2)
  const full = Math.log1p(highest)
  const place: Place = score => top + height - AIR - ((height - 2 * AIR) * Math.log1p(Math.max(0, score))) / full
  const marks = [0, 1, 3, 10, 30, 100, 1_000, 1e4, 1e6].filter(mark => mark <= highest)
  return { place, marks }
}

/** A line through values; where there are more than pixels, through the least and the greatest of each pixel. It breaks where a value is missing. */
export function linePath(values: Float64Array, x: (row: number) => number, place: Place, pixels: number): string {
  const size = Math.max(1, Math.ceil(values.length / pixels))
  let path = ''
  let pen = 'M'
  const add = (row: number): void => {
    path += `${pen}${round(x(row))} ${round(place(values[row]!))}`
    pen = 'L'
  }
  for (let from = 0; from < values.length; from += size) {
    let [low, high] = [-1, -1]
    for (let row = from; row < Math.min(values.length, from + size); row++) {
      if (Number.isNaN(values[row]!)) continue
      if (low < 0 || values[row]! < values[low]!) low = row
      if (high < 0 || values[row]! > values[high]!) high = row
    }
    if (low < 0) {
      pen = 'M'
      continue
    }
    add(Math.min(low, high))
    if (low !== high) add(Math.max(low, high))
  }
  return path
}

const round = (value: number): number => Math.round(value * 10) / 10

const MARKS = 7
const SECOND = 1_000
const DAY = 86_400_000

/** Marks beneath: rows, or times where they are known at both ends. */
export function xTicks(times: Float64Array | null, rows: number): { row: number; text: string }[] {
  const [first, last] = [times?.[0] ?? Number.NaN, times?.[rows - 1] ?? Number.NaN]
  if (times === null || !(last > first))
    return ticks(0, Math.max(0, rows - 1), MARKS).map(row => ({ row: Math.round(row), text: String(Math.round(row)) }))
  const every = ticks(0, Math.max(0, rows - 1), MARKS).map(row => Math.round(row))
  const span = last - first
  const hasSeconds = every.some(row => (times[row] ?? 0) % (60 * SECOND) !== 0)
  return every.flatMap(row => {
    const time = times[row] ?? Number.NaN
    return Number.isNaN(time) ? [] : [{ row, text: timeText(time, span, hasSeconds) }]
  })
}

/** @param hasSeconds whether a mark stands within a minute */
function timeText(time: number, span: number, hasSeconds: boolean): string {
  const text = new Date(time).toISOString()
  if (span > 60 * DAY) return text.slice(0, 10)
  if (span > 2 * DAY) return `${text.slice(5, 10)} ${text.slice(11, 16)}`
  return hasSeconds ? text.slice(11, 19) : text.slice(11, 16)
}

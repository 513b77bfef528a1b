/** A number for a sentence: three significant digits, whole from a hundred on, `?` where there is none. */
export function figure(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return '?'
  const size = Math.abs(value)
  if (size >= 10 ** (digits - 1) && size < 1e15) return String(Math.round(value))
  return String(Number(value.toPrecision(digits)))
}

/** A number that is beyond a limit, with as many digits as it takes to see that. */
export function figureBeyond(value: number, limit: number): string {
  let digits = 3
  while (digits < 17 && Number(figure(value, digits)) === limit) digits++
  return figure(value, digits)
}

/** A number with its unit behind it, if it has one. */
export function withUnit(text: string, unit: string): string {
  return unit === '' ? text : `${text} ${unit}`
}

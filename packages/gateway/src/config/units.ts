/** The units of numbers in the file. */
export type Unit = 'duration' | 'size' | 'rate'

const FACTORS: Record<Unit, Record<string, number>> = {
  duration: { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 },
  size: { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 },
  rate: { '/s': 1, '/m': 1 / 60, '/h': 1 / 3600 },
}

const BARE: Record<Unit, number> = { duration: 1_000, size: 1, rate: 1 }

/** How a number of each unit is written, for hints. */
export const WRITTEN: Record<Unit, string> = {
  duration: 'a duration such as 250ms, 10s, 5m, 1h or 2d, or a number of seconds',
  size: 'a size such as 512B, 256KiB, 1MiB or 1GiB, or a number of bytes',
  rate: 'a rate such as 50/s, 300/m or 2/h, or a number a second',
}

const NUMBER_AND_UNIT = /^(\d+(?:\.\d+)?)(\D+)$/

/**
 * Reads a number with its unit: milliseconds for durations, bytes for sizes, a second for rates.
 * Undefined where it is not one, or where milliseconds or bytes do not come out whole.
 */
export function parseUnit(unit: Unit, value: unknown): number | undefined {
  const amount =
    typeof value === 'number' ? value * BARE[unit] : typeof value === 'string' ? scaled(unit, value) : undefined
  if (amount === undefined || !Number.isFinite(amount) || amount < 0) return undefined
  if (unit === 'rate') return amount
  const whole = Math.round(amount)
  // 1.1 s is 1100.0000000000002 ms in binary: that is whole, 1.5 ms is not.
  return Math.abs(whole - amount) < 1e-6 ? whole : undefined
}

function scaled(unit: Unit, value: string): number | undefined {
  const parts = NUMBER_AND_UNIT.exec(value)
  const factors = FACTORS[unit]
  if (parts === null || !Object.hasOwn(factors, parts[2]!)) return undefined
  return Number(parts[1]) * factors[parts[2]!]!
}

/** Writes a number of a unit as the file would: the largest unit that keeps it whole. */
export function formatUnit(unit: Unit, value: number): string {
  const [name, factor] = Object.entries(FACTORS[unit])
    .toSorted((a, b) => (unit === 'rate' ? a[1] - b[1] : b[1] - a[1]))
    .find(([, each]) => (unit === 'rate' ? value / each < 1000 : value >= each && Number.isInteger(value / each))) ?? [
    '',
    1,
  ]
  return `${Number((value / factor).toPrecision(12))}${name}`
}

import { type Matrix, matrixOf } from '../../base/matrix.ts'
import { type Random, randomOf } from '../../base/random.ts'

/**
 * A plant for tests: so many sensors that follow two hidden causes and noise of their own, the causes by an autoregression. The same seed gives the same plant; `shift` is called with each row before
 * it is kept.
 */
export function plant(
  rows: number,
  sensors: number,
  seed: number,
  shift?: (row: number, values: number[]) => void,
): Matrix {
  const random = randomOf(seed)
  const mixing = Array.from({ length: sensors }, () => [random.normal(), random.normal()] as const)
  const causes = [random.normal(), random.normal()]
  return matrixOf(
    Array.from({ length: rows }, (_, row) => {
      for (const c of [0, 1]) causes[c] = 0.6 * causes[c]! + 0.8 * random.normal()
      const values = mixing.map(([a, b], i) => 10 * (i + 1) + a * causes[0]! + b * causes[1]! + 0.5 * random.normal())
      shift?.(row, values)
      return values
    }),
  )
}

/** Independent standard normal rows. */
export function noise(rows: number, sensors: number, random: Random): Matrix {
  return { rows, columns: sensors, data: Float32Array.from({ length: rows * sensors }, () => random.normal()) }
}

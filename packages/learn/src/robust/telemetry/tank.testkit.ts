import { type Matrix, randomOf } from '../../index.ts'
import type { Process } from './index.ts'

/** A tank whose inflow follows what its level sensor says. A row: level, inflow, outflow, and the floor's pressure, which is the level once more with more noise. */
export class Tank implements Process {
  readonly #seed: number
  #level = 1
  #flows = [0, 0]
  #heard = 1
  #row = 0

  constructor(seed: number) {
    this.#seed = seed
  }

  advance(report: (row: Float64Array) => void): Float64Array {
    const random = randomOf(Math.imul(this.#seed, 0x9e3779b1) ^ this.#row++)
    const out = 0.01 + 0.004 * Math.sin(this.#row / 90)
    const into = Math.min(0.03, Math.max(0, 0.01 + 0.05 * (1 - this.#heard)))
    this.#level += into - out
    this.#flows = [into, out]
    const noise = (size: number): number => size * random.normal()
    const row = Float64Array.of(
      this.#level + noise(0.002),
      this.#flows[0] + noise(1e-4),
      this.#flows[1] + noise(1e-4),
      this.#level + noise(0.02),
    )
    report(row)
    this.#heard = row[0]
    return row
  }

  truth(column: number): number {
    return column === 1 || column === 2 ? this.#flows[column - 1] : this.#level
  }

  copy(): Tank {
    const copy = new Tank(this.#seed)
    copy.#level = this.#level
    copy.#flows = this.#flows
    copy.#heard = this.#heard
    copy.#row = this.#row
    return copy
  }
}

/** Rows of normal operation. */
export function normal(seed: number, rows: number): Matrix {
  const tank = new Tank(seed)
  const data = new Float32Array(4 * rows)
  for (let row = 0; row < rows; row++)
    data.set(
      tank.advance(() => {}),
      4 * row,
    )
  return { rows, columns: 4, data }
}

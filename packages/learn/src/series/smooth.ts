import type { Recipe, Scorer, ScoreStream } from './scorer.ts'

/** The mean of a recipe's last `rows` scores: of the scores that there are, in the first rows. What sensors have in it is averaged with it. */
export function smoothed(recipe: Recipe, rows: number): Recipe {
  return {
    name: recipe.name,
    warmUp: recipe.warmUp,
    fit: pieces => new Smoothed(recipe.fit(pieces), rows),
  }
}

class Smoothed implements Scorer {
  readonly name: string
  readonly sensors: number
  readonly warmUp: number
  readonly #inner: Scorer
  readonly #rows: number

  constructor(inner: Scorer, rows: number) {
    this.name = inner.name
    this.sensors = inner.sensors
    this.warmUp = inner.warmUp
    this.#inner = inner
    this.#rows = rows
  }

  stream(first?: number): ScoreStream {
    const inner = this.#inner.stream(first)
    const rows = this.#rows
    const { sensors } = this
    const scores = new Float64Array(rows)
    const parts = new Float64Array(rows * sensors)
    const shares = new Float64Array(sensors)
    let seen = 0
    return {
      bytes: inner.bytes + scores.byteLength + parts.byteLength,
      push(row, unheard) {
        const score = inner.push(row, unheard)
        if (Number.isNaN(score)) return score
        const at = seen % rows
        scores[at] = score
        parts.set(inner.contributions(), at * sensors)
        seen++
        let sum = 0
        const held = Math.min(seen, rows)
        for (let i = 0; i < held; i++) sum += scores[i]!
        return sum / held
      },
      contributions() {
        shares.fill(0)
        const held = Math.min(seen, rows)
        for (let i = 0; i < held * sensors; i++) shares[i % sensors]! += parts[i]! / held
        return shares
      },
    }
  }
}

import type { Fields } from '../base/fields.ts'
import { type KeptScorer, keptScorer, MOST_ROWS, type Recipe, type Scorer, type ScoreStream } from './scorer.ts'

/** The mean of a recipe's last `rows` scores: of the scores that there are, in the first rows. What sensors have in it is averaged with it. */
export function smoothed(recipe: Recipe, rows: number): Recipe {
  return {
    name: recipe.name,
    warmUp: recipe.warmUp,
    fit: pieces => new Smoothed(recipe.fit(pieces), rows),
  }
}

/**
 * Makes a smoothed score of what `keep` gave.
 * @param inner makes the scorer that it smooths
 * Error: `model_field`
 */
export function smoothedFrom(fields: Fields, inner: (fields: Fields) => Scorer): Scorer {
  return new Smoothed(inner(fields.of('inner')), fields.whole('rows', { least: 1, most: MOST_ROWS }))
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

  keep(): KeptScorer {
    return { kind: 'smoothed', rows: this.#rows, inner: keptScorer(this.#inner) }
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
      bytes: inner.bytes + scores.byteLength + parts.byteLength + shares.byteLength,
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

import { type Matrix, rowOf } from '../../base/matrix.ts'
import type { Random } from '../../base/random.ts'
import type { Tree } from '../tree.ts'
import { leafOf } from '../walk/plain.ts'
import type { OutOfBag } from './model.ts'

/** How often each row is drawn for a tree: as many as there are, with putting back, or each once. */
export function drawBag(counts: Int32Array, bootstrap: boolean, random: Random): void {
  counts.fill(bootstrap ? 0 : 1)
  if (bootstrap) for (let i = 0; i < counts.length; i++) counts[random.below(counts.length)]!++
}

/** Gathers what trees say of the rows that they were not grown over. */
export class BagVotes {
  readonly #table: Matrix
  readonly #targets: ArrayLike<number>
  readonly #classes: number
  readonly #sums: Float64Array
  readonly #votes: Int32Array

  constructor(table: Matrix, targets: ArrayLike<number>, classes: number) {
    this.#table = table
    this.#targets = targets
    this.#classes = classes
    this.#sums = new Float64Array(table.rows * Math.max(1, classes))
    this.#votes = new Int32Array(table.rows)
  }

  add(tree: Tree, shares: Float32Array | undefined, counts: Int32Array): void {
    const classes = this.#classes
    for (let row = 0; row < this.#table.rows; row++) {
      if (counts[row]! > 0) continue
      const leaf = leafOf(tree, rowOf(this.#table, row))
      this.#votes[row]!++
      if (shares === undefined) this.#sums[row]! += tree.value[leaf]!
      else for (let k = 0; k < classes; k++) this.#sums[row * classes + k]! += shares[leaf * classes + k]!
    }
  }

  result(): OutOfBag {
    const judged = Array.from(this.#votes.keys()).filter(row => this.#votes[row]! > 0)
    const score = this.#classes > 0 ? this.#accuracy(judged) : this.#determination(judged)
    return { rows: judged.length, score }
  }

  #accuracy(judged: readonly number[]): number {
    const classes = this.#classes
    const right = judged.filter(row => {
      const shares = this.#sums.subarray(row * classes, (row + 1) * classes)
      return shares.indexOf(Math.max(...shares)) === this.#targets[row]
    })
    return right.length / judged.length
  }

  #determination(judged: readonly number[]): number {
    const mean = judged.reduce((sum, row) => sum + this.#targets[row]!, 0) / judged.length
    let [left, all] = [0, 0]
    for (const row of judged) {
      left += (this.#targets[row]! - this.#sums[row]! / this.#votes[row]!) ** 2
      all += (this.#targets[row]! - mean) ** 2
    }
    return all > 0 ? 1 - left / all : 0
  }
}

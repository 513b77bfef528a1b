import { LearnError } from '../base/error.ts'
import type { Matrix } from '../base/matrix.ts'
import { checkCodes, LEAST, softmax, softmaxLoss } from './calibration.ts'
import { minimize } from './minimize.ts'

/** How members' probabilities become one. */
export type Pool =
  /** The weighted mean (linear opinion pool); weights are on the simplex. */
  | { readonly kind: 'vote'; readonly weights: Float64Array }
  /** softmax(sum of weights[m] * log p[m][k] + bias[k]): multinomial logistic stacking (Wolpert 1992) with one weight a member. */
  | { readonly kind: 'stack'; readonly weights: Float64Array; readonly bias: Float64Array }

const MOST_STEPS = 200
const STILL = 1e-6
/** What holds stacking at equal weights and no bias, in rows. */
const HELD = 5

/** Weights of a soft vote by the least log loss on the simplex: expectation maximization of a mixture whose parts stand still, which is convex. Errors: `members_differ`, `labels_length`, `labels_wrong`. */
export function fitVote(members: readonly Matrix[], codes: Int32Array): Pool {
  const { rows, columns } = checkMembers(members, codes)
  let weights = new Float64Array(members.length).fill(1 / members.length)
  for (let step = 0; step < MOST_STEPS && rows > 0; step++) {
    const next = new Float64Array(members.length)
    for (let row = 0; row < rows; row++) {
      const shares = members.map(({ data }, m) => weights[m]! * Math.max(LEAST, data[row * columns + codes[row]!]!))
      const sum = shares.reduce((a, b) => a + b, 0)
      for (const [m, share] of shares.entries()) next[m]! += share / sum / rows
    }
    const moved = next.reduce((most, each, m) => Math.max(most, Math.abs(each - weights[m]!)), 0)
    weights = next
    if (moved < STILL) break
  }
  return { kind: 'vote', weights }
}

/** Stacking by the least log loss with L2. Errors: `members_differ`, `labels_length`, `labels_wrong`. */
export function fitStack(members: readonly Matrix[], codes: Int32Array): Pool {
  const { rows, columns } = checkMembers(members, codes)
  const count = members.length
  const begin = new Float64Array(count + columns)
  begin.fill(1 / count, 0, count)
  const logs = members.map(({ data }) => Float64Array.from(data, each => Math.log(Math.max(LEAST, each))))
  const held = HELD / Math.max(1, rows)
  const row = new Float64Array(columns)
  const found = minimize((at, gradient) => {
    let loss = 0
    for (let i = 0; i < rows; i++) {
      for (let k = 0; k < columns; k++)
        row[k] = logs.reduce((sum, its, m) => sum + at[m]! * its[i * columns + k]!, at[count + k]!)
      loss -= softmaxLoss(row, codes[i]!) / rows
      for (let k = 0; k < columns; k++) {
        for (const [m, its] of logs.entries()) gradient[m]! += (row[k]! * its[i * columns + k]!) / rows
        gradient[count + k]! += row[k]! / rows
      }
    }
    for (const [j, each] of at.entries()) {
      const off = each - begin[j]!
      loss += (held / 2) * off ** 2
      gradient[j]! += held * off
    }
    return loss
  }, begin)
  return { kind: 'stack', weights: found.slice(0, count), bias: found.slice(count) }
}

/** One probability a class and row, of all members'. Error: `members_differ`. */
export function pooled(pool: Pool, members: readonly Matrix[]): Matrix {
  const { rows, columns } = checkMembers(members)
  if (pool.weights.length !== members.length)
    throw new LearnError('members_differ', `${pool.weights.length} weights for ${members.length} members`)
  const out = new Float32Array(rows * columns)
  const row = new Float64Array(columns)
  for (let from = 0; from < out.length; from += columns) {
    for (let k = 0; k < columns; k++) {
      const at = from + k
      row[k] = members.reduce(
        (sum, { data }, m) =>
          sum + pool.weights[m]! * (pool.kind === 'vote' ? data[at]! : Math.log(Math.max(LEAST, data[at]!))),
        pool.kind === 'vote' ? 0 : pool.bias[k]!,
      )
    }
    if (pool.kind === 'stack') softmax(row)
    out.set(row, from)
  }
  return { rows, columns, data: out }
}

function checkMembers(members: readonly Matrix[], codes?: Int32Array): Matrix {
  const first = members[0]
  if (first === undefined) throw new LearnError('members_differ', 'an ensemble has one member or more')
  for (const [m, { rows, columns }] of members.entries())
    if (rows !== first.rows || columns !== first.columns)
      throw new LearnError(
        'members_differ',
        `member ${m} says ${rows} x ${columns} probabilities, and member 0 ${first.rows} x ${first.columns}`,
      )
  if (codes !== undefined) checkCodes(codes, first)
  return first
}

/**
 * The chance that labels, shuffled, agree with given answers in `hits` places or more: exactly, over all orders of the labels (a permutation test; the hit numbers of a permutation by rook
 * polynomials, Riordan 1958). Whoever answers the same everywhere gets 1, however labels are spread.
 * @param pairs of each class, how many answers say it and how many labels are it; answers that say no class are in none
 * @param places how many labels there are
 */
export function matchTail(
  hits: number,
  places: number,
  pairs: readonly { readonly answers: number; readonly labels: number }[],
): number {
  if (hits <= 0) return 1
  // rooks[m]: in how many ways m labels can be put on answers that say the same.
  let rooks = [1n]
  for (const { answers, labels } of pairs) rooks = product(rooks, rooksOf(answers, labels))
  let orders = 1n
  for (let i = 2n; i <= places; i++) orders *= i
  let [found, left] = [0n, orders]
  // Of m that agree at least, `hits` or more do in this many ways: inclusion and exclusion, summed.
  for (const [m, ways] of rooks.entries()) {
    if (m > 0) left /= BigInt(places - m + 1)
    if (m < hits) continue
    const term = choose(m - 1, hits - 1) * ways * left
    found += (m - hits) % 2 === 0 ? term : -term
  }
  return ratio(found, orders)
}

/** Of m rooks on a board of so many rows and columns, none in another's way: in how many ways. */
function rooksOf(rows: number, columns: number): bigint[] {
  const ways = [1n]
  for (let m = 1; m <= Math.min(rows, columns); m++)
    ways.push((ways[m - 1]! * BigInt(rows - m + 1) * BigInt(columns - m + 1)) / BigInt(m))
  return ways
}

function product(a: readonly bigint[], b: readonly bigint[]): bigint[] {
  const sum = new Array<bigint>(a.length + b.length - 1).fill(0n)
  for (const [i, left] of a.entries()) for (const [j, right] of b.entries()) sum[i + j]! += left * right
  return sum
}

function choose(n: number, k: number): bigint {
  let ways = 1n
  for (let i = 1; i <= k; i++) ways = (ways * BigInt(n - k + i)) / BigInt(i)
  return ways
}

/** The quotient of two whole numbers, the first the smaller one, to all digits that a number has. */
function ratio(part: bigint, whole: bigint): number {
  if (part === 0n) return 0
  const shift = whole.toString(2).length - part.toString(2).length + 64
  return (Number((part << BigInt(shift)) / whole) / 2 ** 64) * 2 ** (64 - shift)
}

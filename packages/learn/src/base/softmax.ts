/** Turns each row's `width` numbers into shares that sum up to 1, in place: exp(x) of all exp(x), less the greatest x so that none overflows. */
export function softmax(rows: Float32Array, width: number): void {
  for (let at = 0; at < rows.length; at += width) {
    let most = Number.NEGATIVE_INFINITY
    for (let k = at; k < at + width; k++) most = Math.max(most, rows[k]!)
    let sum = 0
    for (let k = at; k < at + width; k++) {
      const power = Math.exp(rows[k]! - most)
      rows[k] = power
      sum += power
    }
    for (let k = at; k < at + width; k++) rows[k]! /= sum
  }
}

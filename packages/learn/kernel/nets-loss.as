// Losses over rows: each returns its mean and, where there is a g, writes the gradient of what was said, zero in the padding.

/** The mean of squared differences between y and the target t, both rows of `columns` floats, `width` apart. */
export function squaredLoss(rows: i32, columns: i32, width: i32, y: usize, t: usize, g: usize): f64 {
  const count = <f64>rows * columns, c = all(<f32>(2 / count));
  let total: f64 = 0;
  for (let i = 0; i < rows; i++) {
    let sum = all(0);
    for (let j = 0; j < columns; j += 4) {
      const d = v128.and(minus(ld(skip(y, j)), ld(skip(t, j))), within(columns - j));
      sum = plus(sum, times(d, d));
      if (g) st(skip(g, j), times(d, c));
    }
    total += sum4(sum);
    y = skip(y, width); t = skip(t, width);
    if (g) g = skip(g, width);
  }
  return total / count;
}

/** Huber's loss: half the square up to `delta`, and from there on a line. */
export function huberLoss(rows: i32, columns: i32, width: i32, delta: f32, y: usize, t: usize, g: usize): f64 {
  const count = <f64>rows * columns, c = all(<f32>(1 / count)), most = all(delta), half = all(0.5);
  let total: f64 = 0;
  for (let i = 0; i < rows; i++) {
    let sum = all(0);
    for (let j = 0; j < columns; j += 4) {
      const d = v128.and(minus(ld(skip(y, j)), ld(skip(t, j))), within(columns - j));
      const kept = f32x4.max(f32x4.min(d, most), f32x4.neg(most));
      sum = plus(sum, times(kept, minus(d, times(half, kept))));
      if (g) st(skip(g, j), times(kept, c));
    }
    total += sum4(sum);
    y = skip(y, width); t = skip(t, width);
    if (g) g = skip(g, width);
  }
  return total / count;
}

/** Cross entropy of the softmax p of rows against whole-numbered classes, each row weighing as its class does (weights 0: all alike). */
export function crossEntropy(
  rows: i32, columns: i32, width: i32, logits: usize, labels: usize, weights: usize, p: usize, g: usize,
): f64 {
  softmax(rows, columns, width, logits, p, 1);
  let total: f64 = 0, mass: f64 = rows;
  if (weights) {
    mass = 0;
    for (let i = 0; i < rows; i++) mass += load<f32>(skip(weights, load<i32>(skip(labels, i))));
  }
  // Shares of rows that weigh alike are multiplied: one logarithm does for as many as cannot leave double precision.
  let product: f64 = 1, factors = 0;
  for (let i = 0; i < rows; i++) {
    const label = load<i32>(skip(labels, i));
    const weight: f64 = (weights ? load<f32>(skip(weights, label)) : 1) / mass;
    const share = load<f32>(skip(p, label));
    if (share > 1e-30) {
      product *= share;
      if (++factors == 8 || weights) { total -= weight * logarithm(product); product = 1; factors = 0; }
    } else {
      // From the logits: the logarithm of a share that has sunk to zero would be infinite.
      let top: f32 = -3e38;
      for (let j = 0; j < columns; j++) top = max(top, load<f32>(skip(logits, j)));
      total += weight * <f64>(top - load<f32>(skip(logits, label)));
    }
    if (g) {
      for (let j = 0; j < width; j += 4) st(skip(g, j), flush(times(ld(skip(p, j)), all(<f32>weight))));
      store<f32>(skip(g, label), load<f32>(skip(g, label)) - <f32>weight);
      g = skip(g, width);
    }
    logits = skip(logits, width); p = skip(p, width);
  }
  if (factors) total -= logarithm(product) / mass;
  return total;
}

/** The mean squared difference of each of `rows` samples over `steps` rows of it, `sampleRows` and `stepRows` apart, to `to`, one double a sample. */
export function sampleErrors(
  rows: i32, steps: i32, sampleRows: i32, stepRows: i32, columns: i32, width: i32, y: usize, t: usize, to: usize,
): void {
  for (let i = 0; i < rows; i++) {
    let sum: f64 = 0;
    for (let s = 0; s < steps; s++) {
      const at = (i * sampleRows + s * stepRows) * width;
      sum += rowError(columns, skip(y, at), skip(t, at));
    }
    store<f64>(to + (<usize>i << 3), sum / <f64>(columns * steps));
  }
}

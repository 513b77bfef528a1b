// Gradient boosting: gradients, histograms of {g, h} in double precision, 256 bins a feature, and the search for a split.

const FEATURE: usize = 4096;

/** e to the power of four numbers, within 2e-7 of itself (Cephes' expf: 2^n times a polynomial on half an octave either way). */
@inline function exp4(x: v128): v128 {
  x = f32x4.max(f32x4.min(x, f32x4.splat(88.0)), f32x4.splat(-87.0));
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504088896341)));
  x = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  x = f32x4.sub(x, f32x4.mul(n, f32x4.splat(-2.12194440e-4)));
  let y = f32x4.splat(1.9875691500e-4);
  y = f32x4.add(f32x4.mul(y, x), f32x4.splat(1.3981999507e-3));
  y = f32x4.add(f32x4.mul(y, x), f32x4.splat(8.3334519073e-3));
  y = f32x4.add(f32x4.mul(y, x), f32x4.splat(4.1665795894e-2));
  y = f32x4.add(f32x4.mul(y, x), f32x4.splat(1.6666665459e-1));
  y = f32x4.add(f32x4.mul(y, x), f32x4.splat(5.0000001201e-1));
  y = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(y, x), x), x), f32x4.splat(1.0));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(y, power);
}

/** 1 / (1 + exp(-x)) of `count` numbers, a multiple of four, in place. */
export function sigmoid(at: usize, count: i32): void {
  const one = f32x4.splat(1.0);
  for (let i = 0; i < count; i += 4) {
    v128.store(at, f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(v128.load(at))))));
    at += 16;
  }
}

/** The logistic loss's {g, h} (f32 each) of `count` rows, a multiple of four, from margins, labels and weights. */
export function logisticGradients(margins: usize, labels: usize, weights: usize, count: i32, out: usize): void {
  const one = f32x4.splat(1.0), least = f32x4.splat(1e-16);
  for (let i = 0; i < count; i += 4) {
    const p = f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(v128.load(margins)))));
    const weight = v128.load(weights);
    const g = f32x4.mul(f32x4.sub(p, v128.load(labels)), weight);
    const h = f32x4.mul(f32x4.max(f32x4.mul(p, f32x4.sub(one, p)), least), weight);
    v128.store(out, v128.shuffle<f32>(g, h, 0, 4, 1, 5));
    v128.store(out, v128.shuffle<f32>(g, h, 2, 6, 3, 7), 16);
    margins += 16;
    labels += 16;
    weights += 16;
    out += 32;
  }
}

@inline function put(at: usize, bin: u32, pair: v128): void {
  const to = at + (<usize>bin << 4);
  v128.store(to, f64x2.add(v128.load(to), pair));
}

/** Adds the {g, h} of `count` rows to a histogram; a row's bins are `columns` bytes. */
export function histogram(hist: usize, index: usize, count: i32, bins: usize, columns: i32, pairs: usize): void {
  for (let i = 0; i < count; i++) {
    const row = <usize>load<u32>(index + (<usize>i << 2));
    const pair = f64x2.promote_low_f32x4(v128.load64_zero(pairs + (row << 3)));
    let at = bins + row * <usize>columns, to = hist, j = 0;
    for (; j + 4 <= columns; j += 4) {
      const four = load<u32>(at);
      put(to, four & 255, pair);
      put(to + FEATURE, (four >> 8) & 255, pair);
      put(to + 2 * FEATURE, (four >> 16) & 255, pair);
      put(to + 3 * FEATURE, four >> 24, pair);
      at += 4;
      to += 4 * FEATURE;
    }
    for (; j < columns; j++) {
      put(to, load<u8>(at), pair);
      at++;
      to += FEATURE;
    }
  }
}

/** The sum of {g, h} of `count` rows, in double precision, to `out`. */
export function total(index: usize, count: i32, pairs: usize, out: usize): void {
  let sum = f64x2.splat(0);
  for (let i = 0; i < count; i++) {
    const row = <usize>load<u32>(index + (<usize>i << 2));
    sum = f64x2.add(sum, f64x2.promote_low_f32x4(v128.load64_zero(pairs + (row << 3))));
  }
  v128.store(out, sum);
}

/** a -= b, over `bytes` of histograms. */
export function subtract(a: usize, b: usize, bytes: usize): void {
  for (const end = a + bytes; a < end; a += 16) {
    v128.store(a, f64x2.sub(v128.load(a), v128.load(b)));
    b += 16;
  }
}

/** What of a gradient L1 leaves. */
@inline function shrunk(g: f64, alpha: f64): f64 {
  return g > alpha ? g - alpha : g < -alpha ? g + alpha : 0;
}

/** Tries each cut behind a bin of one feature, what is on the left beginning with `sum`; gives the best score so far and writes what is left of it to `out`. */
@inline function tryCuts(
  at: usize, bins: i32, sum: v128, all: v128, lambda: f64, alpha: f64, least: f64, l1: bool, best: f64, code: i32, out: usize,
): f64 {
  const g = f64x2.extract_lane(all, 0), h = f64x2.extract_lane(all, 1);
  for (let k = 0; k < bins; k++) {
    sum = f64x2.add(sum, v128.load(at));
    at += 16;
    const hl = f64x2.extract_lane(sum, 1), hr = h - hl;
    if (hl < least) continue;
    if (hr < least) break;
    let gl = f64x2.extract_lane(sum, 0), gr = g - gl;
    if (l1) {
      gl = shrunk(gl, alpha);
      gr = shrunk(gr, alpha);
    }
    const dl = hl + lambda, dr = hr + lambda;
    // gl^2/dl + gr^2/dr > best, without a division.
    const above = gl * gl * dr + gr * gr * dl, below = dl * dr;
    if (above > best * below) {
      best = above / below;
      v128.store(out, sum);
      store<i32>(out, code | (k << 1), 16);
    }
  }
  return best;
}

@inline function search(
  hist: usize, features: usize, count: i32, binned: usize, all: v128, lambda: f64, alpha: f64, least: f64, l1: bool, best: f64, out: usize,
): f64 {
  for (let i = 0; i < count; i++) {
    const feature = load<i32>(features + (<usize>i << 2));
    const at = hist + <usize>feature * FEATURE;
    const held = load<i32>(binned + (<usize>feature << 2));
    const bins = held & 0xffff, code = feature << 9;
    if ((held >> 16) != 0) {
      best = tryCuts(at, bins, f64x2.splat(0), all, lambda, alpha, least, l1, best, code, out);
      best = tryCuts(at, bins - 1, v128.load(at + (<usize>bins << 4)), all, lambda, alpha, least, l1, best, code | 1, out);
    } else best = tryCuts(at, bins - 1, f64x2.splat(0), all, lambda, alpha, least, l1, best, code, out);
  }
  return best;
}

/**
 * The best split of a node over some features. `binned` has for each feature how many bins have values, and 65536 more where one behind them is of those that are
 * missing. Gives the score (both children's G^2/(H + lambda)) where it is above `best`, and else `best`; `out` has then {g, h} on the left and
 * feature << 9 | bin << 1 | whether missing ones go left.
 */
export function bestSplit(
  hist: usize, features: usize, count: i32, binned: usize, g: f64, h: f64, lambda: f64, alpha: f64, least: f64, best: f64, out: usize,
): f64 {
  const all = f64x2.replace_lane(f64x2.splat(g), 1, h);
  return alpha == 0
    ? search(hist, features, count, binned, all, lambda, alpha, least, false, best, out)
    : search(hist, features, count, binned, all, lambda, alpha, least, true, best, out);
}

/** Adds a leaf's value to the margins of its rows. */
export function addLeaf(index: usize, count: i32, value: f32, margins: usize): void {
  for (let i = 0; i < count; i++) {
    const at = margins + (<usize>load<u32>(index + (<usize>i << 2)) << 2);
    store<f32>(at, load<f32>(at) + value);
  }
}

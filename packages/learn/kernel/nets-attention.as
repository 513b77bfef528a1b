// Softmax, layer norm, and attention of all heads at once.

/** The mean of squares to which a layer norm's variance is never smaller, as PyTorch has it. */
const EPSILON: f32 = 1e-5;

/** y = softmax(scale x) along rows of `columns` floats, `width` apart; the rest of a row becomes zero. y may be x. */
export function softmax(rows: i32, columns: i32, width: i32, x: usize, y: usize, scale: f32): void {
  const s = all(scale);
  for (let i = 0; i < rows; i++) {
    let top = all(-3e38);
    for (let j = 0; j < columns; j += 4) {
      const v = v128.bitselect(times(ld(skip(x, j)), s), all(-3e38), within(columns - j));
      st(skip(y, j), v);
      top = larger(top, v);
    }
    const most = all(max(max(f32x4.extract_lane(top, 0), f32x4.extract_lane(top, 1)), max(f32x4.extract_lane(top, 2), f32x4.extract_lane(top, 3))));
    let sum = all(0);
    for (let j = 0; j < columns; j += 4) {
      const v = minus(ld(skip(y, j)), most);
      // What is smaller than e to the power of -80 would only be slow. NaN is not smaller.
      const e = v128.andnot(v128.and(exponential(v), within(columns - j)), f32x4.lt(v, all(-80)));
      st(skip(y, j), e);
      sum = plus(sum, e);
    }
    const inverse = all(1 / sum4(sum));
    for (let j = 0; j < columns; j += 4) st(skip(y, j), times(ld(skip(y, j)), inverse));
    x = skip(x, width); y = skip(y, width);
  }
}

/** g, the gradient of the softmax p, becomes that of what went into it. */
function softmaxBack(rows: i32, width: i32, p: usize, g: usize, scale: f32): void {
  const s = all(scale);
  for (let i = 0; i < rows; i++) {
    let sum = all(0);
    for (let j = 0; j < width; j += 4) sum = plus(sum, times(ld(skip(p, j)), ld(skip(g, j))));
    const mean = all(sum4(sum));
    for (let j = 0; j < width; j += 4) st(skip(g, j), times(s, times(ld(skip(p, j)), minus(ld(skip(g, j)), mean))));
    p = skip(p, width); g = skip(g, width);
  }
}

/** y = gain (x + r - mean) / deviation + bias along rows. r may be 0: nothing is added. Keeps the normed rows in `normed` and 1 / deviation in `scale`. */
export function layerNorm(
  rows: i32, columns: i32, width: i32, x: usize, r: usize, gain: usize, bias: usize, normed: usize, scale: usize, y: usize,
): void {
  const count = <f32>columns;
  for (let i = 0; i < rows; i++) {
    let sum = all(0);
    for (let j = 0; j < columns; j += 4) {
      let v = ld(skip(x, j));
      if (r) v = plus(v, ld(skip(r, j)));
      v = v128.and(v, within(columns - j));
      st(skip(normed, j), v);
      sum = plus(sum, v);
    }
    const mean = all(sum4(sum) / count);
    sum = all(0);
    for (let j = 0; j < columns; j += 4) {
      const d = v128.and(minus(ld(skip(normed, j)), mean), within(columns - j));
      st(skip(normed, j), d);
      sum = plus(sum, times(d, d));
    }
    const inverse: f32 = 1 / sqrt(sum4(sum) / count + EPSILON);
    store<f32>(scale, inverse);
    for (let j = 0; j < columns; j += 4) {
      const v = times(ld(skip(normed, j)), all(inverse));
      st(skip(normed, j), v);
      st(skip(y, j), plus(times(v, ld(skip(gain, j))), ld(skip(bias, j))));
    }
    x = skip(x, width); normed = skip(normed, width); y = skip(y, width); scale += 4;
    if (r) r = skip(r, width);
  }
}

/** From g, the gradient of y: onto dgain and dbias (0: they stand still), into or onto dx and, where there is one, dr. */
export function layerNormBack(
  rows: i32, columns: i32, width: i32, normed: usize, scale: usize, gain: usize, g: usize, dgain: usize, dbias: usize,
  dx: usize, accX: i32, dr: usize, accR: i32,
): void {
  const count = <f32>columns;
  for (let i = 0; i < rows; i++) {
    let straight = all(0), along = all(0);
    for (let j = 0; j < columns; j += 4) {
      const d = ld(skip(g, j)), v = ld(skip(normed, j));
      if (dgain) {
        st(skip(dgain, j), plus(ld(skip(dgain, j)), times(d, v)));
        st(skip(dbias, j), plus(ld(skip(dbias, j)), d));
      }
      const t = times(d, ld(skip(gain, j)));
      straight = plus(straight, t);
      along = plus(along, times(t, v));
    }
    const a = all(sum4(straight) / count), b = all(sum4(along) / count), s = all(load<f32>(scale));
    for (let j = 0; j < columns; j += 4) {
      const t = times(ld(skip(g, j)), ld(skip(gain, j)));
      const d = v128.and(times(s, minus(minus(t, a), times(ld(skip(normed, j)), b))), within(columns - j));
      if (dx) st(skip(dx, j), accX ? plus(ld(skip(dx, j)), d) : d);
      if (dr) st(skip(dr, j), accR ? plus(ld(skip(dr, j)), d) : d);
    }
    normed = skip(normed, width); g = skip(g, width); scale += 4;
    if (dx) dx = skip(dx, width);
    if (dr) dr = skip(dr, width);
  }
}

/**
 * Attention of all heads: Q queries of each sample over its S steps. Rows of q are `ldq` apart and hold the queries of all heads, d floats each; rows of kv are `ldkv`
 * apart and hold all keys, then all values. p[B, heads, Q, width of S] keeps the shares; o[B, Q, heads * d]. `kt` has room for [d, width of S].
 */
export function attention(
  B: i32, Q: i32, S: i32, heads: i32, d: i32, scale: f32, q: usize, ldq: i32, kv: usize, ldkv: i32, p: usize, o: usize, kt: usize,
): void {
  const D = heads * d, W = (S + 3) & ~3;
  for (let b = 0; b < B; b++) {
    for (let h = 0; h < heads; h++) {
      const k = skip(kv, h * d), v = skip(k, D);
      transpose(S, d, k, ldkv, kt, W);
      gemm(Q, W, d, skip(q, h * d), ldq, 1, kt, W, p, W, 0, 0);
      softmax(Q, S, W, p, p, scale);
      gemm(Q, d, S, p, W, 1, v, ldkv, skip(o, h * d), D, 0, 0);
      p = skip(p, Q * W);
    }
    q = skip(q, Q * ldq); kv = skip(kv, S * ldkv); o = skip(o, Q * D);
  }
}

/** From g, the gradient of o: dq and dkv, all of them. `dp` has room for [Q, width of S], `vt` for [d, width of S]. */
export function attentionBack(
  B: i32, Q: i32, S: i32, heads: i32, d: i32, scale: f32, q: usize, ldq: i32, kv: usize, ldkv: i32, p: usize, g: usize,
  dq: usize, dkv: usize, dp: usize, vt: usize,
): void {
  const D = heads * d, W = (S + 3) & ~3;
  for (let b = 0; b < B; b++) {
    for (let h = 0; h < heads; h++) {
      const k = skip(kv, h * d), v = skip(k, D), dk = skip(dkv, h * d), dv = skip(dk, D), go = skip(g, h * d);
      transpose(S, d, v, ldkv, vt, W);
      gemm(Q, W, d, go, D, 1, vt, W, dp, W, 0, 0);
      gemm(S, d, Q, p, 1, W, go, D, dv, ldkv, 0, 0);
      softmaxBack(Q, W, p, dp, scale);
      gemm(Q, d, S, dp, W, 1, k, ldkv, skip(dq, h * d), ldq, 0, 0);
      gemm(S, d, Q, dp, 1, W, skip(q, h * d), ldq, dk, ldkv, 0, 0);
      p = skip(p, Q * W);
    }
    q = skip(q, Q * ldq); dq = skip(dq, Q * ldq); kv = skip(kv, S * ldkv); dkv = skip(dkv, S * ldkv); g = skip(g, Q * D);
  }
}

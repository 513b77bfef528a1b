// Softmax, and attention of all heads at once.

/** y = softmax(scale x) along rows of `columns` floats, `width` apart; the rest of a row becomes zero. y may be x. */
export function softmax(rows: i32, columns: i32, width: i32, x: usize, y: usize, scale: f32): void {
  // Whole vectors need no mask, and masks would be half of the work.
  const s = all(scale), whole = columns & ~3, rest = within(columns - whole);
  for (let i = 0; i < rows; i++) {
    const end = skip(y, whole);
    let top = all(-3e38), p = x, q = y;
    for (; q < end; q += 16) {
      const v = times(ld(p), s);
      st(q, v);
      top = larger(top, v);
      p += 16;
    }
    if (whole < columns) {
      const v = v128.bitselect(times(ld(p), s), all(-3e38), rest);
      st(q, v);
      top = larger(top, v);
    }
    const most = all(max4(top));
    let sum = all(0);
    for (q = y; q < end; q += 16) {
      const e = power(minus(ld(q), most));
      st(q, e);
      sum = plus(sum, e);
    }
    if (whole < columns) {
      const e = v128.and(power(minus(ld(q), most)), rest);
      st(q, e);
      sum = plus(sum, e);
    }
    const inverse = all(1 / sum4(sum)), last = skip(y, columns);
    for (q = y; q < last; q += 16) st(q, times(ld(q), inverse));
    x = skip(x, width); y = skip(y, width);
  }
}

/** e to the power of x, up to 0. What is smaller than e to the power of -80 would only be slow. NaN is not smaller. */
@inline function power(x: v128): v128 { return v128.andnot(exponential(x), f32x4.lt(x, all(-80))); }

/** softmax(scale x) in place, as `softmax` has it but reckoned in double precision and rounded once. `e` has room for a row of doubles. */
function softmaxExact(rows: i32, columns: i32, width: i32, x: usize, scale: f32, e: usize): void {
  const s = all(scale), least = f64x2.splat(-80);
  for (let i = 0; i < rows; i++) {
    let top = all(-3e38);
    for (let j = 0; j < columns; j += 4) {
      const v = v128.bitselect(times(ld(skip(x, j)), s), all(-3e38), within(columns - j));
      st(skip(x, j), v);
      top = larger(top, v);
    }
    const most = f64x2.splat(max4(top));
    let sum = f64x2.splat(0), p = e;
    for (let j = 0; j < columns; j += 4) {
      const v = ld(skip(x, j)), l = f64x2.sub(low(v), most), h = f64x2.sub(high(v), most);
      const a = v128.andnot(exponentialExact(l), f64x2.lt(l, least)), b = v128.andnot(exponentialExact(h), f64x2.lt(h, least));
      st(p, a); v128.store(p, b, 16);
      sum = f64x2.add(sum, f64x2.add(a, b));
      p += 32;
    }
    const inverse = f64x2.splat(1 / sum2(sum));
    p = e;
    for (let j = 0; j < columns; j += 4) {
      st(skip(x, j), narrow(f64x2.mul(ld(p), inverse), f64x2.mul(v128.load(p, 16), inverse)));
      p += 32;
    }
    x = skip(x, width);
  }
}

/** g, the gradient of the softmax p, becomes that of what went into it. */
function softmaxBack(rows: i32, width: i32, p: usize, g: usize, scale: f32): void {
  const s = all(scale);
  for (let i = 0; i < rows; i++) {
    const end = skip(g, width), evens = skip(g, width & ~7);
    let even = all(0), odd = even, a = p, b = g;
    for (; b < evens; b += 32) {
      even = mac(even, ld(a), ld(b)); odd = mac(odd, v128.load(a, 16), v128.load(b, 16));
      a += 32;
    }
    if (b < end) even = mac(even, ld(a), ld(b));
    const mean = all(sum4(plus(even, odd)));
    a = p;
    for (b = g; b < evens; b += 32) {
      const l = times(times(s, ld(a)), minus(ld(b), mean)), r = times(times(s, v128.load(a, 16)), minus(v128.load(b, 16), mean));
      st(b, l); v128.store(b, r, 16);
      a += 32;
    }
    if (b < end) st(b, times(times(s, ld(a)), minus(ld(b), mean)));
    p = skip(p, width); g = end;
  }
}

/**
 * Attention of all heads: Q queries of each sample over its S steps. Rows of q are `ldq` apart and hold the queries of all heads, d floats each; rows of kv are `ldkv`
 * apart and hold all keys, then all values. p[B, heads, Q, width of S] keeps the shares; o[B, Q, heads * d]. `kt` has room for [d, width of S], d being 4 or more.
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
      if (FUSED) softmax(Q, S, W, p, p, scale);
      else softmaxExact(Q, S, W, p, scale, kt);
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

// What changes parameters, and dropout. n is a multiple of four.

/** The sum of squares, lane by lane and then over the lanes. */
export function squares(n: i32, g: usize): f64 {
  let sum = all(0);
  const end = skip(g, n);
  for (; g < end; g += 16) sum = plus(sum, times(ld(g), ld(g)));
  return <f64>sum4(sum);
}

/** w moved towards zero by `by`, and no further: the proximal step of L1. */
@inline function shrink(w: v128, by: v128): v128 {
  const sign = v128.and(w, i32x4.splat(0x80000000));
  return v128.or(f32x4.max(minus(f32x4.abs(w), by), all(0)), sign);
}

/** x, or zero where it is below. */
@inline function atLeast(x: v128, least: v128): v128 { return v128.andnot(x, f32x4.lt(x, least)); }

/** With `held`, weights are held small as well. */
@inline function adamStep(
  n: i32, w: usize, g: usize, m: usize, v: usize, scale: f32, beta1: f32, beta2: f32, rate: f32, correction: f32, epsilon: f32,
  held: bool, l2: f32, keep: f32, l1: f32,
): void {
  const b1 = all(beta1), c1 = all(1 - beta1), b2 = all(beta2), c2 = all(1 - beta2), e = all(epsilon), least = all(1e-32);
  const s = all(scale), k = all(keep), d = all(l2), r = all(-rate), c = all(correction), o = all(l1), end = skip(w, n);
  for (; w < end; w += 16) {
    const old = ld(w);
    let gradient = times(ld(g), s);
    if (held) gradient = mac(gradient, old, d);
    const mean = flush(mac(times(ld(m), b1), gradient, c1));
    const square = atLeast(mac(times(ld(v), b2), atLeast(times(gradient, gradient), least), c2), least);
    st(m, mean); st(v, square); st(g, all(0));
    const step = f32x4.div(mean, mac(e, f32x4.sqrt(square), c));
    st(w, held ? shrink(flush(mac(times(old, k), r, step)), o) : mac(old, r, step));
    g += 16; m += 16; v += 16;
  }
}

/**
 * A step of Adam over a block; gradients become zero. `scale` multiplies the gradients first (clipping), `l2` adds that much of w to them, `keep` multiplies w
 * (1, or less for decoupled decay), `l1` is how far w shrinks towards zero. rate and correction hold the corrections of the means' beginnings.
 */
export function adam(
  n: i32, w: usize, g: usize, m: usize, v: usize, scale: f32, beta1: f32, beta2: f32, rate: f32, correction: f32, epsilon: f32,
  l2: f32, keep: f32, l1: f32,
): void {
  if (l2 != 0 || keep != 1 || l1 != 0) adamStep(n, w, g, m, v, scale, beta1, beta2, rate, correction, epsilon, true, l2, keep, l1);
  else adamStep(n, w, g, m, v, scale, beta1, beta2, rate, correction, epsilon, false, 0, 1, 0);
}

/** A step of gradient descent with momentum: m = momentum m + g, w = keep w - rate m; the rest as for Adam. */
export function descend(
  n: i32, w: usize, g: usize, m: usize, scale: f32, rate: f32, momentum: f32, l2: f32, keep: f32, l1: f32,
): void {
  const s = all(scale), r = all(rate), u = all(momentum), d = all(l2), k = all(keep), o = all(l1), end = skip(w, n);
  for (; w < end; w += 16) {
    const old = ld(w), mean = flush(plus(times(ld(m), u), plus(times(ld(g), s), times(old, d))));
    st(m, mean); st(g, all(0));
    const next = minus(times(old, k), times(r, mean));
    st(w, shrink(flush(next), o));
    g += 16; m += 16;
  }
}

/** Keeps a share 1 - `rate` of x and makes it larger by as much; the mask keeps the factors. `state` is four words, none zero: xorshift32, four abreast. */
export function dropout(n: i32, rate: f32, x: usize, mask: usize, y: usize, state: usize): void {
  let s = ld(state);
  const least = i32x4.splat(<i32>(rate * 2147483648.0)), factor = all(1 / (1 - rate)), end = skip(x, n);
  for (; x < end; x += 16) {
    s = v128.xor(s, i32x4.shl(s, 13));
    s = v128.xor(s, i32x4.shr_u(s, 17));
    s = v128.xor(s, i32x4.shl(s, 5));
    const kept = v128.and(factor, i32x4.ge_s(i32x4.shr_u(s, 1), least));
    st(mask, kept);
    st(y, times(ld(x), kept));
    mask += 16; y += 16;
  }
  st(state, s);
}

/** o[n] = a[n] b[n], or with `acc` onto o. */
export function multiply(n: i32, a: usize, b: usize, o: usize, acc: i32): void {
  const end = skip(o, n);
  for (; o < end; o += 16) {
    const product = times(ld(a), ld(b));
    st(o, acc ? plus(ld(o), product) : product);
    a += 16; b += 16;
  }
}

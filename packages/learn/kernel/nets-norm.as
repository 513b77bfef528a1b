// Layer norm.

/** What is added to a layer norm's variance, as PyTorch has it. */
const EPSILON: f32 = 1e-5;

/**
 * y = gain (x + r - mean) / deviation + bias along rows. r may be 0: nothing is added. Keeps the normed rows in `normed` and 1 / deviation in `scale`.
 * Dividing by a small deviation makes errors larger, so that what scores reckons in double precision and rounds once.
 */
export function layerNorm(
  rows: i32, columns: i32, width: i32, x: usize, r: usize, gain: usize, bias: usize, normed: usize, scale: usize, y: usize,
): void {
  if (FUSED) layerNormQuick(rows, columns, width, x, r, gain, bias, normed, scale, y);
  else layerNormExact(rows, columns, width, x, r, gain, bias, normed, scale, y);
}

@inline function layerNormQuick(
  rows: i32, columns: i32, width: i32, x: usize, r: usize, gain: usize, bias: usize, normed: usize, scale: usize, y: usize,
): void {
  const count = <f32>columns, whole = columns & ~3, bytes = <usize>whole << 2, rest = within(columns - whole);
  for (let i = 0; i < rows; i++) {
    let sum = all(0), k: usize = 0;
    for (; k < bytes; k += 16) {
      let v = ld(x + k);
      if (r) v = plus(v, ld(r + k));
      st(normed + k, v);
      sum = plus(sum, v);
    }
    if (whole < columns) {
      let v = ld(x + k);
      if (r) v = plus(v, ld(r + k));
      v = v128.and(v, rest);
      st(normed + k, v);
      sum = plus(sum, v);
    }
    const mean = all(sum4(sum) / count);
    sum = all(0);
    for (k = 0; k < bytes; k += 16) {
      const d = minus(ld(normed + k), mean);
      st(normed + k, d);
      sum = mac(sum, d, d);
    }
    if (whole < columns) {
      const d = v128.and(minus(ld(normed + k), mean), rest);
      st(normed + k, d);
      sum = mac(sum, d, d);
    }
    const inverse: f32 = 1 / sqrt(sum4(sum) / count + EPSILON), by = all(inverse), last = <usize>columns << 2;
    store<f32>(scale, inverse);
    for (k = 0; k < last; k += 16) {
      const v = times(ld(normed + k), by);
      st(normed + k, v);
      st(y + k, mac(ld(bias + k), v, ld(gain + k)));
    }
    x = skip(x, width); normed = skip(normed, width); y = skip(y, width); scale += 4;
    if (r) r = skip(r, width);
  }
}

@inline function layerNormExact(
  rows: i32, columns: i32, width: i32, x: usize, r: usize, gain: usize, bias: usize, normed: usize, scale: usize, y: usize,
): void {
  const count = <f64>columns;
  for (let i = 0; i < rows; i++) {
    let sum = f64x2.splat(0);
    for (let j = 0; j < columns; j += 4) {
      let v = ld(skip(x, j));
      if (r) v = plus(v, ld(skip(r, j)));
      v = v128.and(v, within(columns - j));
      st(skip(normed, j), v);
      sum = f64x2.add(sum, f64x2.add(low(v), high(v)));
    }
    const mean = f64x2.splat(sum2(sum) / count);
    sum = f64x2.splat(0);
    for (let j = 0; j < columns; j += 4) {
      const v = ld(skip(normed, j)), mask = within(columns - j);
      const l = v128.and(f64x2.sub(low(v), mean), i64x2.extend_low_i32x4_s(mask));
      const h = v128.and(f64x2.sub(high(v), mean), i64x2.extend_high_i32x4_s(mask));
      sum = f64x2.add(sum, f64x2.add(f64x2.mul(l, l), f64x2.mul(h, h)));
    }
    const inverse: f64 = 1 / sqrt<f64>(sum2(sum) / count + EPSILON);
    store<f32>(scale, <f32>inverse);
    const by = f64x2.splat(inverse);
    for (let j = 0; j < columns; j += 4) {
      const v = ld(skip(normed, j)), g = ld(skip(gain, j)), b = ld(skip(bias, j));
      const l = f64x2.mul(f64x2.sub(low(v), mean), by), h = f64x2.mul(f64x2.sub(high(v), mean), by);
      st(skip(normed, j), v128.and(narrow(l, h), within(columns - j)));
      st(skip(y, j), narrow(f64x2.add(f64x2.mul(l, low(g)), low(b)), f64x2.add(f64x2.mul(h, high(g)), high(b))));
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

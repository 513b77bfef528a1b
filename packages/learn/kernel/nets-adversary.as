// What an attacker does to rows in training: rows of `width` floats, a multiple of four.

/** Works out between what each number can be moved: was - reach and was + reach, and the ends (one row of each) where the number itself lies between them. */
export function bound(rows: i32, width: i32, was: usize, reach: usize, least: usize, most: usize, low: usize, high: usize): void {
  for (let row = 0; row < rows; row++) {
    let r = reach, l = least, m = most;
    const end = skip(was, width);
    for (; was < end; was += 16) {
      const x = ld(was), far = ld(r);
      st(low, larger(minus(x, far), smaller(x, ld(l))));
      st(high, smaller(plus(x, far), larger(x, ld(m))));
      r += 16; l += 16; m += 16; low += 16; high += 16;
    }
  }
}

/** Moves x by a step (one row of them) along the sign of its gradient, up the loss, and back between its bounds. */
export function climb(rows: i32, width: i32, x: usize, g: usize, step: usize, low: usize, high: usize): void {
  const sign = i32x4.splat(0x80000000), zero = all(0);
  for (let row = 0; row < rows; row++) {
    let s = step;
    const end = skip(x, width);
    for (; x < end; x += 16) {
      const slope = ld(g);
      const way = v128.and(v128.or(ld(s), v128.and(slope, sign)), f32x4.ne(slope, zero));
      st(x, smaller(larger(plus(ld(x), way), ld(low)), ld(high)));
      g += 16; s += 16; low += 16; high += 16;
    }
  }
}

/** Puts n numbers to places that are drawn evenly between their bounds. `state` is as dropout's. */
export function scatter(n: i32, x: usize, low: usize, high: usize, state: usize): void {
  let s = ld(state);
  const unit = all(2.3283064365386963e-10), half = all(0.5), end = skip(x, n);
  for (; x < end; x += 16) {
    s = v128.xor(s, i32x4.shl(s, 13));
    s = v128.xor(s, i32x4.shr_u(s, 17));
    s = v128.xor(s, i32x4.shl(s, 5));
    const l = ld(low), h = ld(high);
    const drawn = plus(l, times(plus(times(f32x4.convert_i32x4_s(s), unit), half), minus(h, l)));
    st(x, smaller(larger(drawn, l), h));
    low += 16; high += 16;
  }
  st(state, s);
}

// What an attacker does to rows in training: rows of `width` floats, a multiple of four. `reach`, `least` and `most` are one row each.

/** Between was - reach and was + reach, and between the ends where `was` itself is. */
@inline function reachable(x: v128, was: v128, far: v128, least: v128, most: v128): v128 {
  const low = f32x4.max(minus(was, far), f32x4.min(least, was));
  const high = f32x4.min(plus(was, far), f32x4.max(most, was));
  return f32x4.min(f32x4.max(x, low), high);
}

/** Moves x by `rate` of the reach along the sign of its gradient (up the loss), and brings it back to what can be reached from where it was. */
export function climb(rows: i32, width: i32, rate: f32, x: usize, was: usize, g: usize, reach: usize, least: usize, most: usize): void {
  const zero = all(0), up = all(rate), down = all(-rate);
  for (let row = 0; row < rows; row++) {
    let r = reach, l = least, m = most;
    const end = skip(x, width);
    for (; x < end; x += 16) {
      const slope = ld(g), far = ld(r);
      const way = v128.or(v128.and(f32x4.gt(slope, zero), up), v128.and(f32x4.lt(slope, zero), down));
      st(x, reachable(plus(ld(x), times(way, far)), ld(was), far, ld(l), ld(m)));
      was += 16; g += 16; r += 16; l += 16; m += 16;
    }
  }
}

/** Puts x to a place that is drawn evenly within reach. `state` is as dropout's. */
export function scatter(rows: i32, width: i32, x: usize, was: usize, reach: usize, least: usize, most: usize, state: usize): void {
  let s = ld(state);
  const unit = all(4.6566128730773926e-10);
  for (let row = 0; row < rows; row++) {
    let r = reach, l = least, m = most;
    const end = skip(x, width);
    for (; x < end; x += 16) {
      s = v128.xor(s, i32x4.shl(s, 13));
      s = v128.xor(s, i32x4.shr_u(s, 17));
      s = v128.xor(s, i32x4.shl(s, 5));
      const far = ld(r), old = ld(was);
      st(x, reachable(plus(old, times(times(f32x4.convert_i32x4_s(s), unit), far)), old, far, ld(l), ld(m)));
      was += 16; r += 16; l += 16; m += 16;
    }
  }
  st(state, s);
}

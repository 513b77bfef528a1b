// What the kernels of nets share. Addresses are in bytes, sizes and strides in floats. Rows of activations begin at multiples of four floats: a width that is none
// is rounded up. Values in that padding may be anything finite; gradients and parameters in it are zero, and what sums along a row masks it.

@inline function ld(p: usize): v128 { return v128.load(p); }
@inline function st(p: usize, x: v128): void { v128.store(p, x); }
@inline function all(x: f32): v128 { return f32x4.splat(x); }
@inline function plus(a: v128, b: v128): v128 { return f32x4.add(a, b); }
@inline function minus(a: v128, b: v128): v128 { return f32x4.sub(a, b); }
@inline function times(a: v128, b: v128): v128 { return f32x4.mul(a, b); }

/** Adds the four lanes, always in one order. */
@inline function sum4(x: v128): f32 {
  return (f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1)) + (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3));
}

/** The lanes of which there are still so many. */
@inline function within(left: i32): v128 { return i32x4.gt_s(i32x4.splat(left), i32x4(0, 1, 2, 3)); }

/** Where the floats behind so many begin. */
@inline function skip(p: usize, floats: i32): usize { return p + (<usize>floats << 2); }

/** e to the power of x, after Cephes' expf: within two units of the last place where it does not leave single precision. */
@inline function exponential(given: v128): v128 {
  const x0 = f32x4.min(f32x4.max(given, all(-87)), all(87));
  const n = f32x4.nearest(times(x0, all(1.44269504)));
  // ln 2 in two parts, so that n times the first is exact.
  const x = minus(minus(x0, times(n, all(0.693359375))), times(n, all(-2.12194440e-4)));
  let p = all(1.9875691500e-4);
  p = plus(times(p, x), all(1.3981999507e-3));
  p = plus(times(p, x), all(8.3334519073e-3));
  p = plus(times(p, x), all(4.1665795894e-2));
  p = plus(times(p, x), all(1.6666665459e-1));
  p = plus(times(p, x), all(0.5));
  p = plus(plus(times(times(p, x), x), x), all(1));
  return times(p, i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23));
}

@inline function sigmoid(x: v128): v128 { return f32x4.div(all(1), plus(all(1), exponential(f32x4.neg(x)))); }
@inline function tangent(x: v128): v128 { return minus(times(sigmoid(plus(x, x)), all(2)), all(1)); }

/** The natural logarithm of a number above zero that is no subnormal. Not the library's: that keeps a table in memory, where an arena begins. */
@inline function logarithm(x: f64): f64 {
  const bits = reinterpret<u64>(x);
  let exponent = <f64>(<i64>(bits >> 52) - 1023);
  let mantissa = reinterpret<f64>((bits & 0xfffffffffffff) | 0x3ff0000000000000);
  if (mantissa > 1.4142135623730951) { mantissa *= 0.5; exponent += 1; }
  // log m = 2 artanh s, and |s| is below .172.
  const s = (mantissa - 1) / (mantissa + 1), q = s * s;
  const series = 1 + q * (1.0 / 3 + q * (0.2 + q * (1.0 / 7 + q * (1.0 / 9 + q * (1.0 / 11 + q * (1.0 / 13))))));
  return exponent * 0.6931471805599453 + 2 * s * series;
}

// What the kernels of nets share. Addresses are in bytes, sizes and strides in floats. Rows of activations begin at multiples of four floats: a width that is none
// is rounded up. Values in that padding may be anything finite; gradients and parameters in it are zero, and what sums along a row masks it.

@inline function ld(p: usize): v128 { return v128.load(p); }
@inline function st(p: usize, x: v128): void { v128.store(p, x); }
@inline function all(x: f32): v128 { return f32x4.splat(x); }
@inline function plus(a: v128, b: v128): v128 { return f32x4.add(a, b); }
@inline function minus(a: v128, b: v128): v128 { return f32x4.sub(a, b); }
@inline function times(a: v128, b: v128): v128 { return f32x4.mul(a, b); }

/** sum + a b: rounded twice, or in the build for training once, in one instruction where the processor has it. `FUSED` is put in front by `build-nets.mjs`. */
@inline function mac(sum: v128, a: v128, b: v128): v128 {
  if (FUSED) return f32x4.relaxed_madd(a, b, sum);
  return f32x4.add(sum, f32x4.mul(a, b));
}

/** Whether `mac` rounds once: 2^-24 for 1 + 2^-12, and 0 where it rounds twice. */
export function rounding(x: f32): f32 { return f32x4.extract_lane(mac(all(-1 - 0.00048828125), all(x), all(x)), 0); }

/** Adds the four lanes, always in one order. */
@inline function sum4(x: v128): f32 {
  return (f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1)) + (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3));
}

/** The largest of the four lanes. */
@inline function max4(x: v128): f32 {
  return max(max(f32x4.extract_lane(x, 0), f32x4.extract_lane(x, 1)), max(f32x4.extract_lane(x, 2), f32x4.extract_lane(x, 3)));
}

/** The first and the last two lanes, in double precision; and both, rounded to single precision, in one. */
@inline function low(x: v128): v128 { return f64x2.promote_low_f32x4(x); }
@inline function high(x: v128): v128 { return f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 1)); }
@inline function narrow(l: v128, h: v128): v128 { return v128.shuffle<i64>(f32x4.demote_f64x2_zero(l), f32x4.demote_f64x2_zero(h), 0, 2); }
@inline function sum2(x: v128): f64 { return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1); }

/** Where constants are kept: a processor loads them more quickly than WebAssembly's compilers make them, and these stand in every loop. */
const KEPT: usize = 256;
const HALF = 11, ONE = 12, LANES = 26, EXACT = 27, SERIES = 33;
/** Of the series of e to the power of x in double precision: what is cut off is 2e-13 of it. */
const DEGREE = 10;
@inline function kept(i: i32): v128 { return v128.load(KEPT + (<usize>i << 4)); }
@inline function write(i: i32, x: f32): void { st(KEPT + (<usize>i << 4), all(x)); }
@inline function writeExact(i: i32, x: f64): void { st(KEPT + (<usize>i << 4), f64x2.splat(x)); }

/** Writes the constants, of e to the power of x and then of tanh; to be called once for a memory, before all else. */
export function prepare(): void {
  write(0, -87); write(1, 87); write(2, 12582912); write(3, 1.44269504);
  write(4, -0.693359375); write(5, 2.12194440e-4); write(6, 1.9875691500e-4); write(7, 1.3981999507e-3);
  write(8, 8.3334519073e-3); write(9, 4.1665795894e-2); write(10, 1.6666665459e-1); write(11, 0.5);
  write(12, 1); write(13, -7.90531110763549805); write(14, 7.90531110763549805); write(15, -2.76076847742355e-16);
  write(16, 2.00018790482477e-13); write(17, -8.60467152213735e-11); write(18, 5.12229709037114e-08); write(19, 1.48572235717979e-05);
  write(20, 6.37261928875436e-04); write(21, 4.89352455891786e-03); write(22, 1.19825839466702e-06); write(23, 1.18534705686654e-04);
  write(24, 2.26843463243900e-03); write(25, 4.89352518554385e-03);
  st(KEPT + (LANES << 4), i32x4(0, 1, 2, 3));
  writeExact(EXACT, -80); writeExact(EXACT + 1, 6755399441055744); writeExact(EXACT + 2, 1.4426950408889634);
  writeExact(EXACT + 3, -0.6931471803691238); writeExact(EXACT + 4, -1.9082149292705877e-10); writeExact(EXACT + 5, 1);
  writeExact(SERIES, 1.0 / 3628800); writeExact(SERIES + 1, 1.0 / 362880); writeExact(SERIES + 2, 1.0 / 40320); writeExact(SERIES + 3, 1.0 / 5040);
  writeExact(SERIES + 4, 1.0 / 720); writeExact(SERIES + 5, 1.0 / 120); writeExact(SERIES + 6, 1.0 / 24); writeExact(SERIES + 7, 1.0 / 6);
  writeExact(SERIES + 8, 0.5); writeExact(SERIES + 9, 1);
}

/** The lanes of which there are still so many. */
@inline function within(left: i32): v128 { return i32x4.gt_s(i32x4.splat(left), kept(LANES)); }

/** Where the floats behind so many begin. */
@inline function skip(p: usize, floats: i32): usize { return p + (<usize>floats << 2); }

/**
 * The smaller and the larger, one instruction each where WebAssembly's own min and max take several: NaN in the first stays, and decides nothing in the second.
 */
@inline function smaller(x: v128, most: v128): v128 { return f32x4.pmin(x, most); }
@inline function larger(x: v128, least: v128): v128 { return f32x4.pmax(x, least); }

/** Zero for what is too small to matter: processors take a hundred times as long over numbers near the end of their range. */
@inline function flush(x: v128): v128 { return v128.andnot(x, f32x4.lt(f32x4.abs(x), all(TINY))); }
const TINY: f32 = 1e-16;

/** e to the power of x, after Cephes' expf: within two units of the last place where it does not leave single precision. */
@inline function exponential(given: v128): v128 {
  const x0 = smaller(larger(given, kept(0)), kept(1));
  // Adding 1.5 * 2^23 rounds to whole numbers, which then stand in the lowest bits.
  const shifted = mac(kept(2), x0, kept(3)), n = minus(shifted, kept(2));
  // ln 2 in two parts, so that n times the first is exact.
  const x = mac(mac(x0, n, kept(4)), n, kept(5));
  let p = kept(6);
  p = mac(kept(7), p, x);
  p = mac(kept(8), p, x);
  p = mac(kept(9), p, x);
  p = mac(kept(10), p, x);
  p = mac(kept(HALF), p, x);
  p = plus(mac(x, times(p, x), x), kept(ONE));
  return times(p, i32x4.add(i32x4.shl(shifted, 23), kept(ONE)));
}

/** e to the power of x from -80 to 88, in double precision, so that what is rounded to single precision is as good as exact. */
@inline function exponentialExact(given: v128): v128 {
  const x0 = f64x2.pmax(given, kept(EXACT));
  const shifted = f64x2.add(f64x2.mul(x0, kept(EXACT + 2)), kept(EXACT + 1)), n = f64x2.sub(shifted, kept(EXACT + 1));
  const x = f64x2.add(f64x2.add(x0, f64x2.mul(n, kept(EXACT + 3))), f64x2.mul(n, kept(EXACT + 4)));
  let p = kept(SERIES);
  for (let k = 1; k < DEGREE; k++) p = f64x2.add(f64x2.mul(p, x), kept(SERIES + k));
  p = f64x2.add(f64x2.mul(p, x), kept(EXACT + 5));
  return f64x2.mul(p, i64x2.add(i64x2.shl(shifted, 52), kept(EXACT + 5)));
}

/** tanh, by the quotient of polynomials that Eigen and TensorFlow use: within a few units of the last place. */
@inline function tangent(given: v128): v128 {
  const x = smaller(larger(given, kept(13)), kept(14));
  const q = times(x, x);
  let p = kept(15);
  p = mac(kept(16), p, q);
  p = mac(kept(17), p, q);
  p = mac(kept(18), p, q);
  p = mac(kept(19), p, q);
  p = mac(kept(20), p, q);
  p = mac(kept(21), p, q);
  let d = kept(22);
  d = mac(kept(23), d, q);
  d = mac(kept(24), d, q);
  d = mac(kept(25), d, q);
  return f32x4.div(times(x, p), d);
}

@inline function sigmoid(x: v128): v128 { return mac(kept(HALF), kept(HALF), tangent(times(x, kept(HALF)))); }

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

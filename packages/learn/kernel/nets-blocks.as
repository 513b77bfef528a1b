// Blocks of floats added, repeated, copied and gathered. n is a multiple of four.

/** o[n] = a[n] + b[n]. */
export function add(n: i32, a: usize, b: usize, o: usize): void {
  const end = skip(o, n);
  for (; o < end; o += 16) { st(o, plus(ld(a), ld(b))); a += 16; b += 16; }
}

/** o[n] = a[n], or with `acc` onto o. */
export function pass(n: i32, a: usize, o: usize, acc: i32): void {
  if (acc) add(n, a, o, o);
  else memory.copy(o, a, <usize>n << 2);
}

/** o[n] = -a[n], or with `acc` onto o. */
export function negate(n: i32, a: usize, o: usize, acc: i32): void {
  const end = skip(o, n);
  for (; o < end; o += 16) {
    st(o, acc ? minus(ld(o), ld(a)) : f32x4.neg(ld(a)));
    a += 16;
  }
}

/** o = x + a, where the block a[n] is added to each of `times` blocks of x. */
export function addRepeated(count: i32, n: i32, x: usize, a: usize, o: usize): void {
  for (let i = 0; i < count; i++) add(n, skip(x, i * n), a, skip(o, i * n));
}

/** The block a[n], so many times. */
export function repeat(count: i32, n: i32, a: usize, o: usize): void {
  for (let i = 0; i < count; i++) memory.copy(skip(o, i * n), a, <usize>n << 2);
}

/** o[n] = the sum of so many blocks of x, or with `acc` onto o. */
export function sumRepeated(count: i32, n: i32, x: usize, o: usize, acc: i32): void {
  for (let i = 0; i < count; i++) pass(n, skip(x, i * n), o, i > 0 ? 1 : acc);
}

/** Rows of `columns` floats from rows `ldx` apart to rows `ldo` apart. */
export function copyRows(rows: i32, columns: i32, x: usize, ldx: i32, o: usize, ldo: i32, acc: i32): void {
  for (let i = 0; i < rows; i++) pass(columns, skip(x, i * ldx), skip(o, i * ldo), acc);
}

export function zero(n: i32, o: usize): void { memory.fill(o, 0, <usize>n << 2); }

/**
 * Copies samples of `steps` rows of `columns` floats from `from` into rows of `width`: step t of sample i to the row i * sampleRows + t * stepRows. Samples begin at
 * `offsets`, in floats.
 */
export function gather(
  count: i32, offsets: usize, from: usize, steps: i32, columns: i32, width: i32, sampleRows: i32, stepRows: i32, to: usize,
): void {
  for (let i = 0; i < count; i++) {
    let p = from + (<usize>load<u32>(offsets + (<usize>i << 2)) << 2);
    for (let t = 0; t < steps; t++) {
      const q = skip(to, (i * sampleRows + t * stepRows) * width);
      let j = 0;
      for (; j + 4 <= columns; j += 4) st(skip(q, j), ld(skip(p, j)));
      for (; j < columns; j++) store<f32>(skip(q, j), load<f32>(skip(p, j)));
      for (; j < width; j++) store<f32>(skip(q, j), 0);
      p = skip(p, columns);
    }
  }
}

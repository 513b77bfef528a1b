// Dense layers: y = act(x W + b), x[M, K], W[K, N], b[N]. Activations: 0 none, 1 ReLU, 2 tanh, 3 sigmoid.

/** Rows that are taken at once, so that a layer's gradients stay in the nearest cache between the passes over them. */
const CHUNK = 64;

/** y[n] = act(y[n]). */
export function activate(n: i32, y: usize, act: i32): void {
  const end = skip(y, n);
  if (act == 1) for (; y < end; y += 16) st(y, larger(ld(y), all(0)));
  else if (act == 2) for (; y < end; y += 16) st(y, tangent(ld(y)));
  else if (act == 3) for (; y < end; y += 16) st(y, sigmoid(ld(y)));
}

/** The layer's weights may be some columns of more, `ldw` wide. */
export function dense(M: i32, N: i32, K: i32, x: usize, ldx: i32, w: usize, ldw: i32, b: usize, y: usize, act: i32): void {
  if (act == 1) product(M, N, K, x, ldx, 1, w, ldw, y, N, 0, b, true);
  else {
    gemm(M, N, K, x, ldx, 1, w, ldw, y, N, 0, b);
    if (act) activate(M * N, y, act);
  }
}

/** The gradient d of y = act(x), turned into that of x. */
@inline function bend(d: v128, y: v128, act: i32): v128 {
  if (act == 1) return v128.and(d, f32x4.gt(y, all(0)));
  if (act == 2) return times(d, minus(kept(ONE), times(y, y)));
  if (act == 3) return times(d, times(y, minus(kept(ONE), y)));
  return d;
}

@inline function bendAll(M: i32, N: i32, y: usize, g: usize, act: i32, db: usize): void {
  const step = <usize>N << 2;
  let j = 0;
  for (; j + 16 <= N; j += 16) {
    let p = skip(y, j), q = skip(g, j), s0 = all(0), s1 = s0, s2 = s0, s3 = s0;
    for (let i = 0; i < M; i++) {
      const a = bend(ld(q), ld(p), act), b = bend(v128.load(q, 16), v128.load(p, 16), act);
      const c = bend(v128.load(q, 32), v128.load(p, 32), act), d = bend(v128.load(q, 48), v128.load(p, 48), act);
      if (act) { st(q, a); v128.store(q, b, 16); v128.store(q, c, 32); v128.store(q, d, 48); }
      s0 = plus(s0, a); s1 = plus(s1, b); s2 = plus(s2, c); s3 = plus(s3, d);
      p += step; q += step;
    }
    if (db) {
      const o = skip(db, j);
      st(o, plus(ld(o), s0)); v128.store(o, plus(v128.load(o, 16), s1), 16);
      v128.store(o, plus(v128.load(o, 32), s2), 32); v128.store(o, plus(v128.load(o, 48), s3), 48);
    }
  }
  for (; j < N; j += 4) {
    let p = skip(y, j), q = skip(g, j), sum = all(0);
    for (let i = 0; i < M; i++) {
      const a = bend(ld(q), ld(p), act);
      if (act) st(q, a);
      sum = plus(sum, a);
      p += step; q += step;
    }
    if (db) st(skip(db, j), plus(ld(skip(db, j)), sum));
  }
}

/** g[M, N] times the activation's slope at y, in place; and, where there is a `db`, its columns' sums onto that. */
function activateBack(M: i32, N: i32, y: usize, g: usize, act: i32, db: usize): void {
  if (act == 0) bendAll(M, N, y, g, 0, db);
  else if (act == 1) bendAll(M, N, y, g, 1, db);
  else if (act == 2) bendAll(M, N, y, g, 2, db);
  else bendAll(M, N, y, g, 3, db);
}

/**
 * The gradients of a dense layer from that of y, which is overwritten: onto dw and db (0: parameters stand still), and into or, with `acc`, onto dx (0: none).
 * `wt` has room for N rows of K, rounded up; with 2 in `acc` it holds W transposed already.
 */
export function denseBack(
  M: i32, N: i32, K: i32, x: usize, ldx: i32, w: usize, ldw: i32, y: usize, g: usize, act: i32,
  dw: usize, db: usize, dx: usize, acc: i32, wt: usize,
): void {
  if (dx && (acc & 2) == 0) transpose(K, N, w, ldw, wt, ldx);
  for (let i = 0; i < M; i += CHUNK) {
    const m = min(CHUNK, M - i);
    if (act || db) activateBack(m, N, y, g, act, db);
    if (dw) outer(m, N, K, x, ldx, g, N, dw, ldw);
    if (dx) {
      gemm(m, ldx, N, g, N, 1, wt, ldx, dx, ldx, acc & 1, 0);
      dx = skip(dx, m * ldx);
    }
    x = skip(x, m * ldx); y = skip(y, m * N); g = skip(g, m * N);
  }
}

/**
 * One sample through a stack of dense layers. Each takes six words of the table: N, K, where its weights, its bias and its output lie, its activation. Returns
 * where the last output lies.
 */
export function chain(count: i32, table: usize, x: usize): usize {
  for (let i = 0; i < count; i++) {
    const N = load<i32>(table), y = <usize>load<u32>(table, 16);
    row(N, load<i32>(table, 4), x, 4, <usize>load<u32>(table, 8), <usize>N << 2, y, 0, <usize>load<u32>(table, 12));
    activate(N, y, load<i32>(table, 20));
    x = y;
    table += 24;
  }
  return x;
}

/** The mean squared difference between one sample and what comes out of the stack. */
export function chainError(count: i32, table: usize, x: usize, columns: i32): f32 {
  return rowError(columns, x, chain(count, table, x)) / <f32>columns;
}

/** The sum of the squared differences of two rows. */
@inline function rowError(columns: i32, a: usize, b: usize): f32 {
  let sum = all(0);
  for (let j = 0; j < columns; j += 4) {
    const d = v128.and(minus(ld(skip(a, j)), ld(skip(b, j))), within(columns - j));
    sum = plus(sum, times(d, d));
  }
  return sum4(sum);
}

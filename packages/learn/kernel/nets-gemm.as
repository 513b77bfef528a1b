// Matrix products, six or four rows by eight columns at a time. N is a multiple of four everywhere; M and K are any.

/**
 * C[M, N] = A[M, K] B[K, N], onto what was in C (`acc`) and with a bias[N] (0: none). A's rows are `ra` apart and its columns `ca`, so that a transposed A needs
 * no copy. Products are added one after the other and the bias last, which is how onnxruntime sums a MatMul and an Add: the same bits come out there.
 */
export function gemm(
  M: i32, N: i32, K: i32, A: usize, ra: i32, ca: i32, B: usize, ldb: i32, C: usize, ldc: i32, acc: i32, bias: usize,
): void {
  product(M, N, K, A, ra, ca, B, ldb, C, ldc, acc, bias, false);
}

/** With `relu`, what comes out below zero is zero. */
@inline function product(
  M: i32, N: i32, K: i32, A: usize, ra: i32, ca: i32, B: usize, ldb: i32, C: usize, ldc: i32, acc: i32, bias: usize, relu: bool,
): void {
  const r1 = <usize>ra << 2, r2 = r1 << 1, r3 = r1 + r2, r4 = r2 << 1, r5 = r4 + r1, c1 = <usize>ca << 2, lb = <usize>ldb << 2, lc = <usize>ldc << 2;
  let i = 0;
  for (; i + 6 <= M; i += 6) {
    let j = 0, c = C;
    for (; j + 8 <= N; j += 8) {
      let x00 = all(0), x01 = x00, x10 = x00, x11 = x00, x20 = x00, x21 = x00, x30 = x00, x31 = x00, x40 = x00, x41 = x00, x50 = x00, x51 = x00;
      if (acc) {
        let d = c;
        x00 = ld(d); x01 = v128.load(d, 16); d += lc;
        x10 = ld(d); x11 = v128.load(d, 16); d += lc;
        x20 = ld(d); x21 = v128.load(d, 16); d += lc;
        x30 = ld(d); x31 = v128.load(d, 16); d += lc;
        x40 = ld(d); x41 = v128.load(d, 16); d += lc;
        x50 = ld(d); x51 = v128.load(d, 16);
      }
      let a = A, b = skip(B, j);
      for (let k = 0; k < K; k++) {
        const b0 = ld(b), b1 = v128.load(b, 16);
        let s = v128.load_splat<f32>(a);
        x00 = mac(x00, s, b0); x01 = mac(x01, s, b1);
        s = v128.load_splat<f32>(a + r1);
        x10 = mac(x10, s, b0); x11 = mac(x11, s, b1);
        s = v128.load_splat<f32>(a + r2);
        x20 = mac(x20, s, b0); x21 = mac(x21, s, b1);
        s = v128.load_splat<f32>(a + r3);
        x30 = mac(x30, s, b0); x31 = mac(x31, s, b1);
        s = v128.load_splat<f32>(a + r4);
        x40 = mac(x40, s, b0); x41 = mac(x41, s, b1);
        s = v128.load_splat<f32>(a + r5);
        x50 = mac(x50, s, b0); x51 = mac(x51, s, b1);
        a += c1; b += lb;
      }
      if (bias) {
        const l = ld(skip(bias, j)), r = v128.load(skip(bias, j), 16);
        x00 = plus(x00, l); x01 = plus(x01, r);
        x10 = plus(x10, l); x11 = plus(x11, r);
        x20 = plus(x20, l); x21 = plus(x21, r);
        x30 = plus(x30, l); x31 = plus(x31, r);
        x40 = plus(x40, l); x41 = plus(x41, r);
        x50 = plus(x50, l); x51 = plus(x51, r);
      }
      if (relu) {
        x00 = larger(x00, all(0)); x01 = larger(x01, all(0));
        x10 = larger(x10, all(0)); x11 = larger(x11, all(0));
        x20 = larger(x20, all(0)); x21 = larger(x21, all(0));
        x30 = larger(x30, all(0)); x31 = larger(x31, all(0));
        x40 = larger(x40, all(0)); x41 = larger(x41, all(0));
        x50 = larger(x50, all(0)); x51 = larger(x51, all(0));
      }
      let d = c;
      st(d, x00); v128.store(d, x01, 16); d += lc;
      st(d, x10); v128.store(d, x11, 16); d += lc;
      st(d, x20); v128.store(d, x21, 16); d += lc;
      st(d, x30); v128.store(d, x31, 16); d += lc;
      st(d, x40); v128.store(d, x41, 16); d += lc;
      st(d, x50); v128.store(d, x51, 16);
      c += 32;
    }
    if (j < N) {
      let x0 = all(0), x1 = x0, x2 = x0, x3 = x0, x4 = x0, x5 = x0;
      if (acc) {
        let d = c;
        x0 = ld(d); d += lc;
        x1 = ld(d); d += lc;
        x2 = ld(d); d += lc;
        x3 = ld(d); d += lc;
        x4 = ld(d); d += lc;
        x5 = ld(d);
      }
      let a = A, b = skip(B, j);
      for (let k = 0; k < K; k++) {
        const b0 = ld(b);
        x0 = mac(x0, v128.load_splat<f32>(a), b0);
        x1 = mac(x1, v128.load_splat<f32>(a + r1), b0);
        x2 = mac(x2, v128.load_splat<f32>(a + r2), b0);
        x3 = mac(x3, v128.load_splat<f32>(a + r3), b0);
        x4 = mac(x4, v128.load_splat<f32>(a + r4), b0);
        x5 = mac(x5, v128.load_splat<f32>(a + r5), b0);
        a += c1; b += lb;
      }
      if (bias) { const l = ld(skip(bias, j)); x0 = plus(x0, l); x1 = plus(x1, l); x2 = plus(x2, l); x3 = plus(x3, l); x4 = plus(x4, l); x5 = plus(x5, l); }
      if (relu) { x0 = larger(x0, all(0)); x1 = larger(x1, all(0)); x2 = larger(x2, all(0)); x3 = larger(x3, all(0)); x4 = larger(x4, all(0)); x5 = larger(x5, all(0)); }
      let d = c;
      st(d, x0); d += lc;
      st(d, x1); d += lc;
      st(d, x2); d += lc;
      st(d, x3); d += lc;
      st(d, x4); d += lc;
      st(d, x5);
    }
    A += 6 * r1; C += 6 * lc;
  }
  for (; i + 4 <= M; i += 4) {
    let j = 0, c = C;
    for (; j + 8 <= N; j += 8) {
      let x00 = all(0), x01 = x00, x10 = x00, x11 = x00, x20 = x00, x21 = x00, x30 = x00, x31 = x00;
      if (acc) {
        let d = c;
        x00 = ld(d); x01 = v128.load(d, 16); d += lc;
        x10 = ld(d); x11 = v128.load(d, 16); d += lc;
        x20 = ld(d); x21 = v128.load(d, 16); d += lc;
        x30 = ld(d); x31 = v128.load(d, 16);
      }
      let a = A, b = skip(B, j);
      for (let k = 0; k < K; k++) {
        const b0 = ld(b), b1 = v128.load(b, 16);
        let s = v128.load_splat<f32>(a);
        x00 = mac(x00, s, b0); x01 = mac(x01, s, b1);
        s = v128.load_splat<f32>(a + r1);
        x10 = mac(x10, s, b0); x11 = mac(x11, s, b1);
        s = v128.load_splat<f32>(a + r2);
        x20 = mac(x20, s, b0); x21 = mac(x21, s, b1);
        s = v128.load_splat<f32>(a + r3);
        x30 = mac(x30, s, b0); x31 = mac(x31, s, b1);
        a += c1; b += lb;
      }
      if (bias) {
        const l = ld(skip(bias, j)), r = v128.load(skip(bias, j), 16);
        x00 = plus(x00, l); x01 = plus(x01, r);
        x10 = plus(x10, l); x11 = plus(x11, r);
        x20 = plus(x20, l); x21 = plus(x21, r);
        x30 = plus(x30, l); x31 = plus(x31, r);
      }
      if (relu) {
        x00 = larger(x00, all(0)); x01 = larger(x01, all(0));
        x10 = larger(x10, all(0)); x11 = larger(x11, all(0));
        x20 = larger(x20, all(0)); x21 = larger(x21, all(0));
        x30 = larger(x30, all(0)); x31 = larger(x31, all(0));
      }
      let d = c;
      st(d, x00); v128.store(d, x01, 16); d += lc;
      st(d, x10); v128.store(d, x11, 16); d += lc;
      st(d, x20); v128.store(d, x21, 16); d += lc;
      st(d, x30); v128.store(d, x31, 16);
      c += 32;
    }
    if (j < N) {
      let x0 = all(0), x1 = x0, x2 = x0, x3 = x0;
      if (acc) {
        let d = c;
        x0 = ld(d); d += lc;
        x1 = ld(d); d += lc;
        x2 = ld(d); d += lc;
        x3 = ld(d);
      }
      let a = A, b = skip(B, j);
      for (let k = 0; k < K; k++) {
        const b0 = ld(b);
        x0 = mac(x0, v128.load_splat<f32>(a), b0);
        x1 = mac(x1, v128.load_splat<f32>(a + r1), b0);
        x2 = mac(x2, v128.load_splat<f32>(a + r2), b0);
        x3 = mac(x3, v128.load_splat<f32>(a + r3), b0);
        a += c1; b += lb;
      }
      if (bias) { const l = ld(skip(bias, j)); x0 = plus(x0, l); x1 = plus(x1, l); x2 = plus(x2, l); x3 = plus(x3, l); }
      if (relu) { x0 = larger(x0, all(0)); x1 = larger(x1, all(0)); x2 = larger(x2, all(0)); x3 = larger(x3, all(0)); }
      let d = c;
      st(d, x0); d += lc;
      st(d, x1); d += lc;
      st(d, x2); d += lc;
      st(d, x3);
    }
    A += 4 * r1; C += 4 * lc;
  }
  for (; i < M; i++) {
    row(N, K, A, c1, B, lb, C, acc, bias);
    if (relu) activate(N, C, 1);
    A += r1; C += lc;
  }
}

/** W[K, N] += X[M, K] transposed times G[M, N]. */
@inline function outer(M: i32, N: i32, K: i32, x: usize, ldx: i32, g: usize, ldg: i32, w: usize, ldw: i32): void {
  gemm(K, N, M, x, 1, ldx, g, ldg, w, ldw, 1, 0);
}

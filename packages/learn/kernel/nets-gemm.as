// Matrix products. N is a multiple of four everywhere; M and K are any.

/** One row of `product`, summed in the order in which many rows are, so that one sample and a batch give the same bits. */
@inline function row(N: i32, K: i32, a: usize, ca: usize, B: usize, lb: usize, c: usize, acc: i32, bias: usize): void {
  let j = 0;
  for (; j + 32 <= N; j += 32) {
    let x0 = all(0), x1 = x0, x2 = x0, x3 = x0, x4 = x0, x5 = x0, x6 = x0, x7 = x0;
    if (acc) {
      x0 = ld(c); x1 = v128.load(c, 16); x2 = v128.load(c, 32); x3 = v128.load(c, 48);
      x4 = v128.load(c, 64); x5 = v128.load(c, 80); x6 = v128.load(c, 96); x7 = v128.load(c, 112);
    }
    let p = a, b = skip(B, j);
    for (let k = 0; k < K; k++) {
      const s = v128.load_splat<f32>(p);
      x0 = mac(x0, s, ld(b)); x1 = mac(x1, s, v128.load(b, 16));
      x2 = mac(x2, s, v128.load(b, 32)); x3 = mac(x3, s, v128.load(b, 48));
      x4 = mac(x4, s, v128.load(b, 64)); x5 = mac(x5, s, v128.load(b, 80));
      x6 = mac(x6, s, v128.load(b, 96)); x7 = mac(x7, s, v128.load(b, 112));
      p += ca; b += lb;
    }
    if (bias) {
      const o = skip(bias, j);
      x0 = plus(x0, ld(o)); x1 = plus(x1, v128.load(o, 16)); x2 = plus(x2, v128.load(o, 32)); x3 = plus(x3, v128.load(o, 48));
      x4 = plus(x4, v128.load(o, 64)); x5 = plus(x5, v128.load(o, 80)); x6 = plus(x6, v128.load(o, 96)); x7 = plus(x7, v128.load(o, 112));
    }
    st(c, x0); v128.store(c, x1, 16); v128.store(c, x2, 32); v128.store(c, x3, 48);
    v128.store(c, x4, 64); v128.store(c, x5, 80); v128.store(c, x6, 96); v128.store(c, x7, 112);
    c += 128;
  }
  for (; j + 16 <= N; j += 16) {
    let x0 = all(0), x1 = x0, x2 = x0, x3 = x0;
    if (acc) { x0 = ld(c); x1 = v128.load(c, 16); x2 = v128.load(c, 32); x3 = v128.load(c, 48); }
    let p = a, b = skip(B, j);
    for (let k = 0; k < K; k++) {
      const s = v128.load_splat<f32>(p);
      x0 = mac(x0, s, ld(b)); x1 = mac(x1, s, v128.load(b, 16));
      x2 = mac(x2, s, v128.load(b, 32)); x3 = mac(x3, s, v128.load(b, 48));
      p += ca; b += lb;
    }
    if (bias) {
      const o = skip(bias, j);
      x0 = plus(x0, ld(o)); x1 = plus(x1, v128.load(o, 16)); x2 = plus(x2, v128.load(o, 32)); x3 = plus(x3, v128.load(o, 48));
    }
    st(c, x0); v128.store(c, x1, 16); v128.store(c, x2, 32); v128.store(c, x3, 48);
    c += 64;
  }
  for (; j < N; j += 4) {
    let x = acc ? ld(c) : all(0);
    let p = a, b = skip(B, j);
    for (let k = 0; k < K; k++) { x = mac(x, v128.load_splat<f32>(p), ld(b)); p += ca; b += lb; }
    if (bias) x = plus(x, ld(skip(bias, j)));
    st(c, x);
    c += 16;
  }
}

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

/** B[columns, ldb] = the transpose of A[rows, columns]; what is left of a row of B is zero. */
export function transpose(rows: i32, columns: i32, A: usize, lda: i32, B: usize, ldb: i32): void {
  const la = <usize>lda << 2, lb = <usize>ldb << 2;
  let i = 0;
  for (; i < rows; i += 4) {
    const left = rows - i;
    let j = 0;
    if (left >= 4) for (; j + 4 <= columns; j += 4) {
      const p = A + <usize>i * la + (<usize>j << 2), q = B + <usize>j * lb + (<usize>i << 2);
      const a = ld(p), b = ld(p + la), c = ld(p + 2 * la), d = ld(p + 3 * la);
      const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5), cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
      const ef = v128.shuffle<f32>(a, b, 2, 6, 3, 7), gh = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
      st(q, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5)); st(q + lb, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
      st(q + 2 * lb, v128.shuffle<f32>(ef, gh, 0, 1, 4, 5)); st(q + 3 * lb, v128.shuffle<f32>(ef, gh, 2, 3, 6, 7));
    }
    for (; j < columns; j++) for (let r = 0; r < 4; r++) {
      const value: f32 = r < left ? load<f32>(A + <usize>(i + r) * la + (<usize>j << 2)) : 0;
      store<f32>(B + <usize>j * lb + (<usize>(i + r) << 2), value);
    }
  }
}

/** W[K, N] += X[M, K] transposed times G[M, N]. */
@inline function outer(M: i32, N: i32, K: i32, x: usize, ldx: i32, g: usize, ldg: i32, w: usize, ldw: i32): void {
  gemm(K, N, M, x, 1, ldx, g, ldg, w, ldw, 1, 0);
}

/** o[N] += the sums of G's columns. */
function sumColumns(M: i32, N: i32, G: usize, ldg: i32, o: usize): void {
  const step = <usize>ldg << 2;
  for (let j = 0; j < N; j += 4) {
    let x = ld(skip(o, j)), p = skip(G, j);
    for (let i = 0; i < M; i++) { x = plus(x, ld(p)); p += step; }
    st(skip(o, j), x);
  }
}

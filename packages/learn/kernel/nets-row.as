// One row of a matrix product, for single samples and for what tiles of rows leave.

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

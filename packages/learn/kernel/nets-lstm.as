// The LSTM, laid out as the GRU is; h and c both have the state before first. Gates stand as PyTorch has them: input, forget, cell, output.

@inline function lstmCell(B: i32, H: i32, g: usize, cp: usize, c: usize, tc: usize, h: usize): void {
  const w = <usize>H << 2;
  for (let k = 0; k < B; k++) {
    for (let j: usize = 0; j < w; j += 16) {
      const i = sigmoid(ld(g + j)), f = sigmoid(ld(g + w + j)), n = tangent(ld(g + 2 * w + j)), o = sigmoid(ld(g + 3 * w + j));
      const cell = plus(times(f, ld(cp + j)), times(i, n)), bent = tangent(cell);
      st(g + j, i); st(g + w + j, f); st(g + 2 * w + j, n); st(g + 3 * w + j, o);
      st(c + j, cell); st(tc + j, bent); st(h + j, times(o, bent));
    }
    g += 4 * w; cp += w; c += w; tc += w; h += w;
  }
}

/** g[T, B, 4 H], c[T + 1, B, H] and tc[T, B, H], the cells' tanh, keep what the way back needs. */
export function lstm(
  T: i32, B: i32, I: i32, units: i32, H: i32, x: usize, ldx: i32, wx: usize, b: usize, wh: usize,
  g: usize, c: usize, tc: usize, h: usize, fresh: i32,
): void {
  const G = 4 * H, bytes = <usize>(B * H) << 2;
  if (fresh) { memory.fill(h, 0, bytes); memory.fill(c, 0, bytes); }
  gemm(T * B, G, I, x, ldx, 1, wx, G, g, G, 0, b);
  for (let t = 0; t < T; t++) {
    gemm(B, G, units, h, H, 1, wh, G, g, G, 1, 0);
    lstmCell(B, H, g, c, c + bytes, tc, h + bytes);
    g = skip(g, B * G); c += bytes; tc += bytes; h += bytes;
  }
}

@inline function lstmCellBack(B: i32, H: i32, g: usize, cp: usize, tc: usize, dy: usize, dh: usize, dc: usize): void {
  const w = <usize>H << 2, one = kept(ONE);
  for (let k = 0; k < B; k++) {
    for (let j: usize = 0; j < w; j += 16) {
      const i = ld(g + j), f = ld(g + w + j), n = ld(g + 2 * w + j), o = ld(g + 3 * w + j), bent = ld(tc + j);
      let d = ld(dh + j);
      if (dy) d = plus(d, ld(dy + j));
      d = flush(d);
      const cell = plus(ld(dc + j), times(times(d, o), minus(one, times(bent, bent))));
      st(g + j, times(times(cell, n), times(i, minus(one, i))));
      st(g + w + j, times(times(cell, ld(cp + j)), times(f, minus(one, f))));
      st(g + 2 * w + j, times(times(cell, i), minus(one, times(n, n))));
      st(g + 3 * w + j, times(times(d, bent), times(o, minus(one, o))));
      st(dc + j, times(cell, f));
    }
    g += 4 * w; cp += w; tc += w; dh += w; dc += w;
    if (dy) dy += w;
  }
}

/** The way back, as that of a GRU. `dc` has room for [B, H], `wt` for [4 H, max(H, ldx)]. */
export function lstmBack(
  T: i32, B: i32, I: i32, units: i32, H: i32, x: usize, ldx: i32, wx: usize, wh: usize, g: usize, c: usize, tc: usize, h: usize,
  dy: usize, steps: i32, dwx: usize, db: usize, dwh: usize, dx: usize, acc: i32, dh: usize, dc: usize, wt: usize,
): void {
  const G = 4 * H, BH = B * H;
  memory.fill(dc, 0, <usize>BH << 2);
  if (steps) memory.fill(dh, 0, <usize>BH << 2);
  else memory.copy(dh, dy, <usize>BH << 2);
  transpose(units, G, wh, G, wt, H);
  for (let t = T - 1; t >= 0; t--) {
    const gt = skip(g, t * B * G), ht = skip(h, t * BH);
    lstmCellBack(B, H, gt, skip(c, t * BH), skip(tc, t * BH), steps ? skip(dy, t * BH) : 0, dh, dc);
    gemm(B, H, G, gt, G, 1, wt, H, dh, H, 0, 0);
    if (dwx) {
      outer(B, G, I, skip(x, t * B * ldx), ldx, gt, G, dwx, G);
      outer(B, G, units, ht, H, gt, G, dwh, G);
      sumColumns(B, G, gt, G, db);
    }
  }
  if (dx) {
    transpose(I, G, wx, G, wt, ldx);
    gemm(T * B, ldx, G, g, G, 1, wt, ldx, dx, ldx, acc, 0);
  }
}

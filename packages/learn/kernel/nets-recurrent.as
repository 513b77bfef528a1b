// GRU and LSTM over whole sequences, time first: x[T, B, I], h[T + 1, B, H], of which the first is the state before. `units` is how many of H are not padding.
// Gates stand as PyTorch has them: reset, update, new; and input, forget, cell, output. A GRU's reset works on the new gate's product of h, bias and all.

/** From a step's gates, before they are gates, and u = h W + bn: the gates, in place, and the next h. */
@inline function gruCell(B: i32, H: i32, g: usize, u: usize, hp: usize, h: usize): void {
  const w = <usize>H << 2;
  for (let i = 0; i < B; i++) {
    for (let j: usize = 0; j < w; j += 16) {
      const r = sigmoid(ld(g + j)), z = sigmoid(ld(g + w + j));
      const n = tangent(plus(ld(g + 2 * w + j), times(r, ld(u + j))));
      st(g + j, r); st(g + w + j, z); st(g + 2 * w + j, n);
      st(h + j, plus(n, times(z, minus(ld(hp + j), n))));
    }
    g += 3 * w; u += w; hp += w; h += w;
  }
}

/** g[T, B, 3 H] and u[T, B, H] keep what the way back needs. `fresh`: the state before is zero, and written here. */
export function gru(
  T: i32, B: i32, I: i32, units: i32, H: i32, x: usize, ldx: i32, wx: usize, b: usize, wh: usize, bn: usize,
  g: usize, u: usize, h: usize, fresh: i32,
): void {
  const G = 3 * H;
  if (fresh) memory.fill(h, 0, <usize>(B * H) << 2);
  gemm(T * B, G, I, x, ldx, 1, wx, G, g, G, 0, b);
  for (let t = 0; t < T; t++) {
    gemm(B, 2 * H, units, h, H, 1, wh, G, g, G, 1, 0);
    gemm(B, H, units, h, H, 1, skip(wh, 2 * H), G, u, H, 0, bn);
    const next = skip(h, B * H);
    gruCell(B, H, g, u, h, next);
    g = skip(g, B * G); u = skip(u, B * H); h = next;
  }
}

/** Turns gates into their gradients, u into that of the new gate's product, and the gradient of h into the part of it that passes straight on. */
@inline function gruCellBack(B: i32, H: i32, g: usize, u: usize, hp: usize, dy: usize, dh: usize): void {
  const w = <usize>H << 2, one = kept(ONE);
  for (let i = 0; i < B; i++) {
    for (let j: usize = 0; j < w; j += 16) {
      const r = ld(g + j), z = ld(g + w + j), n = ld(g + 2 * w + j);
      let d = ld(dh + j);
      if (dy) d = plus(d, ld(dy + j));
      d = flush(d);
      const dn = times(times(d, minus(one, z)), minus(one, times(n, n)));
      st(g + j, times(times(dn, ld(u + j)), times(r, minus(one, r))));
      st(g + w + j, times(times(d, minus(ld(hp + j), n)), times(z, minus(one, z))));
      st(g + 2 * w + j, dn);
      st(u + j, times(dn, r));
      st(dh + j, times(d, z));
    }
    g += 3 * w; u += w; hp += w; dh += w;
    if (dy) dy += w;
  }
}

/**
 * The way back. dy is [T, B, H] with `all steps`, else [B, H] of the last h alone. dwx 0: parameters stand still; dx 0: no gradient of x. `dh` has room for
 * [B, H], `wt` for [3 H, max(H, ldx)].
 */
export function gruBack(
  T: i32, B: i32, I: i32, units: i32, H: i32, x: usize, ldx: i32, wx: usize, wh: usize, g: usize, u: usize, h: usize,
  dy: usize, steps: i32, dwx: usize, db: usize, dwh: usize, dbn: usize, dx: usize, acc: i32, dh: usize, wt: usize,
): void {
  const G = 3 * H, BH = B * H;
  if (steps) memory.fill(dh, 0, <usize>BH << 2);
  else memory.copy(dh, dy, <usize>BH << 2);
  transpose(units, G, wh, G, wt, H);
  for (let t = T - 1; t >= 0; t--) {
    const gt = skip(g, t * B * G), ut = skip(u, t * BH), ht = skip(h, t * BH);
    gruCellBack(B, H, gt, ut, ht, steps ? skip(dy, t * BH) : 0, dh);
    gemm(B, H, 2 * H, gt, G, 1, wt, H, dh, H, 1, 0);
    gemm(B, H, H, ut, H, 1, skip(wt, 2 * H * H), H, dh, H, 1, 0);
    if (dwx) {
      outer(B, G, I, skip(x, t * B * ldx), ldx, gt, G, dwx, G);
      outer(B, 2 * H, units, ht, H, gt, G, dwh, G);
      outer(B, H, units, ht, H, ut, H, skip(dwh, 2 * H), G);
      sumColumns(B, G, gt, G, db);
      sumColumns(B, H, ut, H, dbn);
    }
  }
  if (dx) {
    transpose(I, G, wx, G, wt, ldx);
    gemm(T * B, ldx, G, g, G, 1, wt, ldx, dx, ldx, acc, 0);
  }
}

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

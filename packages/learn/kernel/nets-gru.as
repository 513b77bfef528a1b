// The GRU over whole sequences, time first: x[T, B, I], h[T + 1, B, H], of which the first is the state before. `units` is how many of H are not padding.
// Gates stand as PyTorch has them: reset, update, new. Reset works on the new gate's product of h, bias and all.

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

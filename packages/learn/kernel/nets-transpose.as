// Matrices laid out anew, and sums down their columns.

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

/** o[N] += the sums of G's columns. */
function sumColumns(M: i32, N: i32, G: usize, ldg: i32, o: usize): void {
  const step = <usize>ldg << 2;
  for (let j = 0; j < N; j += 4) {
    let x = ld(skip(o, j)), p = skip(G, j);
    for (let i = 0; i < M; i++) { x = plus(x, ld(p)); p += step; }
    st(skip(o, j), x);
  }
}

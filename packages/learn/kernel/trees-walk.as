// Walks of trees. A node has 16 bytes: threshold (f32), where its right child is (i32; the left one is the next node), its feature's place in bytes (i32), and its value
// (f32). A value below the threshold goes left. A leaf has no number as its threshold, so that nothing goes left of it, and its right child is itself: a walk of any
// length ends there. `src/trees/walk/pack.ts` lays nodes out.
//
// Rows lie in eights, feature after feature: eight rows' values of the first one, eight of the second. So a row's place among them is a constant of the code. Behind the features
// there may be their mirror, each value negated. What is missing (NaN) is below nothing and goes right; a node where it goes left asks the mirror whether -x is below the next number
// above -threshold, which is whether x is at least the threshold, and has its children the other way about.

@inline function featureAt(node: usize): usize { return <usize>load<u32>(node, 8); }

@inline function next(node: usize, value: f32): usize {
  const right = <usize>load<u32>(node, 4);
  // A conditional move takes fewer steps than to make a number of the comparison, and shift and add it.
  return select<usize>(right + 16, right, value < load<f32>(node));
}

@inline function valueAt(node: usize): f32 { return load<f32>(node, 12); }
@inline function isLeaf(node: usize): bool { return <usize>load<u32>(node, 4) == node; }

/** So many levels are walked without a look whether all have come to their leaves. */
const BLIND: i32 = 6;

/** Lays a row out as the first of an eight; with its mirror where there is one. */
export function spread(row: usize, columns: i32, mirrored: i32, to: usize): void {
  const mirror = <usize>columns << 5;
  for (let j = 0; j < columns; j++) {
    const value = load<f32>(row);
    store<f32>(to, value);
    if (mirrored != 0) store<f32>(to + mirror, -value);
    row += 4;
    to += 32;
  }
}

@inline function turn(a: v128, b: v128, c: v128, d: v128, to: usize): void {
  const e = v128.shuffle<f32>(a, b, 0, 4, 1, 5), f = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const g = v128.shuffle<f32>(a, b, 2, 6, 3, 7), h = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<u64>(e, f, 0, 2));
  v128.store(to, v128.shuffle<u64>(e, f, 1, 3), 32);
  v128.store(to, v128.shuffle<u64>(g, h, 0, 2), 64);
  v128.store(to, v128.shuffle<u64>(g, h, 1, 3), 96);
}

/** Lays rows out in eights; with their mirrors where there are any. */
export function layOut(rows: usize, eights: i32, columns: i32, mirrored: i32, to: usize): void {
  const stride = <usize>columns << 2, mirror = <usize>columns << 5;
  for (let i = 0; i < eights; i++) {
    for (let half = 0; half < 2; half++) {
      let a = rows, out = to + (<usize>half << 4), j = 0;
      for (; j + 4 <= columns; j += 4) {
        const w = v128.load(a), x = v128.load(a + stride), y = v128.load(a + 2 * stride), z = v128.load(a + 3 * stride);
        turn(w, x, y, z, out);
        if (mirrored != 0) turn(f32x4.neg(w), f32x4.neg(x), f32x4.neg(y), f32x4.neg(z), out + mirror);
        a += 16;
        out += 128;
      }
      for (; j < columns; j++) {
        for (let k: usize = 0; k < 4; k++) {
          const value = load<f32>(a + k * stride);
          store<f32>(out + (k << 2), value);
          if (mirrored != 0) store<f32>(out + mirror + (k << 2), -value);
        }
        a += 4;
        out += 32;
      }
      rows += 4 * stride;
    }
    to += mirrored != 0 ? 2 * mirror : mirror;
  }
}

/** The sum of the leaves that a row comes to, eight trees side by side; `depths` has the greatest depth of each eight. */
export function walkRow(row: usize, roots: usize, depths: usize, eights: i32, sum: f32): f32 {
  for (let i = 0; i < eights; i++) {
    let a = <usize>load<u32>(roots), b = <usize>load<u32>(roots, 4), c = <usize>load<u32>(roots, 8), d = <usize>load<u32>(roots, 12);
    let e = <usize>load<u32>(roots, 16), f = <usize>load<u32>(roots, 20), g = <usize>load<u32>(roots, 24), h = <usize>load<u32>(roots, 28);
    roots += 32;
    for (let left = load<i32>(depths + (<usize>i << 2)); left > 0; left--) {
      a = next(a, load<f32>(row + featureAt(a)));
          b = next(b, load<f32>(row + featureAt(b)));
          c = next(c, load<f32>(row + featureAt(c)));
          d = next(d, load<f32>(row + featureAt(d)));
      e = next(e, load<f32>(row + featureAt(e)));
          f = next(f, load<f32>(row + featureAt(f)));
          g = next(g, load<f32>(row + featureAt(g)));
          h = next(h, load<f32>(row + featureAt(h)));
    }
    sum += valueAt(a); sum += valueAt(b); sum += valueAt(c); sum += valueAt(d);
    sum += valueAt(e); sum += valueAt(f); sum += valueAt(g); sum += valueAt(h);
  }
  return sum;
}

/**
 * Where four rows stand after three levels, as places of a tree's top: 7 thresholds (f32), 7 features' places (i32), 8 nodes of the fourth level (i32), the rightmost
 * first. All seven comparisons are made for four rows at once, which takes less than three steps of each.
 */
@inline function descend(top: usize, row: usize): v128 {
  const a = f32x4.lt(v128.load(row + <usize>load<u32>(top, 28)), v128.load32_splat(top));
  const b = f32x4.lt(v128.load(row + <usize>load<u32>(top, 32)), v128.load32_splat(top, 4));
  const c = f32x4.lt(v128.load(row + <usize>load<u32>(top, 36)), v128.load32_splat(top, 8));
  const d = f32x4.lt(v128.load(row + <usize>load<u32>(top, 40)), v128.load32_splat(top, 12));
  const e = f32x4.lt(v128.load(row + <usize>load<u32>(top, 44)), v128.load32_splat(top, 16));
  const f = f32x4.lt(v128.load(row + <usize>load<u32>(top, 48)), v128.load32_splat(top, 20));
  const g = f32x4.lt(v128.load(row + <usize>load<u32>(top, 52)), v128.load32_splat(top, 24));
  const second = v128.bitselect(b, c, a);
  const third = v128.bitselect(v128.bitselect(d, e, b), v128.bitselect(f, g, c), a);
  return v128.or(
    v128.and(a, i32x4.splat(16)),
    v128.or(v128.and(second, i32x4.splat(8)), v128.and(third, i32x4.splat(4))),
  );
}

const TOP: usize = 96;

/** Adds the values of four nodes. */
@inline function addFour(out: usize, a: usize, b: usize, c: usize, d: usize): void {
  let values = v128.load32_zero(a, 12);
  values = v128.load_lane<f32>(b, values, 1, 12);
  values = v128.load_lane<f32>(c, values, 2, 12);
  values = v128.load_lane<f32>(d, values, 3, 12);
  v128.store(out, f32x4.add(v128.load(out), values));
}

/** Adds the leaves of `trees` trees to `out`, a number a row, for rows in eights of `size` bytes; `depths` has what of each tree's depth is below its top. */
export function walkRows(rows: usize, eights: i32, size: usize, tops: usize, depths: usize, trees: i32, out: usize): void {
  for (let first = 0; first < eights; first += 8) {
    const last = min(eights, first + 8);
    for (let t = 0; t < trees; t++) {
      const top = tops + <usize>t * TOP;
      const depth = load<i32>(depths + (<usize>t << 2));
      for (let i = first; i < last; i++) {
        const row = rows + <usize>i * size;
        const one = descend(top, row), other = descend(top, row + 16);
        let a = <usize>load<u32>(top + i32x4.extract_lane(one, 0), 56), b = <usize>load<u32>(top + i32x4.extract_lane(one, 1), 56);
        let c = <usize>load<u32>(top + i32x4.extract_lane(one, 2), 56), d = <usize>load<u32>(top + i32x4.extract_lane(one, 3), 56);
        let e = <usize>load<u32>(top + i32x4.extract_lane(other, 0), 56), f = <usize>load<u32>(top + i32x4.extract_lane(other, 1), 56);
        let g = <usize>load<u32>(top + i32x4.extract_lane(other, 2), 56), h = <usize>load<u32>(top + i32x4.extract_lane(other, 3), 56);
        let left = min(depth, BLIND);
        if ((left & 1) != 0) {
          a = next(a, load<f32>(row + featureAt(a))); b = next(b, load<f32>(row + featureAt(b), 4));
          c = next(c, load<f32>(row + featureAt(c), 8)); d = next(d, load<f32>(row + featureAt(d), 12));
          e = next(e, load<f32>(row + featureAt(e), 16)); f = next(f, load<f32>(row + featureAt(f), 20));
          g = next(g, load<f32>(row + featureAt(g), 24)); h = next(h, load<f32>(row + featureAt(h), 28));
        }
        // Two levels a turn: fewer turns, and fewer words moved between registers.
        for (; left > 1; left -= 2) {
          a = next(a, load<f32>(row + featureAt(a))); b = next(b, load<f32>(row + featureAt(b), 4));
          c = next(c, load<f32>(row + featureAt(c), 8)); d = next(d, load<f32>(row + featureAt(d), 12));
          e = next(e, load<f32>(row + featureAt(e), 16)); f = next(f, load<f32>(row + featureAt(f), 20));
          g = next(g, load<f32>(row + featureAt(g), 24)); h = next(h, load<f32>(row + featureAt(h), 28));
          a = next(a, load<f32>(row + featureAt(a))); b = next(b, load<f32>(row + featureAt(b), 4));
          c = next(c, load<f32>(row + featureAt(c), 8)); d = next(d, load<f32>(row + featureAt(d), 12));
          e = next(e, load<f32>(row + featureAt(e), 16)); f = next(f, load<f32>(row + featureAt(f), 20));
          g = next(g, load<f32>(row + featureAt(g), 24)); h = next(h, load<f32>(row + featureAt(h), 28));
        }
        for (left = depth - BLIND; left > 0; left -= 2) {
          // Children lie behind their parents: where the sum stands still, all have arrived.
          const was = a + b + c + d + e + f + g + h;
          a = next(a, load<f32>(row + featureAt(a))); b = next(b, load<f32>(row + featureAt(b), 4));
          c = next(c, load<f32>(row + featureAt(c), 8)); d = next(d, load<f32>(row + featureAt(d), 12));
          e = next(e, load<f32>(row + featureAt(e), 16)); f = next(f, load<f32>(row + featureAt(f), 20));
          g = next(g, load<f32>(row + featureAt(g), 24)); h = next(h, load<f32>(row + featureAt(h), 28));
          a = next(a, load<f32>(row + featureAt(a))); b = next(b, load<f32>(row + featureAt(b), 4));
          c = next(c, load<f32>(row + featureAt(c), 8)); d = next(d, load<f32>(row + featureAt(d), 12));
          e = next(e, load<f32>(row + featureAt(e), 16)); f = next(f, load<f32>(row + featureAt(f), 20));
          g = next(g, load<f32>(row + featureAt(g), 24)); h = next(h, load<f32>(row + featureAt(h), 28));
          if (a + b + c + d + e + f + g + h == was) break;
        }
        const to = out + (<usize>i << 5);
        addFour(to, a, b, c, d);
        addFour(to + 16, e, f, g, h);
      }
    }
  }
}

/**
 * Adds to `out` (f64, one a feature and one a mirrored one) by how much each step of a row's paths moves the value: what a node's value is, is then the mean of the leaves
 * below it, and what is added comes in all to the leaves' sum less the roots'.
 */
export function paths(row: usize, roots: usize, trees: i32, out: usize): void {
  for (let t = 0; t < trees; t++) {
    let node = <usize>load<u32>(roots + (<usize>t << 2));
    while (!isLeaf(node)) {
      const child = next(node, load<f32>(row + featureAt(node)));
      const at = out + (featureAt(node) >> 2);
      store<f64>(at, load<f64>(at) + <f64>valueAt(child) - <f64>valueAt(node));
      node = child;
    }
  }
}

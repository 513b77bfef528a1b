// Splits of random forests. A bin's record holds one sum a class (or the one sum of a regression's values), the sum of weights and the number of rows, f64 each. A row has
// 32 bytes: what it adds (f64), to which sum in bytes (i32), its weight (f64 at 16) and 1 (f64 at 24).

/** Adds each row to its bin's record, and marks the bin as seen. */
@inline function count(hist: usize, seen: usize, record: usize, index: usize, rows: i32, bins: usize, data: usize): void {
  for (let i = 0; i < rows; i++) {
    const row = <usize>load<u32>(index + (<usize>i << 2));
    const bin = <usize>load<u8>(bins + row);
    const from = data + (row << 5), to = hist + bin * record;
    const sum = to + <usize>load<u32>(from, 8), weights = to + record - 16;
    store<f64>(sum, load<f64>(sum) + load<f64>(from));
    v128.store(weights, f64x2.add(v128.load(weights), v128.load(from, 16)));
    store<u8>(seen + bin, 1);
  }
}

/** Sums of squares over weights, both sides; `left` and `all` are records. */
@inline function squares(left: usize, all: usize, sums: usize, wl: f64, wr: f64): f64 {
  let l: f64 = 0, r: f64 = 0;
  for (let c: usize = 0; c < sums; c += 8) {
    const one = load<f64>(left + c), other = load<f64>(all + c) - one;
    l += one * one;
    r += other * other;
  }
  return l / wl + r / wr;
}

/** The natural logarithm of a positive number. The one of the library keeps a table where the arena is. */
function ln(x: f64): f64 {
  const bits = reinterpret<u64>(x);
  let power = <i64>(bits >> 52) - 1023;
  let part = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
  if (part > 1.4142135623730951) {
    part *= 0.5;
    power++;
  }
  // ln m = 2 artanh((m - 1) / (m + 1)), whose argument is at most .172.
  const s = (part - 1) / (part + 1), square = s * s;
  let sum: f64 = 0;
  for (let odd: f64 = 21; odd > 0; odd -= 2) sum = sum * square + 1 / odd;
  return 2 * s * sum + <f64>power * 0.6931471805599453;
}

@inline function information(x: f64): f64 { return x > 0 ? x * ln(x) : 0; }

/** Less the sides' entropies, weighted. */
@inline function entropies(left: usize, all: usize, sums: usize, wl: f64, wr: f64): f64 {
  let sum = -information(wl) - information(wr);
  for (let c: usize = 0; c < sums; c += 8) {
    const one = load<f64>(left + c);
    sum += information(one) + information(load<f64>(all + c) - one);
  }
  return sum;
}

/**
 * The best cut of a node in one feature. `record` is a record's bytes; `hist` (256 records), `seen` (256 bytes) and `left` (one record) are zero before and after; `all` has
 * the node's sums. Gives the score where it is above `best`, and else `best`; `out` has then the record on the left, and behind it the last bin (f64). `spread` gets how many bins
 * were seen.
 */
export function forestSplit(
  hist: usize, seen: usize, left: usize, record: usize, index: usize, rows: i32, bins: usize, data: usize, all: usize,
  least: f64, entropy: i32, best: f64, out: usize, spread: usize,
): f64 {
  count(hist, seen, record, index, rows, bins, data);
  const sums = record - 16;
  const weight = load<f64>(all + sums), size = <f64>rows;
  let before = -1, different = 0;
  for (let word = 0; word < 256; word += 8) {
    let bits = load<u64>(seen + <usize>word);
    if (bits == 0) continue;
    store<u64>(seen + <usize>word, 0);
    for (; bits != 0; bits &= bits - 1) {
      const bin = word + (<i32>ctz(bits) >> 3);
      if (before >= 0) {
        const below = load<f64>(left + sums + 8);
        if (below >= least && size - below >= least) {
          const wl = load<f64>(left + sums), wr = weight - wl;
          const score = entropy != 0 ? entropies(left, all, sums, wl, wr) : squares(left, all, sums, wl, wr);
          if (score > best) {
            best = score;
            memory.copy(out, left, record);
            // Half way between the bins that are there.
            store<f64>(out + record, <f64>((before + bin - 1) >> 1));
          }
        }
      }
      const at = hist + <usize>bin * record;
      for (let c: usize = 0; c < record; c += 8) {
        store<f64>(left + c, load<f64>(left + c) + load<f64>(at + c));
        store<f64>(at + c, 0);
      }
      before = bin;
      different++;
    }
  }
  memory.fill(left, 0, record);
  store<i32>(spread, different);
  return best;
}

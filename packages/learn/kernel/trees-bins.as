// Sorted columns, bins, and rows sorted by them into the two children of a node.

@inline function keyOf(bits: u32): u32 { return bits ^ (<u32>(<i32>bits >> 31) | 0x80000000); }
@inline function bitsOf(key: u32): u32 { return key ^ (<u32>(~(<i32>key >> 31)) | 0x80000000); }

/** One round of a radix sort, by the 11 bits from `shift` on. */
function sortRound(from: usize, to: usize, count: i32, counts: usize, shift: u32): void {
  memory.fill(counts, 0, 8192);
  for (let i = 0; i < count; i++) {
    const at = counts + (<usize>((load<u32>(from + (<usize>i << 2)) >> shift) & 2047) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
  let sum: u32 = 0;
  for (let at = counts; at < counts + 8192; at += 4) {
    const held = load<u32>(at);
    store<u32>(at, sum);
    sum += held;
  }
  for (let i = 0; i < count; i++) {
    const key = load<u32>(from + (<usize>i << 2));
    const at = counts + (<usize>((key >> shift) & 2047) << 2);
    const place = load<u32>(at);
    store<u32>(at, place + 1);
    store<u32>(to + (<usize>place << 2), key);
  }
}

/** Sorts numbers, none of which is missing; `other` has room for as many, `counts` 8192 bytes. The result is in `other`. */
export function sortFloats(at: usize, other: usize, count: i32, counts: usize): void {
  for (let i: usize = 0; i < <usize>count << 2; i += 4) store<u32>(at + i, keyOf(load<u32>(at + i)));
  sortRound(at, other, count, counts, 0);
  sortRound(other, at, count, counts, 11);
  sortRound(at, other, count, counts, 22);
  for (let i: usize = 0; i < <usize>count << 2; i += 4) store<u32>(other + i, bitsOf(load<u32>(other + i)));
}

@inline function halve(cuts: usize, low: usize, half: usize, value: f32): usize {
  return low + <usize>(load<f32>(cuts + ((low + half - 1) << 2)) <= value) * half;
}

/** Writes for each number how many of 256 cuts (the last ones infinite) are at most it, a byte in each `stride` bytes; `none` where it is missing. */
export function bin(values: usize, count: i32, cuts: usize, out: usize, stride: usize, none: u32): void {
  for (let i = 0; i < count; i++) {
    const value = load<f32>(values + (<usize>i << 2));
    let low = halve(cuts, 0, 128, value);
    low = halve(cuts, low, 64, value);
    low = halve(cuts, low, 32, value);
    low = halve(cuts, low, 16, value);
    low = halve(cuts, low, 8, value);
    low = halve(cuts, low, 4, value);
    low = halve(cuts, low, 2, value);
    low = halve(cuts, low, 1, value);
    store<u8>(out, value != value ? none : <u32>low);
    out += stride;
  }
}

/** Puts the rows whose bin is at most `last`, or is `none`, in front of the others, both in their order; gives how many they are. */
export function partition(index: usize, count: i32, bins: usize, stride: usize, last: u32, none: u32, scratch: usize): i32 {
  let left = index, right = scratch;
  for (let i = 0; i < count; i++) {
    const row = load<u32>(index + (<usize>i << 2));
    const its = <u32>load<u8>(bins + <usize>row * stride);
    const goes = <usize>(i32(its <= last) | i32(its == none));
    store<u32>(left, row);
    store<u32>(right, row);
    left += goes << 2;
    right += (1 - goes) << 2;
  }
  memory.copy(left, scratch, right - scratch);
  return <i32>((left - index) >> 2);
}

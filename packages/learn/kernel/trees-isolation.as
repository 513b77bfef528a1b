// Growing isolation trees: the range of a column among some rows, and those rows parted by a threshold.

/** The least and the greatest value of rows in a column (f32 each) to `out`; the least above the greatest where all are missing. */
export function range(values: usize, index: usize, count: i32, out: usize): void {
  let low: f32 = f32.MAX_VALUE, high: f32 = -f32.MAX_VALUE;
  for (const end = index + (<usize>count << 2); index < end; index += 4) {
    const value = load<f32>(values + (<usize>load<u32>(index) << 2));
    low = value < low ? value : low;
    high = value > high ? value : high;
  }
  store<f32>(out, low);
  store<f32>(out, high, 4);
}

/**
 * Puts rows whose value is below a threshold in front of the others, both in their order; gives how many they are. What is missing goes where most rows go; `out` (i32) says
 * whether that is the left.
 */
export function divide(values: usize, index: usize, count: i32, threshold: f32, scratch: usize, out: usize): i32 {
  const end = index + (<usize>count << 2);
  let left = index, right = scratch, missing: usize = 0;
  for (let at = index; at < end; at += 4) {
    const row = load<u32>(at), value = load<f32>(values + (<usize>row << 2));
    const goes = <usize>(value < threshold);
    missing += <usize>(value != value);
    store<u32>(left, row);
    store<u32>(right, row);
    left += goes << 2;
    right += (1 - goes) << 2;
  }
  memory.copy(left, scratch, right - scratch);
  const below = (left - index) >> 2, above = ((end - left) >> 2) - missing;
  store<i32>(out, i32(below > above));
  if (missing == 0 || below <= above) return <i32>below;
  right = scratch;
  for (let at = left; at < end; at += 4) {
    const row = load<u32>(at), value = load<f32>(values + (<usize>row << 2));
    const goes = <usize>(value != value);
    store<u32>(left, row);
    store<u32>(right, row);
    left += goes << 2;
    right += (1 - goes) << 2;
  }
  memory.copy(left, scratch, right - scratch);
  return <i32>((left - index) >> 2);
}

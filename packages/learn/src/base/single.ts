/** No number that is learned from or told of may be beyond it: behind it there is room for one that is still of single precision. */
export const GREATEST = 3e38

const float = new Float32Array(1)
const bits = new Int32Array(float.buffer)

/** The next number of single precision above a finite one of such. */
export function nextAbove(value: number): number {
  // Adding 0 makes one zero of both.
  float[0] = value + 0
  bits[0]! += value < 0 ? -1 : 1
  return float[0]!
}

/** Which of a row's `count` numbers is the largest, the first of those that are alike; they begin at `from`. */
export function likeliest(numbers: Float32Array, from = 0, count = numbers.length): number {
  let most = 0
  for (let k = 1; k < count; k++) if (numbers[from + k]! > numbers[from + most]!) most = k
  return most
}

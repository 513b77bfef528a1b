/** Where the largest of `count` numbers from place `from` on stands, counted from there: the first of those that are alike; -1 of nothing. */
export function largest(numbers: ArrayLike<number>, from = 0, count = numbers.length - from): number {
  let place = count > 0 ? 0 : -1
  for (let i = 1; i < count; i++) if (numbers[from + i]! > numbers[from + place]!) place = i
  return place
}

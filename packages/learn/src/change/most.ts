/** Where the greatest value stands, the first one of equals; -1 of nothing. Spread out as arguments, many values would overflow the stack. */
export function placeOfMost(values: readonly number[]): number {
  let place = -1
  for (let i = 0; i < values.length; i++) if (place < 0 || values[i]! > values[place]!) place = i
  return place
}

/** A seeded generator of numbers in [0, 1): mulberry32, so that an order can be repeated. */
export function seeded(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** A copy of `items` in the order that `random` draws (Fisher and Yates). */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const order = [...items]
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    const held = order[last]!
    order[last] = order[other]!
    order[other] = held
  }
  return order
}

/** What a bench measures in turns. */
export interface Contender {
  readonly name: string
}

/**
 * Measures every contender once a round, each round in a newly shuffled order, so that a slow minute of the machine
 * falls on all alike. A first round, given as number -1, warms up and is thrown away.
 */
export async function inTurns<C extends Contender, R>(
  contenders: readonly C[],
  rounds: number,
  seed: number,
  measure: (contender: C, round: number) => Promise<R>,
): Promise<Map<string, R[]>> {
  const random = seeded(seed)
  const results = new Map<string, R[]>(contenders.map(contender => [contender.name, []]))
  for (let round = -1; round < rounds; round++) {
    for (const contender of shuffled(contenders, random)) {
      const result = await measure(contender, round)
      if (round >= 0) results.get(contender.name)!.push(result)
    }
  }
  return results
}

/** A seeded generator: the same seed gives the same numbers on every machine. */
export interface Random {
  /** In [0, 1), with 32 bits. */
  next(): number
  /** A whole number in [0, below). */
  below(below: number): number
  /** Of the standard normal distribution. */
  normal(): number
}

/** mulberry32. Each part of a model takes its own generator, so that one part's draws do not move another's. */
export function randomOf(seed: number): Random {
  let state = seed | 0
  let spare: number | null = null
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const normal = (): number => {
    if (spare !== null) {
      const held = spare
      spare = null
      return held
    }
    // Box and Muller; 1 - next() is never 0.
    const radius = Math.sqrt(-2 * Math.log(1 - next()))
    const angle = 2 * Math.PI * next()
    spare = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }
  return { next, below: below => Math.floor(next() * below), normal }
}

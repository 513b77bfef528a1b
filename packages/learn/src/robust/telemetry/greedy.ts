import { type Episode, Mouth } from './episode.ts'

/** Halvings of a step's line search. */
const HALVINGS = 4

/**
 * The greedy spoofer: at each row as far as the score allows, by a line search over the reading, up to `target`. What further sensors say goes along by `shares`.
 * @returns the largest error that was held for the episode's rows without an alarm, in the sensor's unit
 */
export function greedy(episode: Episode, target: number, shares: readonly number[]): number {
  const { sensors, direction, approach, hold } = episode
  const process = episode.process.copy()
  const watch = episode.watch.copy()
  const mouth = new Mouth(sensors, episode.last)
  const main = sensors[0].column
  const errors: number[] = []
  for (let row = 0; row < approach + hold; row++) {
    const said = process.advance(values => {
      const honest = sensors.map(({ column }) => values[column])
      const truth = process.truth(main)
      const wanted = (i: number, offset: number): number =>
        i === 0 ? truth + direction * offset : honest[i] + direction * offset * shares[i - 1]
      const passes = (offset: number): boolean => {
        for (const [i, { column }] of sensors.entries()) values[column] = mouth.allowed(i, wanted(i, offset))
        return watch.copy().push(values) <= 1
      }
      let best = target
      if (!passes(target)) {
        let low = 0
        let high = target
        for (let i = 0; i < HALVINGS; i++) {
          const middle = (low + high) / 2
          if (passes(middle)) low = middle
          else high = middle
        }
        best = low
      }
      for (const i of sensors.keys()) mouth.say(values, i, wanted(i, best))
    })
    if (watch.push(said) > 1) break
    errors.push(direction * (said[main] - process.truth(main)))
  }
  let held = 0
  for (let end = hold; end <= errors.length; end++) held = Math.max(held, Math.min(...errors.slice(end - hold, end)))
  return held
}

import { LearnError } from '../../base/error.ts'

/** Refuses what is no size. Error: `shape_wrong`. */
export function checkSizes(sizes: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(sizes)) {
    if (!Number.isInteger(value) || value < 1 || value > 65_536)
      throw new LearnError('shape_wrong', `${name} is a whole number from 1 to 65,536, not ${value}`)
  }
}

/** Refuses what is no share that can be dropped. Error: `shape_wrong`. */
export function checkDropout(rate: number): void {
  if (!(rate >= 0 && rate < 1)) throw new LearnError('shape_wrong', `dropout is a share below 1, not ${rate}`)
}

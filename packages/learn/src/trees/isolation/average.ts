const EULER = 0.5772156649015329

/** The mean length of the path of a search without success in a binary tree of so many values: c(n) of Liu, Ting and Zhou 2008, equation 1. */
export function averagePath(values: number): number {
  if (values <= 1) return 0
  if (values === 2) return 1
  return 2 * (Math.log(values - 1) + EULER) - (2 * (values - 1)) / values
}

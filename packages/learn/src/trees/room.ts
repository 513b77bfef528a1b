import { LearnError } from '../base/error.ts'
import { Arena } from '../kernels/arena.ts'

/** A memory of WebAssembly is no larger. */
export const MOST_BYTES = 2 ** 32 - 2 ** 16

/** An arena of its own for a fit or a model. Error: `table_too_large` where there is no such memory to be had. */
export function roomFor(bytes: number): Arena {
  const tooLarge = (why: string): LearnError =>
    new LearnError('table_too_large', `${Math.ceil(bytes / 2 ** 20)} MiB are needed to work in: ${why}`)
  if (!(bytes < MOST_BYTES))
    throw tooLarge('a WebAssembly memory has 4 GiB at most; take fewer rows, columns or levels')
  try {
    return new Arena(bytes)
  } catch (error) {
    throw tooLarge((error as Error).message)
  }
}

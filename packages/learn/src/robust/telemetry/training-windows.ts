import { LearnError } from '../../base/error.ts'
import { type Matrix, rowsOf } from '../../base/matrix.ts'
import type { Random } from '../../base/random.ts'
import type { Samples } from '../../nets/index.ts'

/** Windows, each in a place of its own, and what should come out: the row itself, or the row behind. */
export interface Windows {
  readonly inputs: Samples
  readonly targets: Samples
}

/** Most numbers in the windows of a training: 32 MiB. Adversarial training takes up to five times as much, whatever the table: the windows, those moved, what was said, the gradient, and those with a sensor hidden. */
const MOST_NUMBERS = 2 ** 23

/** Cuts each `stride`-th window of `steps` rows, or fewer where that would be more numbers than are held at once. Error: `rows_too_few`. */
export function cutWindows(
  pieces: readonly Matrix[],
  steps: number,
  ahead: boolean,
  stride: number,
  most = MOST_NUMBERS,
): Windows {
  const columns = pieces[0]?.columns ?? 0
  const size = steps * columns
  const countOf = (piece: Matrix, every: number): number =>
    Math.max(0, Math.floor((piece.rows - steps - Number(ahead)) / every) + 1)
  const all = (every: number): number => pieces.reduce((sum, piece) => sum + countOf(piece, every), 0)
  const every = stride * Math.max(1, Math.ceil((all(stride) * size) / most))
  const count = all(every)
  if (count === 0) throw new LearnError('rows_too_few', `no stretch of rows is as long as ${steps}`)
  const inputs = samplesOf(count, steps, columns)
  const targets = samplesOf(count, 1, columns)
  let at = 0
  for (const piece of pieces)
    for (let i = 0; i < countOf(piece, every); i++, at++) {
      const row = i * every
      const last = row + steps - 1 + Number(ahead)
      inputs.data.set(rowsOf(piece, row, row + steps).data, at * size)
      targets.data.set(rowsOf(piece, last, last + 1).data, at * columns)
    }
  return { inputs, targets }
}

/** The windows, with one of the columns drawn for each and put to its mean, which is 0. */
export function withHidden(inputs: Samples, places: readonly number[], random: Random): Samples {
  const { starts, steps, columns } = inputs
  const data = inputs.data.slice()
  for (const start of starts) {
    const place = places[random.below(places.length)]
    for (let step = 0; step < steps; step++) data[start + step * columns + place] = 0
  }
  return { ...inputs, data }
}

function samplesOf(count: number, steps: number, columns: number): Samples {
  const size = steps * columns
  const starts = Uint32Array.from({ length: count }, (_, i) => i * size)
  return { data: new Float32Array(count * size), starts, steps, columns }
}

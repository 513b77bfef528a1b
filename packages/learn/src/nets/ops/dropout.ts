import type { Tape, Value } from '../tape.ts'

/** Drops a share of the numbers and makes the others larger by as much, in training; else x itself. */
export function dropout(tape: Tape, x: Value, rate: number): Value {
  if (rate === 0 || !tape.mode.drops) return x
  const { kernels } = tape
  const count = x.rows * x.width
  const y = tape.result(x.rows, x.columns, x.width)
  const mask = tape.floats(count)
  const { draws } = tape.places
  const link = tape.take(x)
  tape.record(
    () => kernels.dropout(count, rate, x.at, mask, y.at, draws),
    () => {
      if (x.gradient !== 0) kernels.multiply(count, mask, y.gradient, x.gradient, link.accumulate)
    },
  )
  return y
}

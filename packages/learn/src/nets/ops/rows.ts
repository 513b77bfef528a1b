import type { Parameter } from '../parameters.ts'
import type { Tape, Value } from '../tape.ts'

const FLOAT = Float32Array.BYTES_PER_ELEMENT

/** The sum of two values of one shape. */
export function add(tape: Tape, a: Value, b: Value): Value {
  const { kernels } = tape
  const count = a.rows * a.width
  const y = tape.result(a.rows, a.columns, a.width)
  const links = [a, b].map(value => ({ value, link: tape.take(value) }))
  tape.record(
    () => kernels.add(count, a.at, b.at, y.at),
    () => {
      for (const { value, link } of links) {
        if (value.gradient !== 0) kernels.pass(count, y.gradient, value.gradient, link.accumulate)
      }
    },
  )
  return y
}

/** x with a table of `steps` rows, which is not learned, added to each sample; row i * steps + t is step t of sample i. */
export function addTable(tape: Tape, x: Value, table: Parameter, steps: number): Value {
  const { kernels } = tape
  const count = steps * x.width
  const batch = x.rows / steps
  const y = tape.result(x.rows, x.columns, x.width)
  const at = tape.parameter(table)
  const link = tape.take(x)
  tape.record(
    () => kernels.addRepeated(batch, count, x.at, at, y.at),
    () => {
      if (x.gradient !== 0) kernels.pass(batch * count, y.gradient, x.gradient, link.accumulate)
    },
  )
  return y
}

/** A sample's row, once for each step: row i becomes the rows t * batch + i. */
export function repeat(tape: Tape, x: Value, steps: number): Value {
  const { kernels } = tape
  const count = x.rows * x.width
  const y = tape.result(steps * x.rows, x.columns, x.width)
  const link = tape.take(x)
  tape.record(
    () => kernels.repeat(steps, count, x.at, y.at),
    () => {
      if (x.gradient !== 0) kernels.sumRepeated(steps, count, y.gradient, x.gradient, link.accumulate)
    },
  )
  return y
}

/** The last of every `steps` rows. */
export function last(tape: Tape, x: Value, steps: number): Value {
  const { kernels } = tape
  const batch = x.rows / steps
  const stride = steps * x.width
  const behind = (steps - 1) * x.width * FLOAT
  const y = tape.result(batch, x.columns, x.width)
  const link = tape.take(x)
  tape.record(
    () => kernels.copyRows(batch, x.width, x.at + behind, stride, y.at, x.width, 0),
    () => {
      if (x.gradient === 0) return
      if (link.accumulate === 0) kernels.zero(x.rows * x.width, x.gradient)
      kernels.copyRows(batch, x.width, y.gradient, x.width, x.gradient + behind, stride, 1)
    },
  )
  return y
}

import { padded } from '../kernels.ts'
import type { Tape, Value } from '../tape.ts'

/** What attention is over: row i * steps + t is step t of sample i. */
export interface AttentionShape {
  readonly batch: number
  readonly steps: number
  readonly heads: number
}

/**
 * softmax(Q K' / sqrt(d)) V for all heads.
 * @param x rows of three times `heads` groups of d floats, each padded: queries, keys, values
 * @returns rows of `heads` groups of d floats, each padded
 */
export function attend(tape: Tape, x: Value, { batch, steps, heads }: AttentionShape): Value {
  const { kernels } = tape
  const columns = x.columns / 3
  const size = columns / heads
  const width = padded(size)
  const scale = 1 / Math.sqrt(size)
  const y = tape.result(x.rows, columns, heads * width)
  const shares = tape.floats(batch * heads * steps * padded(steps))
  const transposed = tape.floats(width * padded(steps))
  const scratch = y.gradient === 0 ? 0 : tape.floats(steps * padded(steps))
  // All of x's gradient is written: the layer that made x for this has no other use for it.
  tape.take(x)
  tape.record(
    () => kernels.attention(batch, steps, heads, width, scale, x.at, shares, y.at, transposed),
    () =>
      kernels.attentionBack(
        batch,
        steps,
        heads,
        width,
        scale,
        x.at,
        shares,
        y.gradient,
        x.gradient,
        scratch,
        transposed,
      ),
  )
  return y
}

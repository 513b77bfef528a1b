import { padded } from '../kernels.ts'
import type { Tape, Value } from '../tape.ts'

const FLOAT = Float32Array.BYTES_PER_ELEMENT

/** What attention is over: row i * steps + t is step t of sample i. */
export interface AttentionShape {
  readonly batch: number
  readonly steps: number
  readonly heads: number
}

/** Where queries, keys and values lie, and their gradients. */
interface Parts {
  readonly queries: number
  readonly columns: number
  readonly q: number
  readonly dq: number
  readonly ldq: number
  readonly kv: number
  readonly dkv: number
  readonly ldkv: number
}

/**
 * softmax(Q K' / sqrt(d)) V for all heads, with a query of every step.
 * @param x rows of three times `heads` groups of d floats, each padded: queries, keys, values
 * @returns rows of `heads` groups of d floats, each padded
 */
export function attend(tape: Tape, x: Value, shape: AttentionShape): Value {
  const third = (x.width / 3) * FLOAT
  tape.take(x)
  return record(tape, shape, {
    queries: shape.steps,
    columns: x.columns / 3,
    q: x.at,
    dq: x.gradient,
    ldq: x.width,
    kv: x.at + third,
    dkv: x.gradient === 0 ? 0 : x.gradient + third,
    ldkv: x.width,
  })
}

/** The same with one query a sample. @param q a row a sample. @param kv rows of twice `heads` groups: keys, values */
export function attendOnce(tape: Tape, q: Value, kv: Value, shape: AttentionShape): Value {
  tape.take(q)
  tape.take(kv)
  return record(tape, shape, {
    queries: 1,
    columns: q.columns,
    q: q.at,
    dq: q.gradient,
    ldq: q.width,
    kv: kv.at,
    dkv: kv.gradient,
    ldkv: kv.width,
  })
}

/** All of the parts' gradients is written: the layer that made them for this has no other use for them. */
function record(tape: Tape, { batch, steps, heads }: AttentionShape, parts: Parts): Value {
  const { kernels } = tape
  const { queries, columns, q, dq, ldq, kv, dkv, ldkv } = parts
  const size = columns / heads
  const width = padded(size)
  const scale = 1 / Math.sqrt(size)
  const y = tape.result(batch * queries, columns, heads * width)
  const shares = tape.floats(batch * heads * queries * padded(steps))
  const transposed = tape.floats(width * padded(steps))
  const scratch = y.gradient === 0 ? 0 : tape.floats(queries * padded(steps))
  tape.record(
    () => kernels.attention(batch, queries, steps, heads, width, scale, q, ldq, kv, ldkv, shares, y.at, transposed),
    () =>
      kernels.attentionBack(
        batch,
        queries,
        steps,
        heads,
        width,
        scale,
        q,
        ldq,
        kv,
        ldkv,
        shares,
        y.gradient,
        dq,
        dkv,
        scratch,
        transposed,
      ),
  )
  return y
}

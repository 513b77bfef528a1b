import type { Matrix } from '../../base/matrix.ts'
import type { Judged } from '../../ensemble/index.ts'

/** What is said of rows, and how rare such rows are among normal ones: as many numbers, or none. */
interface Block extends Judged {
  readonly unseen: Float64Array
}

/** Each row is compared with thousands of others: a block takes some tenths of a second. */
const ROWS = 512

/** Judges rows block by block, so that somebody can be told how far it is; what is said of a row does not hang on others. @param progress from 0 to 1 */
export function judgedInBlocks(x: Matrix, progress: (done: number) => void, judge: (block: Matrix) => Block): Block {
  const parts: Block[] = []
  for (let from = 0; from < x.rows || parts.length === 0; from += ROWS) {
    const to = Math.min(x.rows, from + ROWS)
    parts.push(judge({ ...x, rows: to - from, data: x.data.subarray(from * x.columns, to * x.columns) }))
    progress(x.rows === 0 ? 1 : to / x.rows)
  }
  const joined = <A extends Float32Array | Float64Array | Int32Array>(
    Numbers: new (length: number) => A,
    of: (part: Block) => A,
  ): A => {
    const all = new Numbers(parts.reduce((sum, part) => sum + of(part).length, 0))
    let at = 0
    for (const part of parts) {
      all.set(of(part), at)
      at += of(part).length
    }
    return all
  }
  const { columns } = parts[0]!.probabilities
  return {
    probabilities: { rows: x.rows, columns, data: joined(Float32Array, part => part.probabilities.data) },
    predicted: joined(Int32Array, part => part.predicted),
    doubt: joined(Float64Array, part => part.doubt),
    reasons: parts.flatMap(({ reasons }) => reasons),
    unseen: joined(Float64Array, part => part.unseen),
  }
}
